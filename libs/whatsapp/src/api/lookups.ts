import type { WASocket } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import { ask } from './ask.js';

/** What has to be asked before some messages can be written. */
export class LookupsApi {
  constructor(private readonly socket: WASocket) {}

  /** Which of these phone numbers are on WhatsApp. */
  async numbersOnWhatsApp(phones: string[]): Promise<string[]> {
    const found = await ask(this.socket.onWhatsApp(...phones.map((phone) => `+${phone}`)));
    return found.filter(({ exists }) => exists).map(({ jid }) => toWaId(jid));
  }
}
