import type { WASocket } from '@whiskeysockets/baileys';
import { toJid, toWaId } from '../map/jid.js';
import { ask } from './ask.js';
import { ownIds } from './own-ids.js';

/** What has to be asked before some messages can be written. */
export class LookupsApi {
  constructor(private readonly socket: WASocket) {}

  /** waIds of everybody else in a group, spelt as the group spells them. */
  async groupMembers(groupId: string): Promise<string[]> {
    const { participants } = await ask(this.socket.groupMetadata(toJid(groupId)));
    const own = ownIds(this.socket);
    return participants.map(({ id }) => toWaId(id)).filter((waId) => !own.includes(waId));
  }

  /** Whether a group is the one in which a community announces. */
  async isAnnouncementGroup(groupId: string): Promise<boolean> {
    return (await ask(this.socket.groupMetadata(toJid(groupId)))).isCommunityAnnounce ?? false;
  }

  /** Which of these phone numbers are on WhatsApp. */
  async numbersOnWhatsApp(phones: string[]): Promise<string[]> {
    const found = await ask(this.socket.onWhatsApp(...phones.map((phone) => `+${phone}`)));
    return found.filter(({ exists }) => exists).map(({ jid }) => toWaId(jid));
  }
}
