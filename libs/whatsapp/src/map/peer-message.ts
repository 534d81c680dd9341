import { proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import type { JournalEntry } from '../signal/stanza-journal.js';
import { type OwnAccount, toWaId } from './jid.js';

/** What the own phone says to this device alone; null for everything else, and for whoever only pretends to be it. */
export function readPeerMessage(
  { attrs, plaintext }: JournalEntry,
  own: OwnAccount,
): proto.Message.IProtocolMessage | null {
  // A look at anything else would only cost time.
  if (attrs.category !== 'peer') return null;
  const sender = toWaId(attrs.from ?? '');
  if (sender !== own.waId && sender !== own.lid) return null;
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  return message.protocolMessage ?? null;
}
