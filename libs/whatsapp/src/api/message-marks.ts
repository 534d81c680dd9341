import type { WASocket } from '@whiskeysockets/baileys';
import { toJid, toWaId } from '../map/jid.js';
import type { AppState, WrittenSetting } from './app-state.js';
import { ask, tell } from './ask.js';
import { ownIds } from './own-ids.js';

/** A message as the settings of the account name it. */
export interface MarkedMessage {
  chatId: string;
  messageId: string;
  fromMe: boolean;
}

/** A received message that is confirmed to its sender. */
export interface ConfirmedMessage {
  chatId: string;
  messageId: string;
  /** The address of the sender that WhatsApp used. */
  author: string;
}

export type Confirmation = 'read' | 'played';

/** What an account does with messages beside sending others: marks for itself, and confirmations. */
export class MessageMarksApi {
  constructor(
    private readonly socket: WASocket,
    private readonly appState: AppState,
  ) {}

  star(message: MarkedMessage, starred: boolean): Promise<WrittenSetting> {
    const setting = { type: 'regular_low' as const, apiVersion: 2, syncAction: { starAction: { starred } } };
    return this.appState.write({ ...setting, index: indexOf('star', message) });
  }

  /** Deletes a message on all devices of this account, and nowhere else. */
  deleteForMe(message: MarkedMessage, timestamp: Date): Promise<WrittenSetting> {
    const messageTimestamp = Math.floor(timestamp.getTime() / 1000);
    const syncAction = { deleteMessageForMeAction: { deleteMedia: true, messageTimestamp } };
    const setting = { type: 'regular_high' as const, apiVersion: 3, syncAction };
    return this.appState.write({ ...setting, index: indexOf('deleteMessageForMe', message) });
  }

  /** Tells the senders that their messages were read or played. With read receipts switched off only own devices hear of it. */
  async confirm(messages: ConfirmedMessage[], as: Confirmation): Promise<void> {
    const { readreceipts } = await ask(this.socket.fetchPrivacySettings());
    // There is no receipt of having played something that only own devices would get: they hear that it was read.
    const type = readreceipts === 'all' ? as : 'read-self';
    for (const [to, ids] of bySender(messages)) await tell(this.socket.sendReceipt(to.jid, to.participant, ids, type));
  }

  /** Whether this account is an admin of a group. */
  async isAdmin(groupId: string): Promise<boolean> {
    const { participants } = await ask(this.socket.groupMetadata(toJid(groupId)));
    const own = ownIds(this.socket);
    const isMe = (jid: string | undefined) => jid !== undefined && own.includes(toWaId(jid));
    return participants.some(
      ({ id, lid, phoneNumber, admin }) => Boolean(admin) && (isMe(id) || isMe(lid) || isMe(phoneNumber)),
    );
  }
}

const indexOf = (name: string, { chatId, messageId, fromMe }: MarkedMessage): string[] => [
  name,
  toJid(chatId),
  messageId,
  fromMe ? '1' : '0',
  '0',
];

interface Recipient {
  jid: string;
  participant: string | undefined;
}

function bySender(messages: ConfirmedMessage[]): [Recipient, string[]][] {
  const lists = new Map<string, [Recipient, string[]]>();
  for (const { chatId, messageId, author } of messages) {
    const isShared = chatId.endsWith('@g.us') || chatId.endsWith('@broadcast');
    const to = isShared
      ? { jid: toJid(chatId), participant: toJid(author) }
      : { jid: toJid(author), participant: undefined };
    const key = `${to.jid} ${to.participant}`;
    const known = lists.get(key);
    if (known) known[1].push(messageId);
    else lists.set(key, [to, [messageId]]);
  }
  return [...lists.values()];
}
