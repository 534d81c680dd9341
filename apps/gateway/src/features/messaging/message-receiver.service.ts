import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { newId } from '@app/platform/ids/id.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import {
  type InboundAction,
  type InboundMessage,
  type InboundTimer,
  readInbound,
} from '@app/whatsapp/map/inbound-message.js';
import { readSharedPairs } from '@app/whatsapp/map/shared-pairs.js';
import { isNotice, type JournalEntry } from '@app/whatsapp/signal/stanza-journal.js';
import type { IdentityPair } from '@app/whatsapp/updates/wa-update.js';
import { DataSource, type EntityManager } from 'typeorm';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import type { SeenTimer } from './chat-timers.service.js';
import { IdentitiesService, type Identity } from './identities.service.js';
import { MessageStoreService, type NewMessage } from './message-store.service.js';
import { MessageProjectionsService } from './message-projections.service.js';
import { MARK_PROCESSED } from './messages.queries.js';
import { NoticesService } from './notices.service.js';

/** WhatsApp has its receipt already: while the database is away what came in waits here, and in the journal. */
const PATIENCE_MS = 300_000;

interface Journalled {
  session: LiveSession;
  entry: JournalEntry;
}

interface Arrival<T = InboundMessage | InboundAction | InboundTimer> extends Journalled {
  message: T;
}

const isMessage = (arrival: Arrival): arrival is Arrival<InboundMessage> => arrival.message.kind === 'message';
const isAction = (arrival: Arrival): arrival is Arrival<InboundAction> => arrival.message.kind === 'action';
const isTimer = (arrival: Arrival): arrival is Arrival<InboundTimer> => arrival.message.kind === 'timer';

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
    private readonly notices: NoticesService,
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

  /** Stores address pairs that came on their own. */
  async learn(session: LiveSession, pairs: IdentityPair[]): Promise<void> {
    const { tenantId, sessionId } = session;
    await this.identities.learnSoon(pairs.map((pair) => ({ tenantId, sessionId, ...pair })));
    this.projections.actions.onAddresses(session);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
  }

  private async commit(batch: Journalled[]): Promise<void[]> {
    const told = batch.filter(({ entry }) => isNotice(entry));
    const arrivals = batch.flatMap(({ session, entry }): Arrival[] => {
      const message = isNotice(entry) ? null : this.attempt(() => readInbound(entry, session.account), null);
      return message ? [{ session, entry, message }] : [];
    });
    let taught: LiveSession[] = [];
    let timers: SeenTimer[] = [];
    await this.database.transaction(async (tx) => {
      // A group before the first message in it.
      const { events, learnt: toldOf } = await this.notices.seen(tx, told);
      const { identified, learnt } = await this.identify(tx, batch, arrivals);
      taught = [...toldOf, ...learnt];
      timers = identified.filter(isTimer).map(toTimer);
      events.push(...(await this.storeMessages(tx, identified.filter(isMessage))));
      events.push(...(await this.seeActions(tx, identified.filter(isAction))));
      events.push(...(await this.projections.timers.seen(tx, timers)));
      await this.outbox.add(tx, events);
      await runPrepared(tx, MARK_PROCESSED, [
        batch.map(({ session }) => session.sessionId),
        batch.map(({ entry }) => entry.key),
      ]);
    });
    for (const session of new Set(taught)) this.projections.actions.onAddresses(session);
    this.projections.timers.committed(timers);
    return batch.map(() => undefined);
  }

  private async storeMessages(tx: EntityManager, arrivals: Arrival<InboundMessage>[]): Promise<NewEvent[]> {
    const rows = arrivals.map(toRow);
    const stored = await this.store.insert(tx, rows);
    const events = arrivals.flatMap((arrival, index) => {
      const row = rows[index];
      return row && stored.has(row.id) ? [toEvent(arrival, row)] : [];
    });
    await this.projections.run(
      tx,
      rows.flatMap((row, index) =>
        stored.has(row.id) ? [{ ...row, senderName: arrivals[index]?.message.sender.name }] : [],
      ),
    );
    const awaited = arrivals
      .filter((_, index) => stored.get(rows[index]?.id ?? '')?.isAwaited)
      .map(({ session, message: { messageId } }) => ({ session, messageId }));
    if (awaited.length) events.push(...(await this.projections.actions.arrived(tx, awaited)));
    return events;
  }

  private async seeActions(tx: EntityManager, arrivals: Arrival<InboundAction>[]): Promise<NewEvent[]> {
    if (!arrivals.length) return [];
    const actions = arrivals.map(({ session, message }) => ({ session, inbound: message }));
    return this.projections.actions.seen(tx, actions);
  }

  /** What nobody can read now will not be readable later either: it is logged and done with. */
  private attempt<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      this.logger.error('a journalled message can not be read', error instanceof Error ? error.stack : undefined);
      return otherwise;
    }
  }

  private shared({ session, entry }: Journalled): Identity[] {
    const { tenantId, sessionId, account } = session;
    return this.attempt(() => readSharedPairs(entry, account), []).map((pair) => ({ tenantId, sessionId, ...pair }));
  }

  /** Learns the pairs that stanzas bring and puts phone numbers in the place of LIDs that are known. */
  private async identify(
    tx: EntityManager,
    batch: Journalled[],
    arrivals: Arrival[],
  ): Promise<{ identified: Arrival[]; learnt: LiveSession[] }> {
    const fresh = await this.identities.learn(tx, [
      ...batch.flatMap((item) => this.shared(item)),
      ...arrivals.flatMap(pairIn),
    ]);
    const taught = new Set(fresh.map(({ sessionId }) => sessionId));
    const learnt = batch.map(({ session }) => session).filter(({ sessionId }) => taught.has(sessionId));
    const lids = arrivals.flatMap(({ session: { sessionId }, message: { chatId, sender } }) =>
      [chatId, sender.waId].filter((id) => id.endsWith('@lid')).map((lid) => ({ sessionId, lid })),
    );
    if (!lids.length) return { identified: arrivals, learnt };
    const phoneOf = await this.identities.phonesOf(tx, lids);
    return { identified: arrivals.map((arrival) => named(arrival, phoneOf)), learnt };
  }
}

function named<T extends Arrival>(arrival: T, phoneOf: (sessionId: string, lid: string) => string | null): T {
  const { sessionId } = arrival.session;
  const { chatId, sender } = arrival.message;
  const phone = sender.phone ?? phoneOf(sessionId, sender.lid ?? '');
  const message = {
    ...arrival.message,
    chatId: phoneOf(sessionId, chatId) ?? chatId,
    sender: { ...sender, phone, waId: phone ?? sender.waId },
  };
  return { ...arrival, message };
}

const pairIn = ({ session: { tenantId, sessionId }, message: { sender } }: Arrival): Identity[] =>
  sender.phone && sender.lid ? [{ tenantId, sessionId, phone: sender.phone, lid: sender.lid }] : [];

const toTimer = ({
  session: { tenantId, sessionId },
  message: { chatId, seconds },
}: Arrival<InboundTimer>): SeenTimer => ({
  tenantId,
  sessionId,
  chatId,
  seconds,
});

const toRow = ({ session, message }: Arrival<InboundMessage>): NewMessage => ({
  ...message,
  id: newId('message'),
  tenantId: session.tenantId,
  sessionId: session.sessionId,
  senderId: message.sender.waId,
  authorAddress: message.authorAddress === message.sender.waId ? null : message.authorAddress,
  // Messages of another device of this account have left it; those of others have reached us.
  status: message.fromMe ? 'server_ack' : 'delivered',
});

function toEvent(
  { session: { tenantId, sessionId }, message }: Arrival<InboundMessage>,
  { id, status }: NewMessage,
): NewEvent {
  const { messageId, chatId, sender, fromMe, type, text, content, context, timestamp } = message;
  const said = { type, text, content, context, timestamp: timestamp.toISOString() };
  const origin = fromMe ? ('device' as const) : null;
  const data = { id, messageId, chatId, sender, fromMe, ...said, status, origin };
  return { tenantId, sessionId, type: fromMe ? 'message.sent' : arrivalTypeOf(chatId), data: { message: data } };
}

/** Nobody wrote them to this account: whoever answers messages shall not answer those. */
function arrivalTypeOf(chatId: string): 'message.received' | 'newsletter.message' | 'status.posted' {
  const kind = chatKindOf(chatId);
  if (kind === 'newsletter') return 'newsletter.message';
  return kind === 'status' ? 'status.posted' : 'message.received';
}
