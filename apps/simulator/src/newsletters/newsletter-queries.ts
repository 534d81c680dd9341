import { QueryIds, XWAPaths } from '@whiskeysockets/baileys/lib/Types/Mex.js';
import type { Mex } from '../mex/mex.js';
import { nested, optionalText, requiredText } from '../mex/variables.js';
import type { Variables } from '../mex/variables.js';
import type { Account } from '../world/account.js';
import type { Companion } from '../world/companion.js';
import type { Directory } from '../world/directory.js';
import type { Pictures } from '../pictures/pictures.js';
import { IqError } from '../world/refusal.js';
import type { Editorship } from './editorship.js';
import { newsletterJson } from './newsletter-json.js';
import type { Newsletter, NewsletterSettings, ReactionCodes } from './newsletter.js';
import type { Newsletters } from './newsletters.js';

const UPDATE_PATH = 'xwa2_newsletter_update';
/** Lists what an account follows; asked by official clients alone. */
const SUBSCRIBED = { id: '6388546374527196', path: 'xwa2_newsletter_subscribed' };
const reactionCodes = new Set<string>(['ALL', 'BASIC', 'NONE'] satisfies ReactionCodes[]);

/** What the queries work on. */
export interface NewsletterOffice {
  newsletters: Newsletters;
  editorship: Editorship;
  directory: Directory;
  pictures: Pictures;
}

/** The GraphQL-like operations about newsletters. */
export function answerNewsletterQueries(mex: Mex, office: NewsletterOffice): void {
  const { newsletters, editorship, pictures } = office;
  const described = (newsletter: Newsletter, reader: Account) =>
    newsletterJson(newsletter, reader, pictures.find(newsletter));
  mex.on(QueryIds.CREATE, XWAPaths.xwa2_newsletter_create, ({ account }, variables) => {
    const input = nested(variables, 'input');
    const settings = { name: requiredText(input, 'name'), description: optionalText(input, 'description') };
    return described(newsletters.create(account, settings), account);
  });
  mex.on(QueryIds.METADATA, XWAPaths.xwa2_newsletter_metadata, ({ account }, variables) => {
    const input = nested(variables, 'input');
    const key = requiredText(input, 'key');
    const isInvite = requiredText(input, 'type') === 'INVITE';
    return described(isInvite ? newsletters.withInvite(key) : newsletters.get(key), account);
  });
  mex.on(QueryIds.UPDATE_METADATA, UPDATE_PATH, async ({ account }, variables) => {
    const newsletter = named(office, variables);
    newsletter.mustBeRunBy(account);
    await editorship.configure(newsletter, settingsIn(nested(variables, 'updates')));
    return described(newsletter, account);
  });
  mex.on(QueryIds.SUBSCRIBERS, XWAPaths.xwa2_newsletter_subscribers, ({ account }, variables) => {
    const newsletter = named(office, variables);
    newsletter.mustBeRunBy(account);
    return { subscribers: newsletter.followerCount };
  });
  mex.on(QueryIds.ADMIN_COUNT, XWAPaths.xwa2_newsletter_admin_count, (_from, variables) => {
    const newsletter = named(office, variables);
    return { id: newsletter.jid, admin_count: 1 + newsletter.admins.size };
  });
  mex.on(SUBSCRIBED.id, SUBSCRIBED.path, ({ account }) =>
    newsletters.all
      .filter(({ followers }) => followers.has(account))
      .map((newsletter) => described(newsletter, account)),
  );
  answerOwnership(mex, office);
  answerFollowing(mex, office);
}

function answerOwnership(mex: Mex, office: NewsletterOffice): void {
  const { editorship } = office;
  mex.on(QueryIds.CHANGE_OWNER, XWAPaths.xwa2_newsletter_change_owner, ({ account }, variables) => {
    const newsletter = named(office, variables);
    editorship.changeOwner(newsletter, account, userIn(office, variables));
    return { id: newsletter.jid };
  });
  mex.on(QueryIds.DEMOTE, XWAPaths.xwa2_newsletter_demote, ({ account }, variables) => {
    const newsletter = named(office, variables);
    editorship.demote(newsletter, account, userIn(office, variables));
    return { id: newsletter.jid };
  });
  mex.on(QueryIds.DELETE, XWAPaths.xwa2_newsletter_delete_v2, (from, variables) => {
    const newsletter = named(office, variables);
    newsletter.mustBeOwnedBy(from.account);
    editorship.remove(newsletter, from);
    return { id: newsletter.jid, state: { type: 'DELETED' } };
  });
}

function answerFollowing(mex: Mex, office: NewsletterOffice): void {
  const { editorship } = office;
  const onOwn = (id: string, path: string, change: (newsletter: Newsletter, from: Companion) => void) =>
    mex.on(id, path, (from, variables) => {
      const newsletter = named(office, variables);
      change(newsletter, from);
      return { id: newsletter.jid, state: { type: 'ACTIVE' } };
    });
  onOwn(QueryIds.FOLLOW, XWAPaths.xwa2_newsletter_join_v2, (newsletter, from) =>
    editorship.follow(newsletter, from.account, from),
  );
  onOwn(QueryIds.UNFOLLOW, XWAPaths.xwa2_newsletter_leave_v2, (newsletter, from) =>
    editorship.unfollow(newsletter, from.account, from),
  );
  onOwn(QueryIds.MUTE, XWAPaths.xwa2_newsletter_mute_v2, (newsletter, from) =>
    editorship.mute(newsletter, from.account, true, from),
  );
  onOwn(QueryIds.UNMUTE, XWAPaths.xwa2_newsletter_unmute_v2, (newsletter, from) =>
    editorship.mute(newsletter, from.account, false, from),
  );
}

function named({ newsletters }: NewsletterOffice, variables: Variables): Newsletter {
  return newsletters.get(requiredText(variables, 'newsletter_id'));
}

function userIn({ directory }: NewsletterOffice, variables: Variables): Account {
  const user = directory.findByJid(requiredText(variables, 'user_id'));
  if (!user) throw new IqError(404, 'Not Found: no such user');
  return user;
}

function settingsIn(updates: Variables): NewsletterSettings {
  const picture = optionalText(updates, 'picture');
  const codes = optionalText(nested(nested(updates, 'settings'), 'reaction_codes'), 'value');
  if (codes !== undefined && !reactionCodes.has(codes)) throw new IqError(400, 'Bad Request: unknown reaction codes');
  return {
    name: optionalText(updates, 'name'),
    description: optionalText(updates, 'description'),
    picture: picture === undefined ? undefined : Buffer.from(picture, 'base64'),
    reactionCodes: codes as ReactionCodes | undefined,
  };
}
