import { nameCertificate } from '../business/name-certificate.js';
import { familyOf, userJid } from '../wire/jid.js';
import type { Family } from '../wire/jid.js';
import { child, children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { Directory } from '../world/directory.js';
import { IqError } from '../world/refusal.js';
import type { IqRouter } from './iq-router.js';

/** As many people as one question may be about: more than the largest group has. */
const MAX_USERS = 2_000;

/** What one protocol says about a person to somebody who asks; nothing when there is nothing to say. */
export type Protocol = (account: Account, viewer: Account, now: number) => Stanza | undefined;

const common = Object.entries<Protocol>({
  devices: (account, _viewer, now) => {
    const list = [...account.devices.values()].map(({ id, keyIndex }) =>
      stanza('device', { id, 'key-index': id === 0 ? undefined : keyIndex }),
    );
    const index = stanza('key-index-list', { ts: now });
    return stanza('devices', {}, [stanza('device-list', {}, list), index]);
  },
  lid: (account) => stanza('lid', { val: account.jid('lid') }),
  contact: () => stanza('contact', { type: 'in' }),
  status: (account, viewer) =>
    account.shows('status', viewer)
      ? stanza('status', { t: account.aboutSince }, Buffer.from(account.about))
      : stanza('status', { code: 401, t: 0 }),
  disappearing_mode: ({ disappearingSeconds, disappearingSince }) =>
    stanza('disappearing_mode', { duration: disappearingSeconds, t: disappearingSince }),
  username: ({ username }) => (username === undefined ? undefined : stanza('username', {}, username)),
  business: ({ verifiedName }) =>
    verifiedName === undefined ? undefined : stanza('business', {}, [nameCertificate(verifiedName)]),
});

/** Lookups of people: which devices, which opaque id, whether a number exists. Further protocols can be added to the answer. */
export function routeUsync(router: IqRouter, core: Core): Map<string, Protocol> {
  const protocols = new Map(common);
  router.on('get usync usync', (from, body) => {
    const asked = new Set(children(child(body, 'query')).map(({ tag }) => tag));
    const users = children(child(body, 'list'), 'user');
    if (users.length > MAX_USERS) throw new IqError(400, 'bad-request');
    // In the order in which they were asked for.
    const known = new Map([...asked].map((tag) => [tag, protocols.get(tag)]).filter(isKnown));
    const found = users.map((user) => lookUp(core, user, known, from)).filter((user) => user !== undefined);
    return [stanza('usync', { ...body.attrs }, [stanza('list', {}, found)])];
  });
  return protocols;
}

const isKnown = (entry: (string | Protocol | undefined)[]): entry is [string, Protocol] => entry[1] !== undefined;

function lookUp(
  { directory, clock }: Core,
  user: Stanza,
  wanted: Map<string, Protocol>,
  from: Companion,
): Stanza | undefined {
  const asked = whoIsAsked(directory, user);
  if (!asked) return undefined;
  const { jid, account } = asked;
  if (!account)
    return wanted.has('contact') ? stanza('user', { jid }, [stanza('contact', { type: 'out' })]) : undefined;
  const family = familyOf(jid) ?? 'pn';
  // Its devices are those of its number.
  const isBotAlone = jid.endsWith('@bot') && !wanted.has('devices');
  if (wanted.has('devices')) from.follow(account, family);
  const answers = [...wanted.values()]
    .map((protocol) => protocol(account, from.account, clock.seconds()))
    .filter((answer) => answer !== undefined);
  return stanza('user', { jid: isBotAlone ? jid : account.jid(family) }, answers);
}

/** The address that is asked about and, if there is one, the person behind it. */
function whoIsAsked(directory: Directory, user: Stanza): { jid: string; account: Account | undefined } | undefined {
  const contact = child(user, 'contact');
  const { username } = contact?.attrs ?? {};
  if (username !== undefined) {
    const account = directory.findByUsername(username);
    return account && { jid: account.jid(shownFamily(account)), account };
  }
  const phone = contentText(contact).replace(/\D/g, '');
  const jid = user.attrs.jid ?? (phone ? userJid('pn', phone) : undefined);
  if (jid === undefined) return undefined;
  const account = directory.findByJid(jid);
  // A hidden number is like one that does not exist.
  return { jid, account: account?.hidesNumber && familyOf(jid) === 'pn' ? undefined : account };
}

function shownFamily({ hidesNumber }: Account): Family {
  return hidesNumber ? 'lid' : 'pn';
}
