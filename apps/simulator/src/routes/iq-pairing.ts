import type { PairingCode } from '../pairing/pairing-code.js';
import { IqError } from '../world/refusal.js';
import type { IqRouter } from './iq-router.js';

/** The companion's half of linking by code. */
export function routePairing(router: IqRouter, pairingCode: PairingCode): void {
  router.onUnlinked('set md link_code_companion_reg', (client, body) => {
    const isHello = body.attrs.stage === 'companion_hello';
    const answer = isHello ? pairingCode.hello(client, body) : undefined;
    if (isHello ? !answer : !pairingCode.finish(body)) throw new IqError(400, 'bad-request');
    return answer;
  });
}
