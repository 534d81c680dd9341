import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';
import { notFound } from '@app/platform/errors/app-error.js';
import { toJid } from '../map/jid.js';
import { type NewsletterFacts, type NewsletterJson, readNewsletter } from '../map/newsletter.js';
import { askMex, type MexQuery, newsletterQueries } from './mex.js';
import { askNewsletter, type Wish } from './newsletter-failure.js';
import { NewsletterPostsApi } from './newsletter-posts.js';

/** What can be changed of a newsletter; absent fields stay. */
export interface NewsletterChanges {
  name?: string;
  description?: string;
  /** `all`, `basic`, `none`. */
  reactions?: string;
  /** A JPEG in base64; empty removes it. */
  picture?: string;
}

/** The notice that an account has to accept before it may create newsletters. */
export interface Terms {
  noticeId: string;
  stage: string;
}

const FOR_ADMINS = 'Only admins of the newsletter do that.';
const FOR_THE_OWNER = 'Only the owner of the newsletter does that.';
const FOR_FOLLOWERS = 'Only who follows the newsletter does that.';

/** What can be done with newsletters over one connection, but for their posts. */
export class NewslettersApi {
  readonly posts: NewsletterPostsApi;

  constructor(private readonly socket: WASocket) {
    this.posts = new NewsletterPostsApi(socket);
  }

  async create(name: string, description: string | undefined): Promise<NewsletterFacts> {
    const variables = { input: { name, description: description ?? null } };
    const may = 'WhatsApp does not let this account create newsletters; it may have to accept the terms first.';
    return this.facts(newsletterQueries.create, variables, { of: '', may, pointer: '/name' });
  }

  async update(newsletterId: string, { reactions, ...changes }: NewsletterChanges): Promise<NewsletterFacts> {
    const settings = reactions === undefined ? null : { reaction_codes: { value: reactions.toUpperCase() } };
    const variables = { newsletter_id: newsletterId, updates: { ...changes, settings } };
    return this.facts(newsletterQueries.update, variables, { of: newsletterId, may: FOR_ADMINS });
  }

  /** By its address, or by its invite code. */
  async info(type: 'jid' | 'invite', key: string): Promise<NewsletterFacts> {
    const input = { key, type: type.toUpperCase() };
    const wanted = { fetch_creation_time: true, fetch_full_image: true, fetch_viewer_metadata: true };
    return this.facts(newsletterQueries.info, { ...wanted, input }, { of: key });
  }

  /** Whether the account is its owner, or one of its admins. */
  async isAdmin(newsletterId: string): Promise<boolean> {
    const { role } = await this.info('jid', newsletterId);
    return role === 'owner' || role === 'admin';
  }

  /** All that the account follows. Not confirmed on the production network. */
  async followed(): Promise<NewsletterFacts[]> {
    const found = askMex<NewsletterJson[]>(this.socket, newsletterQueries.followed, {});
    const rows = await askNewsletter(found, { of: '' });
    return rows.flatMap((row) => (row.id ? [readNewsletter(row, row.id)] : []));
  }

  async follow(newsletterId: string): Promise<void> {
    await this.tell(newsletterQueries.follow, newsletterId, 'WhatsApp does not let this account follow it.');
  }

  async unfollow(newsletterId: string): Promise<void> {
    const may = 'Only who follows the newsletter leaves it, and its owner cannot.';
    await this.tell(newsletterQueries.unfollow, newsletterId, may);
  }

  async mute(newsletterId: string, isMuted: boolean): Promise<void> {
    const query = isMuted ? newsletterQueries.mute : newsletterQueries.unmute;
    await this.tell(query, newsletterId, FOR_FOLLOWERS);
  }

  async delete(newsletterId: string): Promise<void> {
    await this.tell(newsletterQueries.delete, newsletterId, FOR_THE_OWNER);
  }

  /** Hands it over to one of its admins. */
  async changeOwner(newsletterId: string, userId: string): Promise<void> {
    const variables = { newsletter_id: newsletterId, user_id: toJid(userId) };
    const wish = { of: newsletterId, may: FOR_THE_OWNER, pointer: '/userId' };
    await askNewsletter(askMex(this.socket, newsletterQueries.changeOwner, variables), wish);
  }

  /** Makes an admin a follower again; everybody may do that with themselves. */
  async demote(newsletterId: string, userId: string): Promise<void> {
    const variables = { newsletter_id: newsletterId, user_id: toJid(userId) };
    const wish = { of: newsletterId, may: FOR_THE_OWNER };
    await askNewsletter(askMex(this.socket, newsletterQueries.demote, variables), wish);
  }

  /** How many follow it and how many run it, its owner included. */
  async counts(newsletterId: string): Promise<{ subscribers: number; admins: number }> {
    const wish = { of: newsletterId, may: FOR_ADMINS };
    const variables = { newsletter_id: newsletterId };
    const [{ subscribers }, { admin_count: admins }] = await Promise.all([
      askNewsletter(askMex<{ subscribers: number }>(this.socket, newsletterQueries.subscribers, variables), wish),
      askNewsletter(askMex<{ admin_count: number }>(this.socket, newsletterQueries.admins, variables), wish),
    ]);
    return { subscribers: Number(subscribers), admins: Number(admins) };
  }

  /** Accepts the terms for creating newsletters. Not confirmed on the production network: Baileys does not do it. */
  async acceptTerms({ noticeId, stage }: Terms): Promise<void> {
    const notice = { tag: 'notice', attrs: { id: noticeId, stage } };
    const attrs = { to: S_WHATSAPP_NET, type: 'set', xmlns: 'tos' };
    await askNewsletter(this.socket.query({ tag: 'iq', attrs, content: [notice] }), { of: noticeId });
  }

  private async facts(query: MexQuery, variables: object, wish: Wish): Promise<NewsletterFacts> {
    const json = await askNewsletter(askMex<NewsletterJson | null>(this.socket, query, variables), wish);
    if (!json) throw notFound('newsletter', wish.of);
    return readNewsletter(json, wish.of);
  }

  private async tell(query: MexQuery, newsletterId: string, may: string): Promise<void> {
    await askNewsletter(askMex(this.socket, query, { newsletter_id: newsletterId }), { of: newsletterId, may });
  }
}
