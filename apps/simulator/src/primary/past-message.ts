import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { chatJid } from '../contacts/letter.js';
import type { Letter } from '../contacts/letter.js';
import type { PastMessage } from './chronicle.js';

const { SERVER_ACK, DELIVERY_ACK, READ, PLAYED } = proto.WebMessageInfo.Status;

/** A message the phone sent itself. */
export function ownMessage(id: string, jid: string, message: proto.IMessage, messageTimestamp: number): PastMessage {
  return { key: { remoteJid: jid, fromMe: true, id }, message, messageTimestamp, status: SERVER_ACK };
}

/** A message that arrived: from somebody else, or a copy from an own linked client. */
export function receivedMessage({ id, from, chat, message, stanza }: Letter, isOwn: boolean): PastMessage {
  const messageTimestamp = Number(stanza.attrs.t ?? 0);
  if (isOwn) return ownMessage(id, chatJid(chat), message, messageTimestamp);
  const participant = chat.kind === 'group' ? chat.group.jidOf(from) : undefined;
  const key = { remoteJid: chatJid(chat), fromMe: false, id, ...(participant && { participant }) };
  return { key, participant, message, messageTimestamp, pushName: stanza.attrs.notify };
}

/** How far a receipt of this type says a message has got. */
export function statusOf(receiptType: string | undefined): number {
  if (receiptType === 'read') return READ;
  return receiptType === 'played' ? PLAYED : DELIVERY_ACK;
}
