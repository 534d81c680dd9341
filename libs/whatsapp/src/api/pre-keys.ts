import {
  getBinaryNodeChild,
  INITIAL_PREKEY_COUNT,
  MIN_PREKEY_COUNT,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys';
import { ask, askNode } from './ask.js';
import { timedOut } from './failure.js';

/** How many keys WhatsApp had, and whether it was given more. */
export interface PreKeySupply {
  onServer: number;
  isRefilled: boolean;
}

/** The keys on WhatsApp's servers with which strangers begin to write to this device. */
export class PreKeysApi {
  constructor(private readonly socket: WASocket) {}

  /** Uploads more when few are left. Baileys' own function does the same, and tells nobody of a failure. */
  async refill(): Promise<PreKeySupply> {
    const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'encrypt' };
    const answer = await askNode(this.socket, { tag: 'iq', attrs, content: [{ tag: 'count', attrs: {} }] });
    const onServer = Number(getBinaryNodeChild(answer, 'count')?.attrs.value);
    if (Number.isNaN(onServer)) throw timedOut();
    const isRefilled = onServer <= MIN_PREKEY_COUNT;
    const wanted = onServer === 0 ? INITIAL_PREKEY_COUNT : MIN_PREKEY_COUNT;
    if (isRefilled) await ask(this.socket.uploadPreKeys(wanted).then(() => true));
    return { onServer, isRefilled };
  }
}
