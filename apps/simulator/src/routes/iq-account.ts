import { stanza } from '../wire/stanza.js';
import type { Clock } from '../world/clock.js';
import type { Companion } from '../world/companion.js';
import type { IqRouter } from './iq-router.js';

/** What the network does when a client says that it is ready, or that it leaves for good. */
export interface LifeCycle {
  activate(companion: Companion): void;
  logOut(companion: Companion): void;
}

/** The housekeeping every login does. */
export function routeAccount(router: IqRouter, clock: Clock, life: LifeCycle): void {
  router.on('get w:p ping', () => undefined);
  // Some clients ping with an empty query.
  router.on('get w:p none', () => undefined);
  router.on('set passive active', (from) => clock.soon(() => life.activate(from)));
  router.on('set passive passive', () => undefined);
  router.on('get abt props', () => [stanza('props', { hash: 'sim', protocol: '1' }, [])]);
  router.on('get w:stats add', () => undefined);
  router.on('set w:stats add', () => undefined);
  router.on('set urn:xmpp:whatsapp:dirty clean', (from, { attrs }) =>
    from.clean(attrs.type ?? '', Number(attrs.timestamp ?? Infinity)),
  );
  router.on('set md remove-companion-device', (from) => life.logOut(from));
}
