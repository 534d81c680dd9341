import { EventEmitter, once } from 'node:events';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Message, type MessageStatus, messageStatuses } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { DataSource } from 'typeorm';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { adviceOn } from './message-errors.js';
import { MessageProjectionsService, type SeenMessage, type TakenAction } from './message-projections.service.js';
import { MessageReceiptsService, type RecipientReceipt } from './message-receipts.service.js';
import { LOCK_OWN_MESSAGES, UPDATE_STATUSES } from './messages.queries.js';

/** Something was learnt about a message that this account sent. */
export interface StatusChange {
  session: LiveSession;
  messageId: string;
  status: MessageStatus;
  at: Date;
  /** waId of whoever confirmed a message that has several recipients. */
  recipientId?: string | null;
  /** With `failed`: why, as a stable code. */
  errorCode?: string;
  /** With `sent`: why it went out once more, under the same id. */
  repeat?: 'reconnected' | 'no-ack';
  /** With `pending`: it was refused for now, and waits. */
  hold?: { reason: string; until: Date };
}

type LockedMessage = Pick<
  Message,
  | 'id'
  | 'tenantId'
  | 'sessionId'
  | 'chatId'
  | 'messageId'
  | 'senderId'
  | 'type'
  | 'text'
  | 'content'
  | 'context'
  | 'targetId'
  | 'status'
  | 'timestamp'
  | 'isQuiet'
>;

interface Progress {
  message: LockedMessage;
  steps: StatusChange[];
}

/** A message is sent, acknowledged and delivered within milliseconds: one transaction for all of it. */
const LINGER_MS = 5;
/** Receipts come once: while the database is away they wait here. */
const PATIENCE_MS = 300_000;

/** Moves own messages forward, with the event that tells. Receipts come late, twice and out of order. */
@Injectable()
export class MessageStatusesService implements OnApplicationShutdown {
  private readonly logger = new Logger(MessageStatusesService.name);
  private readonly writes = new GroupCommit<StatusChange>((batch) => this.commit(batch), {
    lingerMs: LINGER_MS,
    patienceMs: PATIENCE_MS,
  });
  private readonly changed = new EventEmitter().setMaxListeners(0);

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly projections: MessageProjectionsService,
    private readonly receipts: MessageReceiptsService,
  ) {}

  /** Records a change soon; a failure is logged. Awaited, it resolves once the change is committed. */
  async record(change: StatusChange): Promise<void> {
    await this.writes
      .add(change)
      .catch((error: unknown) =>
        this.logger.error('a message status could not be stored', error instanceof Error ? error.stack : undefined),
      );
  }

  /** Resolves when the message with this id changes in this process, or when time is up. */
  async change(id: string, timeoutMs: number): Promise<void> {
    await once(this.changed, id, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
  }

  private async commit(batch: StatusChange[]): Promise<void[]> {
    const progressed = await this.database.transaction(async (tx) => {
      const messages = await runPrepared<LockedMessage>(tx, LOCK_OWN_MESSAGES, [
        batch.map(({ session }) => session.sessionId),
        batch.map(({ messageId }) => messageId),
      ]);
      const views = await this.receipts.record(tx, receiptsOf(messages, batch));
      const progress = progressOf(messages, batch);
      if (!progress.length) {
        await this.outbox.add(tx, views);
        return [];
      }
      await runPrepared(tx, UPDATE_STATUSES, updates(progress));
      await this.projections.run(tx, progress.flatMap(gone));
      const done = await this.projections.actions.taken(tx, progress.flatMap(taken));
      await this.outbox.add(tx, [...progress.flatMap(eventsOf), ...done, ...views]);
      return progress;
    });
    for (const { message } of progressed) this.changed.emit(message.id);
    return batch.map(() => undefined);
  }
}

/** The steps of each message that lead forward, in order. */
function progressOf(messages: LockedMessage[], batch: StatusChange[]): Progress[] {
  const byKey = new Map(messages.map((message) => [`${message.sessionId} ${message.messageId}`, message]));
  const progress = new Map<string, Progress>();
  for (const change of batch) {
    const message = byKey.get(`${change.session.sessionId} ${change.messageId}`);
    if (!message) continue;
    const entry = progress.get(message.id) ?? { message, steps: [] };
    const current = entry.steps.at(-1)?.status ?? message.status;
    if (!isNews(current, change)) continue;
    // WhatsApp's ack may overtake the news that the frame is on the wire; it was sent all the same.
    const isOvertaking = current === 'pending' && change.status !== 'sent' && change.status !== 'failed';
    if (isOvertaking) entry.steps.push({ ...change, status: 'sent' });
    entry.steps.push(current === 'pending' ? { ...change, repeat: undefined } : change);
    progress.set(message.id, entry);
  }
  return [...progress.values()];
}

/** Going out once more under the same id, or back into the line, is no step forward, but belongs into the timeline. */
const isNews = (from: MessageStatus, { status, repeat, hold }: StatusChange): boolean =>
  ((repeat ?? hold) !== undefined && from === 'sent') || isForward(from, status);

/** A failure counts only before WhatsApp took the message, and ends the way. */
function isForward(from: MessageStatus, to: MessageStatus): boolean {
  if (from === 'failed') return false;
  if (to === 'failed') return from === 'pending' || from === 'sent';
  return messageStatuses.indexOf(to) > messageStatuses.indexOf(from);
}

const isFirstSent = ({ status, repeat }: StatusChange) => status === 'sent' && !repeat;

/** A message that has just left; what changes another message is none of its own. */
const gone = ({ message, steps }: Progress): SeenMessage[] =>
  message.targetId === null && steps.some(isFirstSent) ? [{ ...message, fromMe: true }] : [];

/** What single recipients of a message say; what is done with messages is not counted. */
function receiptsOf(messages: LockedMessage[], batch: StatusChange[]): RecipientReceipt[] {
  const told = batch.filter(({ recipientId }) => recipientId);
  if (!told.length) return [];
  const byKey = new Map(messages.map((message) => [`${message.sessionId} ${message.messageId}`, message]));
  return told.flatMap(({ session: { sessionId }, messageId, recipientId, status, at }) => {
    const message = byKey.get(`${sessionId} ${messageId}`);
    return recipientId && message?.targetId === null ? [{ message, recipientId, status, at }] : [];
  });
}

/** Something done with a message takes effect once WhatsApp has it; a receipt may come before the ack, or instead of it. */
function taken({ message, steps }: Progress): TakenAction[] {
  const step = steps.at(-1);
  if (message.targetId === null || !step || step.status === 'failed') return [];
  const isTaken = (status: MessageStatus) => messageStatuses.indexOf(status) >= messageStatuses.indexOf('server_ack');
  return isTaken(step.status) && !isTaken(message.status) ? [{ session: step.session, message, at: step.at }] : [];
}

function updates(progress: Progress[]): unknown[] {
  const last = progress.map(({ steps }) => steps.at(-1));
  return [
    progress.map(({ message }) => message.id),
    last.map((step) => step?.status),
    last.map((step) => step?.errorCode ?? null),
    progress.map(({ steps }) =>
      JSON.stringify(
        steps.map(({ status, at, repeat, hold }) => ({
          status,
          at: at.toISOString(),
          reason: repeat ?? hold?.reason,
        })),
      ),
    ),
    progress.map(({ steps }) => steps.findLast(({ status }) => status === 'sent')?.at ?? null),
    last.map((step) => step?.hold?.until ?? null),
    last.map((step) => step?.hold?.reason ?? null),
  ];
}

function eventsOf({ message, steps }: Progress): NewEvent[] {
  const { id, messageId, chatId, tenantId, sessionId } = message;
  const news = steps.filter(({ repeat }) => !repeat);
  return news.map(({ status, errorCode = 'message.failed', at, session }): NewEvent => {
    const facts = { id, messageId, chatId, at: at.toISOString() };
    if (status === 'failed')
      return {
        tenantId,
        sessionId,
        type: 'message.failed',
        data: { ...facts, errorCode, detail: adviceOn(errorCode) },
      };
    if (status !== 'sent') return { tenantId, sessionId, type: 'message.status', data: { ...facts, status } };
    const { type, text, content, context, timestamp, isQuiet } = message;
    const said = { type, text, content, context, timestamp: timestamp.toISOString() };
    const from = { sender: session.account, fromMe: true, origin: 'api' as const };
    return {
      tenantId,
      sessionId,
      type: 'message.sent',
      isQuiet,
      data: { message: { id, messageId, chatId, ...from, ...said, status } },
    };
  });
}
