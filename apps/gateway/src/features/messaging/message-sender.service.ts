import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type Prepared, runPrepared } from '@app/database/prepared.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import type { AppError } from '@app/platform/errors/app-error.js';
import { MESSAGES_WAIT } from '@app/platform/events/channels.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import { DataSource } from 'typeorm';
import { type LiveSession, SessionTrafficService } from '../sessions/session-traffic.service.js';
import { MessageStatusesService, type StatusChange } from './message-statuses.service.js';
import { type Outgoing, MessageLine } from './message-line.js';
import { PENDING_MESSAGES, UNACKNOWLEDGED_MESSAGES } from './messages.queries.js';
import { PacedLineService } from './pace/paced-line.service.js';
import { RegimesService } from './pace/regimes.service.js';

/** A row of the line; `isHeld` ones must not leave yet. */
type StoredMessage = Outgoing & { urgency: number; isHeld: boolean };

/** What became of a message, still being stored. */
interface Outcome {
  stored: Promise<void>;
}

/** Messages of one session on their way to the wire at once; they leave it in order and share commits. */
const WINDOW = 16;
const TRIES = 3;
const RETRY_MS = 2_000;

/**
 * Sends committed messages in order. The rows are the queue: memory only spares reading them again. After a reconnect
 * everything without a server ack goes out once more under the same id, which recipients drop if they have it.
 */
@Injectable()
export class MessageSenderService implements OnModuleInit {
  private readonly logger = new Logger(MessageSenderService.name);
  private readonly lines = new Map<string, MessageLine>();

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly traffic: SessionTrafficService,
    private readonly statuses: MessageStatusesService,
    private readonly presence: ProcessPresence,
    private readonly regimes: RegimesService,
    private readonly paced: PacedLineService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.regimes.onChange((sessionId) => {
      const session = this.traffic.find(sessionId);
      this.line(sessionId).isStale = true;
      if (session) void this.refill(session, false);
    });
    await this.presence.listen(MESSAGES_WAIT, (sessionId) => {
      for (const session of this.traffic.named(sessionId)) if (session.connection) void this.refill(session, false);
    });
  }

  /** Sends a message whose row is committed: from here, or by telling the process that holds the session. */
  async handOver(message: Outgoing & { sessionId: string }): Promise<void> {
    const session = this.traffic.find(message.sessionId);
    if (!session) await this.database.query('SELECT pg_notify($1, $2)', [MESSAGES_WAIT, message.sessionId]);
    // Not connected: it is found in the database as soon as the session is ready.
    else if (session.connection) this.enqueue(session, message);
  }

  /** Has somebody look for messages of the session that wait in the database. */
  async nudge(sessionId: string): Promise<void> {
    const session = this.traffic.find(sessionId);
    if (session) await this.refill(session, false);
    else await this.database.query('SELECT pg_notify($1, $2)', [MESSAGES_WAIT, sessionId]);
  }

  /** Sends a message once more that WhatsApp did not confirm; resolves when that is stored, or did not work. */
  async resend(session: LiveSession, { chatId, messageId, proto }: Outgoing): Promise<void> {
    const { connection } = session;
    try {
      await connection?.messages.send(chatId, messageId, proto);
    } catch {
      return; // It is still overdue.
    }
    if (connection) await this.statuses.record(sent(session, messageId, 'no-ack'));
  }

  /** Whether what has no ack is being sent again anyway, after a reconnect. */
  isCatchingUp(sessionId: string): boolean {
    return this.lines.get(sessionId)?.isCatchingUp ?? false;
  }

  private enqueue(session: LiveSession, message: Outgoing): void {
    const line = this.line(session.sessionId);
    line.want({ unacknowledged: false });
    if (line.isRefilling || line.isResting) return;
    if (message.typingSeconds || line.isStale || this.regimes.isRegulated(session.sessionId))
      return void this.refill(session, false);
    line.queue.push(message);
    void this.drain(session, line);
  }

  /** Sends everything that waits: pending rows, and with `resend` also those that never got an ack. */
  async refill(session: LiveSession, resend: boolean): Promise<void> {
    const line = this.line(session.sessionId);
    const { wanted } = line;
    line.want({ unacknowledged: resend });
    line.isStale ||= resend;
    if (line.isRefilling) return;
    line.isRefilling = true;
    try {
      await line.draining;
      while ((wanted.pending || wanted.unacknowledged) && session.connection) {
        const { unacknowledged } = wanted;
        wanted.pending = wanted.unacknowledged = line.isResting = false;
        if (line.isStale) await this.learnRules(session, line);
        await this.sendRows(session, line, unacknowledged);
        if (!line.isResting) continue;
        wanted.unacknowledged ||= unacknowledged;
        break;
      }
    } catch (error) {
      this.logger.error('messages that wait could not be read', error instanceof Error ? error.stack : undefined);
      wanted.unacknowledged = line.isStale = true;
      line.rest();
      this.refillLater(session);
    } finally {
      line.isRefilling = false;
      this.passOn(session, line);
    }
  }

  /** The session may have been lost and taken again while its line was asleep. */
  private passOn(session: LiveSession, { wanted }: MessageLine): void {
    const current = this.traffic.find(session.sessionId);
    if (current && current !== session && current.connection && (wanted.pending || wanted.unacknowledged))
      void this.refill(current, false);
  }

  private async learnRules({ sessionId }: LiveSession, line: MessageLine): Promise<void> {
    line.isStale = false;
    await this.paced.learnRules(sessionId);
  }

  private refillLater(session: LiveSession): void {
    setTimeout(() => void this.refill(session, false), RETRY_MS).unref();
  }

  private async sendRows(session: LiveSession, line: MessageLine, unacknowledged: boolean): Promise<void> {
    if (unacknowledged) {
      await this.sendStored(session, line, UNACKNOWLEDGED_MESSAGES);
      line.isCatchingUp = line.isResting;
    }
    const isFree =
      !this.regimes.isRegulated(session.sessionId) && (await this.sendStored(session, line, PENDING_MESSAGES));
    if (isFree || line.isResting) return;
    const send = (message: Outgoing) => {
      line.queue = [message];
      return this.drain(session, line);
    };
    const rules = { alarm: line.alarm, mustStop: () => line.mustStop(), hasNews: () => line.hasNews(), send };
    await this.paced.run(session, rules);
  }

  /** False when there are messages that must not leave yet. */
  private async sendStored(session: LiveSession, line: MessageLine, which: Prepared): Promise<boolean> {
    for (let after = { urgency: 0, id: '' }; session.connection && !line.isResting;) {
      const place = [session.sessionId, after.urgency, after.id];
      const rows = await runPrepared<StoredMessage>(this.database, which, place);
      if (!rows.length) return true;
      if (rows.some(({ isHeld }) => isHeld)) return false;
      after = rows.at(-1) ?? after;
      line.queue = rows;
      await this.drain(session, line);
    }
    return true;
  }

  /** Resolves when the line is empty and every outcome is stored, or when sending stopped. */
  private drain(session: LiveSession, line: MessageLine): Promise<void> {
    return (line.draining ??= this.sendAll(session, line));
  }

  private async sendAll(session: LiveSession, line: MessageLine): Promise<void> {
    const flights: Promise<Outcome | null>[] = [];
    let last: Outcome | null = null as Outcome | null;
    const land = async () => {
      const outcome = await flights.shift();
      if (outcome) last = outcome;
      else line.rest();
    };
    try {
      do {
        for (let next = line.queue.shift(); next; next = line.queue.shift()) {
          const { connection } = session;
          if (connection) flights.push(this.send(session, connection, line, next));
          else line.rest();
          if (flights.length >= WINDOW) await land();
        }
        while (flights.length) await land();
        // Outcomes are stored in order: the last one covers the others.
        await last?.stored;
      } while (line.queue.length);
    } finally {
      // In the same turn as the look at the queue, or a message that comes in between would wait for ever.
      line.draining = null;
    }
  }

  /** The outcome, still being stored; null when the message stays pending and the line rests. */
  private async send(
    session: LiveSession,
    connection: WaConnection,
    line: MessageLine,
    { id, chatId, messageId, proto, status }: Outgoing,
  ): Promise<Outcome | null> {
    try {
      await connection.messages.send(chatId, messageId, proto);
      line.tries.delete(id);
      const repeat = status === 'sent' ? ('reconnected' as const) : undefined;
      return { stored: this.statuses.record(sent(session, messageId, repeat)) };
    } catch (error) {
      const { kind, code } = error as AppError; // MessagesApi throws nothing else
      const tries = (line.tries.get(id) ?? 0) + 1;
      line.tries.set(id, tries);
      if (kind === 'unavailable' && (tries < TRIES || !session.connection)) {
        this.refillLater(session);
        return null;
      }
      line.tries.delete(id);
      const change = { session, messageId, status: 'failed', at: new Date(), errorCode: code } as const;
      return { stored: this.statuses.record(change) };
    }
  }

  private line(sessionId: string): MessageLine {
    const known = this.lines.get(sessionId);
    if (known) return known;
    const line = new MessageLine();
    this.lines.set(sessionId, line);
    return line;
  }
}

const sent = (session: LiveSession, messageId: string, repeat?: StatusChange['repeat']): StatusChange => ({
  session,
  messageId,
  status: 'sent',
  at: new Date(),
  repeat,
});
