import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';
import { toJid } from '../map/jid.js';
import { askNode } from './ask.js';
import { type BusinessProfile, readBusinessProfile } from './business-profile.js';

/** What businesses show of themselves. */
export class BusinessApi {
  constructor(private readonly socket: WASocket) {}

  /** Null when it is no business. Baileys' own reading of it leaves most out. */
  async profile(waId: string): Promise<BusinessProfile | null> {
    const profile = { tag: 'profile', attrs: { jid: toJid(waId) } };
    const question = { tag: 'business_profile', attrs: { v: '244' }, content: [profile] };
    const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:biz' };
    return readBusinessProfile(await askNode(this.socket, { tag: 'iq', attrs, content: [question] }));
  }
}
