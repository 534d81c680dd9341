import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import { Logger } from '@nestjs/common';
import { JOURNAL, type SignalStore } from '../auth/signal-store.js';
import { noticesIn } from '../notices/read-notice.js';
import type { JournalEntry, StanzaJournal } from './stanza-journal.js';

/**
 * Journals what WhatsApp tells of groups, newsletters, calls and people. Like posts of newsletters these stanzas never
 * pass the Signal repository; their rows are queued before Baileys acknowledges them, and FrameGate holds the ack. They
 * are kept as they are: Baileys' own events come too late to hold an ack, and are merged or dropped on their way.
 */
export function journalNotices(
  { ws }: Pick<WASocket, 'ws'>,
  store: SignalStore,
  journal: StanzaJournal,
  onJournalled: (entry: JournalEntry) => void,
): void {
  const logger = new Logger('NoticeJournal');
  const keep = (node: BinaryNode) => {
    try {
      if (!noticesIn(node).length) return;
      const { entry, row } = journal.notice(node);
      // Whatever goes wrong with the write is reported by the store, and ends the connection.
      store.set({ [JOURNAL]: { [row.key]: row } }).catch(() => undefined);
      void store.committed.then(
        () => onJournalled(entry),
        () => undefined,
      );
    } catch (error) {
      logger.error('a notification could not be read', error instanceof Error ? error.stack : undefined);
    }
  };
  for (const event of ['CB:notification', 'CB:call', 'CB:receipt']) ws.prependListener(event, keep);
}
