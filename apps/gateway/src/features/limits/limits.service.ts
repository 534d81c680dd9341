import { EventEmitter } from 'node:events';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AccountLimits } from '@app/database/entities/account-limits.entity.js';
import { Clock } from '@app/platform/clock/clock.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { NewChatCap, TimeLock } from '@app/whatsapp/updates/wa-update.js';
import type { WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { Repository } from 'typeorm';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { eventsOf, type Hold, holdsOf, withCap, withLock } from './standing.js';

/** After the end of a restriction, in case WhatsApp's clock is behind ours. */
const LATER_MS = 1_000;
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Knows what WhatsApp holds accounts back from: a row per session, from what WhatsApp tells by itself, what it answers
 * at each connect and at the end of each restriction, and when it refuses a message.
 */
@Injectable()
export class LimitsService implements Partial<TrafficHandler>, OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(LimitsService.name);
  /** Of the sessions that this process has met. */
  private readonly known = new Map<string, AccountLimits>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly asking = new Map<string, Promise<void>>();
  private readonly changes = new EventEmitter();

  constructor(
    @InjectRepository(AccountLimits) private readonly limits: Repository<AccountLimits>,
    private readonly traffic: SessionTrafficService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  onReady(session: LiveSession): void {
    void this.ask(session);
  }

  onUpdate(session: LiveSession, update: WaUpdate): void {
    if (update.kind === 'time-lock') void this.learn(session, { lock: update.lock });
    if (update.kind === 'new-chat-cap') void this.learn(session, { cap: update.cap });
  }

  /** Calls `handler` after the limits of a session changed. */
  onChange(handler: (sessionId: string) => void): void {
    this.changes.on('change', handler);
  }

  /** What the account must not do now. The session must have been loaded. */
  holds(sessionId: string): Hold[] {
    return holdsOf(this.known.get(sessionId), this.clock.now());
  }

  /** Reads what is known of a session that this process begins to hold. */
  async load(sessionId: string): Promise<void> {
    const row = await this.limits.findOneBy({ sessionId });
    if (row) this.remember(row);
    else this.known.delete(sessionId);
  }

  async find(sessionId: string): Promise<AccountLimits | null> {
    return this.limits.findOneBy({ sessionId });
  }

  /** Asks WhatsApp; calls that come meanwhile share the answer. Failures are logged: it tells by itself, too. */
  async ask(session: LiveSession): Promise<void> {
    const running = this.asking.get(session.sessionId);
    if (running) return running;
    const asked = this.askBoth(session)
      .catch(() => this.logger.warn('the limits of an account could not be asked for'))
      .finally(() => this.asking.delete(session.sessionId));
    this.asking.set(session.sessionId, asked);
    return asked;
  }

  private async askBoth(session: LiveSession): Promise<void> {
    const { connection } = session;
    if (!connection) return;
    const [lock, cap] = await Promise.all([connection.standing.timeLock(), connection.standing.newChatCap()]);
    await this.learn(session, { lock, cap });
  }

  /** Stores news together with the events that tell of them; failures are logged. */
  private async learn(session: LiveSession, news: { lock?: TimeLock; cap?: NewChatCap }): Promise<void> {
    try {
      await this.record(session, news);
    } catch (error) {
      this.logger.error('limits could not be stored', error instanceof Error ? error.stack : undefined);
    }
  }

  private async record({ sessionId, tenantId }: LiveSession, { lock, cap }: { lock?: TimeLock; cap?: NewChatCap }) {
    const changed = await this.limits.manager.transaction(async (tx) => {
      await tx.upsert(AccountLimits, { sessionId, tenantId }, { conflictPaths: ['sessionId'] });
      const before = await tx.findOneOrFail(AccountLimits, {
        where: { sessionId },
        lock: { mode: 'pessimistic_write' },
      });
      const after = { ...before, ...(lock && withLock(lock)), ...(cap && withCap(cap)) };
      const events = eventsOf(before, after);
      await tx.save(AccountLimits, after);
      await this.outbox.add(tx, events);
      return { after, isNews: events.length > 0 };
    });
    this.remember(changed.after);
    if (changed.isNews) this.changes.emit('change', sessionId);
  }

  /** Keeps it at hand, and asks again when a restriction should be over: nobody may tell. */
  private remember(row: AccountLimits): void {
    const { sessionId } = row;
    this.known.set(sessionId, row);
    clearTimeout(this.timers.get(sessionId));
    const now = this.clock.now().getTime();
    const ends = holdsOf(row, this.clock.now()).map(({ until }) => until.getTime());
    if (!ends.length) return void this.timers.delete(sessionId);
    const delayMs = Math.min(Math.min(...ends) - now + LATER_MS, LONGEST_TIMER_MS);
    const timer = setTimeout(() => {
      const session = this.traffic.find(sessionId);
      if (session) void this.ask(session);
    }, delayMs);
    this.timers.set(sessionId, timer.unref());
  }
}
