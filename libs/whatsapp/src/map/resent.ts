import { proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import type { JournalEntry } from '../signal/stanza-journal.js';
import { type OwnAccount, toJid, toWaId } from './jid.js';

/** Ends a plaintext as WhatsApp does: with as many bytes of padding as the last one says. */
const PADDING = Buffer.from([1]);

/**
 * The message that the own phone hands over because this device could not read it, as if it had come by itself; other
 * entries stay as they are. Nobody but the own phone may do so.
 */
export function unwrapResent(entry: JournalEntry, own: OwnAccount): JournalEntry {
  const author = toWaId(entry.attrs.participant ?? entry.attrs.from ?? '');
  if (author !== own.waId && author !== own.lid) return entry;
  const { protocolMessage } = proto.Message.decode(unpadRandomMax16(entry.plaintext));
  const results = protocolMessage?.peerDataOperationRequestResponseMessage?.peerDataOperationResult ?? [];
  const bytes = results.find((result) => result.placeholderMessageResendResponse?.webMessageInfoBytes);
  const info = bytes?.placeholderMessageResendResponse?.webMessageInfoBytes;
  return info ? asEntry(entry, proto.WebMessageInfo.decode(info), own) : entry;
}

function asEntry(entry: JournalEntry, info: proto.IWebMessageInfo, own: OwnAccount): JournalEntry {
  const { key, message, messageTimestamp, pushName } = info;
  if (!key?.remoteJid || !key.id || !message) return entry;
  const participant = key.participant ?? info.participant;
  const attrs: Record<string, string> = {
    id: key.id,
    t: String(messageTimestamp ?? entry.attrs.t),
    ...(pushName && { notify: pushName }),
    ...(key.fromMe ? { from: toJid(own.waId), recipient: key.remoteJid } : { from: key.remoteJid }),
    ...(participant && !key.fromMe && { participant }),
  };
  const plaintext = Buffer.concat([proto.Message.encode(message).finish(), PADDING]);
  return { key: entry.key, attrs, plaintext };
}
