import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { AccountLimits } from '@app/database/entities/account-limits.entity.js';
import type { Session } from '@app/database/entities/session.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { DataSource } from 'typeorm';
import { LimitsService } from '../limits/limits.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionSettingsService } from '../sessions/session-settings.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { PacedQueueService } from './pace/paced-queue.service.js';
import { FIND_LAST_ACK, MEASURE_QUEUE } from './session-health.queries.js';

/** What waits to be sent, and what was sent last. */
export interface QueueState {
  pending: number;
  oldestPendingAt: Date | null;
  /** Of those that wait: which wait for what, and until when. */
  waiting: { reason: string; count: number; until: string | null }[];
  /** On the wire without WhatsApp's ack. */
  unacknowledged: number;
}

export interface SessionHealth {
  session: Session;
  /** How long WhatsApp took to answer just now; null when it did not, or there is no connection. */
  roundTripMs: number | null;
  limits: AccountLimits | null;
  /** Chats begun in the last 24 hours, and how many the settings allow; null when they set no limit. */
  newChats: { used: number; allowed: number } | null;
  queue: QueueState;
  lastAckAt: string | null;
}

const ping = command<null, number>('sessions.ping');

/** How a session is doing: whether WhatsApp answers, what it allows, and what waits to be sent. */
@Injectable()
export class SessionHealthService implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly sessions: SessionsService,
    private readonly settings: SessionSettingsService,
    private readonly commands: SessionCommandsService,
    private readonly limits: LimitsService,
    private readonly paced: PacedQueueService,
  ) {}

  onModuleInit(): void {
    this.commands.on(ping, (connection) => connection.standing.ping());
  }

  async get(actor: Actor, id: string): Promise<SessionHealth> {
    const session = await this.sessions.get(actor, id);
    const [roundTripMs, limits, newChats, queue, lastAckAt] = await Promise.all([
      this.roundTrip(actor, id),
      this.limits.find(id),
      this.newChats(actor, id),
      this.queue(id),
      this.lastAck(id),
    ]);
    return { session, roundTripMs, limits, newChats, queue, lastAckAt };
  }

  private roundTrip(actor: Actor, id: string): Promise<number | null> {
    return this.commands.run(actor, id, ping, null).catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
  }

  private async newChats(actor: Actor, id: string): Promise<SessionHealth['newChats']> {
    const allowed = (await this.settings.get(actor, id)).pacing?.newChatsPerDay;
    return allowed === undefined ? null : { allowed, used: (await this.paced.newChats(id)).length };
  }

  private async queue(id: string): Promise<QueueState> {
    const [state] = await runPrepared<QueueState>(this.database, MEASURE_QUEUE, [id]);
    return state ?? { pending: 0, oldestPendingAt: null, waiting: [], unacknowledged: 0 };
  }

  private async lastAck(id: string): Promise<string | null> {
    const [row] = await runPrepared<{ at: string | null }>(this.database, FIND_LAST_ACK, [id]);
    return row?.at ?? null;
  }
}
