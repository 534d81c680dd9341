import type { Profile } from '../profile/profile.js';
import type { Trust } from '../profile/trust.js';
import { child, children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Companion } from '../world/companion.js';
import type { Directory } from '../world/directory.js';
import { disappearingLifetimes } from '../world/disappearing.js';
import { privacyCategories } from '../world/privacy.js';
import { IqError } from '../world/refusal.js';
import type { IqRouter } from './iq-router.js';

const MAX_ABOUT = 139;
const BLACKLIST = 'contact_blacklist';
const statusAudiences = ['contacts', 'blacklist', 'whitelist'];

/** What belongs to a client's own account and is changed here. */
export interface ProfileParts {
  directory: Directory;
  profile: Profile;
  trust: Trust;
}

/** What a client asks and sets about its own account: about text, timer, privacy, tokens, block list. */
export function routeProfile(router: IqRouter, { directory, profile, trust }: ProfileParts): void {
  router.on('set status status', (from, body) => {
    const text = contentText(body);
    if (text.length > MAX_ABOUT) throw new IqError(406, 'not-acceptable');
    profile.setAbout(from.account, text, from);
  });
  routeStatusAudience(router, directory);
  router.on('set disappearing_mode disappearing_mode', (from, { attrs }) => {
    const seconds = Number(attrs.duration ?? 0);
    if (!disappearingLifetimes.has(seconds)) throw new IqError(400, 'bad-request');
    profile.setDisappearing(from.account, seconds, from);
  });
  router.on('get privacy privacy', ({ account }, body) => {
    const lists = children(body, 'list');
    if (lists.length === 0) return [privacyOf(account)];
    return [
      stanza(
        'privacy',
        {},
        lists.map(({ attrs }) => exceptionsOf(account, attrs.name ?? '')),
      ),
    ];
  });
  router.on('set privacy privacy', (from, body) => {
    for (const category of children(body, 'category')) setPrivacy(from, category, { directory, profile });
    return [privacyOf(from.account)];
  });
  router.on('set privacy tokens', ({ account }, body) => {
    for (const { attrs } of children(body, 'token')) {
      const other = directory.findByJid(attrs.jid);
      if (other && attrs.type === 'trusted_contact') trust.give(account, other, Number(attrs.t ?? 0) || undefined);
    }
  });
  router.on('get blocklist none', ({ account }) => {
    const items = [...account.blocked].map((lid) => stanza('item', { jid: `${lid}@lid` }));
    return [stanza('list', {}, items)];
  });
  router.on('set blocklist item', (from, { attrs }) => {
    const other = directory.findByJid(attrs.jid) ?? directory.findByJid(attrs.pn_jid);
    if (!other || other === from.account) throw new IqError(404, 'item-not-found');
    if (attrs.action !== 'block' && attrs.action !== 'unblock') throw new IqError(400, 'bad-request');
    profile.block(from.account, other, attrs.action === 'block', from);
  });
}

/** Who gets the statuses of an account, as its clients keep it. */
function routeStatusAudience(router: IqRouter, directory: Directory): void {
  router.on('get status privacy', ({ account }) => {
    const { type, lids } = account.statusAudience;
    const users = lids.map((lid) => stanza('user', { jid: `${lid}@lid` }));
    return [stanza('privacy', {}, [stanza('list', { type, default: 'true' }, users)])];
  });
  router.on('set status privacy', ({ account }, body) => {
    const list = child(body, 'list');
    const type = list?.attrs.type ?? '';
    if (!statusAudiences.includes(type)) throw new IqError(400, 'bad-request');
    const people = children(list, 'user').map(({ attrs }) => directory.findByJid(attrs.jid));
    if (people.some((person) => !person)) throw new IqError(404, 'item-not-found');
    account.statusAudience = { type, lids: people.flatMap((person) => person?.lid ?? []) };
  });
}

/** A category with its value, and those who are excepted when it is a list of exceptions. */
function setPrivacy(from: Companion, category: Stanza, { directory, profile }: Omit<ProfileParts, 'trust'>): void {
  const { name = '', value = '', dhash } = category.attrs;
  const { privacy } = from.account;
  const changes = children(category, 'user').map(({ attrs }) => ({ attrs, other: directory.findByJid(attrs.jid) }));
  if (changes.length > 0 && dhash && dhash !== 'none' && dhash !== privacy.exceptionsHash(name))
    throw new IqError(409, 'conflict');
  if (changes.some(({ other }) => !other)) throw new IqError(404, 'item-not-found');
  if (!profile.setPrivacy(from.account, name, value, from)) throw new IqError(400, 'bad-request');
  for (const { attrs, other } of changes) if (other) privacy.except(name, other.lid, attrs.action !== 'remove');
}

function privacyOf(account: Account): Stanza {
  const categories = account.privacy.entries().map(([name, value]) => {
    const dhash = value === BLACKLIST ? account.privacy.exceptionsHash(name) : undefined;
    return stanza('category', { name, value, dhash });
  });
  return stanza('privacy', {}, categories);
}

function exceptionsOf(account: Account, name: string): Stanza {
  if (!privacyCategories.includes(name)) throw new IqError(400, 'bad-request');
  const users = account.privacy.exceptionsOf(name).map((lid) => stanza('user', { jid: `${lid}@lid` }));
  return stanza('list', { name, value: BLACKLIST, dhash: account.privacy.exceptionsHash(name) }, users);
}
