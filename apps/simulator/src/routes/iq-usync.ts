import { familyOf, userJid } from '../wire/jid.js';
import { child, children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { IqRouter } from './iq-router.js';

type Protocol = (account: Account, now: number) => Stanza | undefined;

const protocols: Record<string, Protocol> = {
  devices: (account, now) => {
    const list = [...account.devices.values()].map(({ id, keyIndex }) =>
      stanza('device', { id, 'key-index': id === 0 ? undefined : keyIndex }),
    );
    const index = stanza('key-index-list', { ts: now });
    return stanza('devices', {}, [stanza('device-list', {}, list), index]);
  },
  lid: (account) => stanza('lid', { val: account.jid('lid') }),
  contact: () => stanza('contact', { type: 'in' }),
  status: (account, now) => stanza('status', { t: now }, Buffer.from(account.about)),
  disappearing_mode: (account, now) => stanza('disappearing_mode', { duration: account.disappearingSeconds, t: now }),
  // These exist for the real service; here nobody has one, which is what an absent child says.
  username: () => undefined,
  bot: () => undefined,
};

/** Lookups of people: which devices, which opaque id, whether a number exists. */
export function routeUsync(router: IqRouter, core: Core): void {
  router.on('get usync usync', (from, body) => {
    const wanted = children(child(body, 'query')).map(({ tag }) => tag);
    const users = children(child(body, 'list'), 'user').map((user) => lookUp(core, user, wanted, from));
    const found = users.filter((user) => user !== undefined);
    return [stanza('usync', { ...body.attrs }, [stanza('list', {}, found)])];
  });
}

function lookUp({ directory, clock }: Core, user: Stanza, wanted: string[], from: Companion): Stanza | undefined {
  const phone = contentText(child(user, 'contact')).replace(/\D/g, '');
  const jid = user.attrs.jid ?? (phone ? userJid('pn', phone) : undefined);
  const account = directory.findByJid(jid);
  if (!jid) return undefined;
  if (!account)
    return wanted.includes('contact') ? stanza('user', { jid }, [stanza('contact', { type: 'out' })]) : undefined;
  if (wanted.includes('devices')) account.followers.set(from, familyOf(jid) ?? 'pn');
  const answers = wanted
    .map((tag) => protocols[tag]?.(account, clock.seconds()))
    .filter((answer) => answer !== undefined);
  return stanza('user', { jid: account.jid(familyOf(jid) ?? 'pn') }, answers);
}
