import type { BaileysEventMap, proto } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import type { MessageMark, WaUpdate } from './wa-update.js';

/** Stars, among other things that Baileys tells of messages: those the journal and the receipts tell better. */
export function readStars(updates: BaileysEventMap['messages.update']): WaUpdate | null {
  const marks = updates.flatMap(({ key, update: { starred } }) =>
    typeof starred === 'boolean' ? markOf(key, { kind: 'star', isStarred: starred }) : [],
  );
  return marks.length ? { kind: 'marks', marks } : null;
}

/** A star that Baileys has folded into the message, because both came while it was gathering events. */
export function readStarredMessages({ messages }: BaileysEventMap['messages.upsert']): WaUpdate | null {
  return readStars(messages.map(({ key, starred }) => ({ key, update: { starred } })));
}

/** Messages that were deleted for this account alone. */
export function readDeleted(update: BaileysEventMap['messages.delete']): WaUpdate | null {
  const marks = 'keys' in update ? update.keys.flatMap((key) => markOf(key, { kind: 'delete' })) : [];
  return marks.length ? { kind: 'marks', marks } : null;
}

function markOf({ remoteJid, id, fromMe }: proto.IMessageKey, action: MessageMark['action']): MessageMark[] {
  return remoteJid && id ? [{ chatId: toWaId(remoteJid), messageId: id, fromMe: fromMe ?? false, action }] : [];
}
