import type { proto } from '@whiskeysockets/baileys';
import type { OwnAccount } from '../map/jid.js';
import { readPeerMessage } from '../map/peer-message.js';
import type { JournalEntry } from '../signal/stanza-journal.js';

/** The phone says that a part of the history is there to be fetched. */
export interface HistoryNotice {
  notification: proto.Message.IHistorySyncNotification;
  /** What the phone repeats of our request; null when nobody asked. */
  requestId: string | null;
}

/** Reads a journalled stanza; null when it is something else, or comes from somebody else. */
export function readHistoryNotice(entry: JournalEntry, own: OwnAccount): HistoryNotice | null {
  const notification = readPeerMessage(entry, own)?.historySyncNotification;
  if (!notification) return null;
  const { peerDataRequestSessionId, fullHistorySyncOnDemandRequestMetadata: request } = notification;
  return { notification, requestId: request?.requestId ?? (peerDataRequestSessionId || null) };
}

/** The request for the whole history that the phone declines; null when the stanza says anything else. */
export function readHistoryRefusal(entry: JournalEntry, own: OwnAccount): string | null {
  const results = readPeerMessage(entry, own)?.peerDataOperationRequestResponseMessage?.peerDataOperationResult ?? [];
  for (const { fullHistorySyncOnDemandRequestResponse: answer } of results)
    if (answer?.responseCode) return answer.requestMetadata?.requestId ?? null;
  return null;
}
