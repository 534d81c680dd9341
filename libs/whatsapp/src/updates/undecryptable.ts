import { type BaileysEventMap, proto, type WAMessage } from '@whiskeysockets/baileys';
import { identityOf, toWaId } from '../map/jid.js';
import type { UnreadableMessage, WaUpdate } from './wa-update.js';

/** Of the messages that come up, those that stand for something unreadable. */
export function readUnreadable({ messages }: BaileysEventMap['messages.upsert']): WaUpdate | null {
  const unreadable = messages.filter(
    ({ key, message, messageStubType }) =>
      messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT && !message && !key.fromMe,
  );
  const found = unreadable.flatMap((message) => {
    const { remoteJid, id } = message.key;
    return remoteJid && id ? [describe(message, remoteJid, id)] : [];
  });
  return found.length ? { kind: 'unreadable', messages: found } : null;
}

function describe(message: WAMessage, remoteJid: string, id: string): UnreadableMessage {
  const { key, messageTimestamp } = message;
  // In a chat of two there is no participant, or an empty one.
  const participant = key.participant || undefined;
  const author = participant ? waIdOf(participant, key.participantAlt) : waIdOf(remoteJid, key.remoteJidAlt);
  const [reason] = (message.messageStubParameters ?? []) as string[];
  return {
    key: { remoteJid, id, ...(participant && { participant }) },
    chatId: participant ? toWaId(remoteJid) : author,
    senderId: author,
    reason: reason ?? 'unknown',
    timestamp: new Date(Number(messageTimestamp ?? 0) * 1000),
  };
}

function waIdOf(jid: string, alternative: string | null | undefined): string {
  const { phone, lid } = identityOf(jid, alternative ?? undefined);
  return phone ?? lid ?? toWaId(jid);
}
