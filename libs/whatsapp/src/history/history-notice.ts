import { proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import type { OwnAccount } from '../map/jid.js';
import type { JournalEntry } from '../signal/stanza-journal.js';

/** The phone says that a part of the history is there to be fetched. */
export interface HistoryNotice {
  notification: proto.Message.IHistorySyncNotification;
  /** What the phone repeats of our request; null when nobody asked. */
  requestId: string | null;
}

/** Reads a journalled stanza; null when it is something else, or comes from somebody else. */
export function readHistoryNotice({ attrs, plaintext }: JournalEntry, own: OwnAccount): HistoryNotice | null {
  // What devices of one account say to each other; a look at anything else would only cost time.
  if (attrs.category !== 'peer') return null;
  const sender = toWaId(attrs.from ?? '');
  if (sender !== own.waId && sender !== own.lid) return null;
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  const notification = message.protocolMessage?.historySyncNotification;
  if (!notification) return null;
  const { peerDataRequestSessionId, fullHistorySyncOnDemandRequestMetadata: request } = notification;
  return { notification, requestId: request?.requestId ?? (peerDataRequestSessionId || null) };
}
