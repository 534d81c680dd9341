import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { newId } from '@app/platform/ids/id.js';
import { type InboundMessage, readInbound } from '@app/whatsapp/map/inbound-message.js';
import type { JournalEntry } from '@app/whatsapp/signal/stanza-journal.js';
import { DataSource, type EntityManager } from 'typeorm';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { IdentitiesService } from './identities.service.js';
import { MessageStoreService, type NewMessage } from './message-store.service.js';
import { MessageProjectionsService } from './message-projections.service.js';
import { MARK_PROCESSED } from './messages.queries.js';

/** WhatsApp has its receipt already: while the database is away what came in waits here, and in the journal. */
const PATIENCE_MS = 300_000;

interface Journalled {
  session: LiveSession;
  entry: JournalEntry;
}

interface Arrival extends Journalled {
  message: InboundMessage;
}

/**
 * Turns journalled stanzas into messages and events. The journal row is marked in the same transaction, so that a crash
 * leaves either nothing or everything; what was left is handed in again at the next start.
 */
@Injectable()
export class MessageReceiverService implements OnApplicationShutdown {
  private readonly logger = new Logger(MessageReceiverService.name);
  private readonly writes = new GroupCommit<Journalled>((batch) => this.commit(batch), { patienceMs: PATIENCE_MS });

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly store: MessageStoreService,
    private readonly identities: IdentitiesService,
    private readonly projections: MessageProjectionsService,
    private readonly outbox: Outbox,
  ) {}

  /** Stores a stanza soon; a failure is logged and leaves it in the journal. */
  receive(session: LiveSession, entry: JournalEntry): void {
    this.writes
      .add({ session, entry })
      .catch((error: unknown) =>
        this.logger.error('a journalled message could not be stored', error instanceof Error ? error.stack : undefined),
      );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
  }

  private async commit(batch: Journalled[]): Promise<void[]> {
    const arrivals = batch.flatMap(({ session, entry }): Arrival[] => {
      const message = this.read(session, entry);
      return message ? [{ session, entry, message }] : [];
    });
    await this.database.transaction(async (tx) => {
      const identified = await this.identify(tx, arrivals);
      const rows = identified.map(toRow);
      const stored = await this.store.insert(tx, rows);
      const events = identified.flatMap((arrival, index) => {
        const row = rows[index];
        return row && stored.has(row.id) ? [toEvent(arrival, row)] : [];
      });
      await this.projections.run(
        tx,
        rows.flatMap((row, index) =>
          stored.has(row.id) ? [{ ...row, senderName: identified[index]?.message.sender.name }] : [],
        ),
      );
      await this.outbox.add(tx, events);
      await runPrepared(tx, MARK_PROCESSED, [
        batch.map(({ session }) => session.sessionId),
        batch.map(({ entry }) => entry.key),
      ]);
    });
    return batch.map(() => undefined);
  }

  /** What nobody can read now will not be readable later either: it is logged and done with. */
  private read(session: LiveSession, entry: JournalEntry): InboundMessage | null {
    try {
      return readInbound(entry, session.account);
    } catch (error) {
      this.logger.error('a journalled message can not be read', error instanceof Error ? error.stack : undefined);
      return null;
    }
  }

  /** Learns the pairs that stanzas bring and puts phone numbers in the place of LIDs that are known. */
  private async identify(tx: EntityManager, arrivals: Arrival[]): Promise<Arrival[]> {
    await this.identities.learn(
      tx,
      arrivals.flatMap(({ session: { tenantId, sessionId }, message: { sender } }) =>
        sender.phone && sender.lid ? [{ tenantId, sessionId, phone: sender.phone, lid: sender.lid }] : [],
      ),
    );
    const lids = arrivals.flatMap(({ session: { sessionId }, message: { chatId, sender } }) =>
      [chatId, sender.waId].filter((id) => id.endsWith('@lid')).map((lid) => ({ sessionId, lid })),
    );
    if (!lids.length) return arrivals;
    const phoneOf = await this.identities.phonesOf(tx, lids);
    return arrivals.map((arrival) => {
      const { sessionId } = arrival.session;
      const { chatId, sender } = arrival.message;
      const phone = sender.phone ?? phoneOf(sessionId, sender.lid ?? '');
      const message = {
        ...arrival.message,
        chatId: phoneOf(sessionId, chatId) ?? chatId,
        sender: { ...sender, phone, waId: phone ?? sender.waId },
      };
      return { ...arrival, message };
    });
  }
}

const toRow = ({ session, message }: Arrival): NewMessage => ({
  ...message,
  id: newId('message'),
  tenantId: session.tenantId,
  sessionId: session.sessionId,
  senderId: message.sender.waId,
  // Messages of another device of this account have left it; those of others have reached us.
  status: message.fromMe ? 'server_ack' : 'delivered',
});

function toEvent({ session: { tenantId, sessionId }, message }: Arrival, { id, status }: NewMessage): NewEvent {
  const { messageId, chatId, sender, fromMe, type, text, content, context, timestamp } = message;
  const said = { type, text, content, context, timestamp: timestamp.toISOString() };
  const origin = fromMe ? ('device' as const) : null;
  const data = { id, messageId, chatId, sender, fromMe, ...said, status, origin };
  return { tenantId, sessionId, type: fromMe ? 'message.sent' : 'message.received', data: { message: data } };
}
