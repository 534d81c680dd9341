import { children, contentText, stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Companion } from '../world/companion.js';
import type { Directory } from '../world/directory.js';
import { IqError } from './iq-router.js';
import type { IqRouter } from './iq-router.js';

/** What the network does when a client says that it is ready, or that it leaves for good. */
export interface LifeCycle {
  activate(companion: Companion): void;
  logOut(companion: Companion): void;
}

/** What a client asks and sets about its own account, and the housekeeping every login does. */
export function routeAccount(router: IqRouter, directory: Directory, life: LifeCycle): void {
  router.on('get w:p ping', () => undefined);
  // Some clients ping with an empty query.
  router.on('get w:p none', () => undefined);
  router.on('set passive active', (from) => void setImmediate(() => life.activate(from)));
  router.on('set passive passive', () => undefined);
  router.on('get abt props', () => [stanza('props', { hash: 'sim', protocol: '1' }, [])]);
  router.on('get w:stats add', () => undefined);
  router.on('set w:stats add', () => undefined);
  router.on('set urn:xmpp:whatsapp:dirty clean', (from, { attrs }) =>
    from.clean(attrs.type ?? '', Number(attrs.timestamp ?? Infinity)),
  );
  router.on('set status status', ({ account }, body) => void (account.about = contentText(body)));
  router.on('set disappearing_mode disappearing_mode', ({ account }, body) => {
    account.disappearingSeconds = Number(body.attrs.duration ?? 0);
  });
  router.on('get w:profile:picture picture', () => {
    throw new IqError(404, 'item-not-found');
  });
  router.on('set md remove-companion-device', (from) => life.logOut(from));
  routePrivacy(router, directory);
}

function routePrivacy(router: IqRouter, directory: Directory): void {
  router.on('get privacy privacy', ({ account }) => [privacyOf(account)]);
  router.on('set privacy privacy', ({ account }, body) => {
    for (const { attrs } of children(body, 'category'))
      if (!account.privacy.set(attrs.name ?? '', attrs.value ?? '')) throw new IqError(400, 'bad-request');
    return [privacyOf(account)];
  });
  router.on('set privacy tokens', () => undefined);
  router.on('get blocklist none', ({ account }) => {
    const items = [...account.blocked].map((lid) => stanza('item', { jid: `${lid}@lid` }));
    return [stanza('list', {}, items)];
  });
  router.on('set blocklist item', ({ account }, { attrs }) => {
    const other = directory.findByJid(attrs.jid) ?? directory.findByJid(attrs.pn_jid);
    if (!other) throw new IqError(404, 'item-not-found');
    if (attrs.action === 'block') account.blocked.add(other.lid);
    else account.blocked.delete(other.lid);
    return undefined;
  });
}

function privacyOf(account: Account) {
  const categories = [...account.privacy.entries()].map(([name, value]) => stanza('category', { name, value }));
  return stanza('privacy', {}, categories);
}
