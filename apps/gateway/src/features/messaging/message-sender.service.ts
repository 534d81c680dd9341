import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { MessageStatus } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import type { AppError } from '@app/platform/errors/app-error.js';
import { MESSAGES_WAIT } from '@app/platform/events/channels.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import { DataSource } from 'typeorm';
import { type LiveSession, SessionTrafficService } from '../sessions/session-traffic.service.js';
import { MessageStatusesService, type StatusChange } from './message-statuses.service.js';
import { UNSENT_MESSAGES } from './messages.queries.js';

/** A stored message on its way out. */
export interface Outgoing {
  id: string;
  chatId: string;
  messageId: string;
  proto: Buffer;
  /** `sent` when it has been on the wire before. */
  status?: MessageStatus;
}

/** The line of one session: messages leave it one after the other, as they were accepted. */
interface Line {
  queue: Outgoing[];
  /** The running drain; null while there is none. */
  draining: Promise<void> | null;
  /** Rows are being read from the database; what is handed in meanwhile is found there. */
  isRefilling: boolean;
  /** Sending stopped in mid-queue: nothing may overtake what is left, so the next thing is a refill. */
  isResting: boolean;
  /** What the next round of a refill looks for. */
  wanted: { pending: boolean; unacknowledged: boolean };
  /** How often each message that could not be handed over was tried. */
  tries: Map<string, number>;
}

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
  private readonly lines = new Map<string, Line>();

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly traffic: SessionTrafficService,
    private readonly statuses: MessageStatusesService,
    private readonly presence: ProcessPresence,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.presence.listen(MESSAGES_WAIT, (sessionId) => {
      // Without a name: notifications may have been missed, so everybody looks.
      const sessions = sessionId === '' ? this.traffic.all() : [this.traffic.find(sessionId)];
      for (const session of sessions) if (session?.connection) void this.refill(session, false);
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

  private enqueue(session: LiveSession, message: Outgoing): void {
    const line = this.line(session.sessionId);
    line.wanted.pending = true;
    if (line.isRefilling || line.isResting) return;
    line.queue.push(message);
    void this.drain(session, line);
  }

  /** Sends everything that waits: pending rows, and with `resend` also those that never got an ack. */
  async refill(session: LiveSession, resend: boolean): Promise<void> {
    const line = this.line(session.sessionId);
    const { wanted } = line;
    wanted.pending = true;
    wanted.unacknowledged ||= resend;
    if (line.isRefilling) return;
    line.isRefilling = true;
    try {
      await line.draining;
      while ((wanted.pending || wanted.unacknowledged) && session.connection) {
        const { unacknowledged } = wanted;
        wanted.pending = wanted.unacknowledged = line.isResting = false;
        await this.sendRows(session, line, unacknowledged ? ['pending', 'sent'] : ['pending']);
        if (!line.isResting) continue;
        wanted.unacknowledged = unacknowledged;
        break;
      }
    } catch (error) {
      this.logger.error('messages that wait could not be read', error instanceof Error ? error.stack : undefined);
      wanted.unacknowledged = true;
      rest(line);
      this.refillLater(session);
    } finally {
      line.isRefilling = false;
    }
  }

  private refillLater(session: LiveSession): void {
    setTimeout(() => void this.refill(session, false), RETRY_MS).unref();
  }

  private async sendRows(session: LiveSession, line: Line, statuses: string[]): Promise<void> {
    for (let after = ''; session.connection && !line.isResting;) {
      const rows = await runPrepared<Outgoing>(this.database, UNSENT_MESSAGES, [session.sessionId, statuses, after]);
      if (!rows.length) return;
      after = rows.at(-1)?.id ?? after;
      line.queue = rows;
      await this.drain(session, line);
    }
  }

  /** Resolves when the line is empty and every outcome is stored, or when sending stopped. */
  private drain(session: LiveSession, line: Line): Promise<void> {
    return (line.draining ??= this.sendAll(session, line));
  }

  private async sendAll(session: LiveSession, line: Line): Promise<void> {
    const flights: Promise<Outcome | null>[] = [];
    let last: Outcome | null = null as Outcome | null;
    const land = async () => {
      const outcome = await flights.shift();
      if (outcome) last = outcome;
      else rest(line);
    };
    try {
      do {
        for (let next = line.queue.shift(); next; next = line.queue.shift()) {
          const { connection } = session;
          if (connection) flights.push(this.send(session, connection, line, next));
          else rest(line);
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
    line: Line,
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

  private line(sessionId: string): Line {
    const known = this.lines.get(sessionId);
    if (known) return known;
    const line: Line = {
      queue: [],
      draining: null,
      isRefilling: false,
      isResting: false,
      wanted: { pending: false, unacknowledged: false },
      tries: new Map(),
    };
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

/** Stops the line: what is left stays in the database, and is read again when there is a connection. */
function rest(line: Line): void {
  line.queue = [];
  line.isResting = true;
}
