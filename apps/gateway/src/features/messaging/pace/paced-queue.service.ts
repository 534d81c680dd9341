import { Inject, Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import { type Prepared, runPrepared } from '@app/database/prepared.js';
import { Clock } from '@app/platform/clock/clock.js';
import { newIdAt } from '@app/platform/ids/id.js';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import { LimitsService } from '../../limits/limits.service.js';
import {
  BEGIN_CHAT,
  BEGIN_TYPING,
  BEGUN_CHATS,
  FIND_UNJUDGED,
  FIRST_HELD,
  HOLD_COLD,
  HOLD_NEW,
  JUDGE,
  NEXT_MESSAGES,
  NEXT_TIME,
  RELEASE,
  RELEASE_CHATS,
  RELEASE_DUE,
} from './pace.queries.js';
import { RegimesService } from './regimes.service.js';

/** A message that may leave now, as far as the database can tell. */
export interface ReadyMessage extends Pick<Message, 'id' | 'chatId' | 'messageId' | 'status' | 'type'> {
  proto: Buffer;
  typingSeconds: number | null;
  priority: number;
  /** It begins a chat. */
  isNew: boolean;
}

const DAY_MS = 86_400_000;
const BATCH = 100;
/** Judged in one go. */
const BENCH = 500;
const RULES = ['account-restricted', 'account-capped', 'new-chats-used-up'];

/** The messages of sessions that send by rules. The rows are the queue: memory only spares questions. */
@Injectable()
export class PacedQueueService {
  /** When the first of the messages that are held back may leave, by session. */
  private readonly held = new LRUCache<string, { at: Date | null }>({ max: 10_000 });

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly regimes: RegimesService,
    private readonly limits: LimitsService,
    private readonly clock: Clock,
  ) {}

  /** What may leave now, the most urgent first; what the rules forbid is put off, visibly. */
  async next(sessionId: string): Promise<ReadyMessage[]> {
    await this.releaseDue(sessionId);
    await this.judgeAll(sessionId);
    for (;;) {
      const room = await this.roomForNewChats(sessionId);
      const ready = await this.firstReady(sessionId);
      if (room.left > 0) return withinBudget(ready, room.left);
      const beyond = ready.filter(({ isNew }) => isNew).map(({ id }) => id);
      const others = ready.filter(({ isNew }) => !isNew);
      const isHeld = await this.hold(HOLD_NEW, sessionId, { reason: 'new-chats-used-up', until: room.until }, beyond);
      if (others.length || !isHeld) return others;
    }
  }

  /** When to look again; null when nothing waits. */
  async nextTime(sessionId: string): Promise<Date | null> {
    const [row] = await runPrepared<{ at: Date }>(this.database, NEXT_TIME, [sessionId]);
    const held = await this.firstHeld(sessionId);
    if (!row || !held) return row?.at ?? held;
    return held < row.at ? held : row.at;
  }

  async beginTyping(sessionId: string, id: string): Promise<void> {
    await this.run(BEGIN_TYPING, [sessionId, id]);
  }

  /** Lets go what the rules held, to be judged again by those that are in force now. */
  async release(sessionId: string): Promise<void> {
    await this.run(RELEASE, [sessionId, RULES]);
    this.held.delete(sessionId);
  }

  /** Somebody wrote in these chats: what waits there is an answer now. Answers whether anything does. */
  async releaseChats(tx: EntityManager, sessionId: string, chatIds: string[]): Promise<boolean> {
    return (await runPrepared(tx, RELEASE_CHATS, [sessionId, RULES, chatIds])).length > 0;
  }

  /** Counts a chat, if the session has a limit of new ones. */
  async beginChat(sessionId: string, chatId: string): Promise<void> {
    if (this.regimes.of(sessionId)?.pacing.newChatsPerDay !== undefined)
      await this.run(BEGIN_CHAT, [sessionId, chatId]);
  }

  /** When chats were begun in the last 24 hours, oldest first; counted for sessions with a limit alone. */
  async newChats(sessionId: string): Promise<Date[]> {
    const rows = await runPrepared<{ at: Date }>(this.database, BEGUN_CHATS, [sessionId]);
    return rows.map(({ at }) => at);
  }

  /** Of the first messages in the line that hold any that may leave. */
  private async firstReady(sessionId: string): Promise<ReadyMessage[]> {
    for (let after = { priority: 0, id: '' }; ;) {
      const place = [sessionId, BATCH, after.priority, after.id];
      const rows = await runPrepared<ReadyMessage & { leaves: boolean }>(this.database, NEXT_MESSAGES, place);
      const ready = rows.filter(({ leaves }) => leaves);
      const last = rows.at(-1);
      if (ready.length || !last || rows.length < BATCH) return ready;
      after = last;
    }
  }

  private async releaseDue(sessionId: string): Promise<void> {
    const first = await this.firstHeld(sessionId);
    if (!first || first > this.clock.now()) return;
    await this.run(RELEASE_DUE, [sessionId, RULES]);
    this.held.delete(sessionId);
  }

  private async judgeAll(sessionId: string): Promise<void> {
    for (;;) {
      const fresh = await runPrepared<{ id: string }>(this.database, FIND_UNJUDGED, [sessionId, BENCH]);
      const ids = fresh.map(({ id }) => id);
      if (!ids.length) return;
      for (const held of this.limits.holds(sessionId))
        await this.hold(held.reason === 'account-restricted' ? HOLD_COLD : HOLD_NEW, sessionId, held, ids);
      await this.run(JUDGE, [sessionId, ids, newIdAt('message', new Date(this.clock.now().getTime() - DAY_MS))]);
      if (ids.length < BENCH) return;
    }
  }

  private async hold(
    statement: Prepared,
    sessionId: string,
    { reason, until }: { reason: string; until: Date },
    ids: string[],
  ): Promise<boolean> {
    if (!ids.length) return false;
    const held = await runPrepared(this.database, statement, [sessionId, reason, until, ids]);
    if (held.length) this.held.delete(sessionId);
    return held.length > 0;
  }

  /** From memory: with every look at the line somebody asks. */
  private async firstHeld(sessionId: string): Promise<Date | null> {
    const known = this.held.get(sessionId);
    if (known) return known.at;
    const [row] = await runPrepared<{ at: Date | null }>(this.database, FIRST_HELD, [sessionId]);
    const first = { at: row?.at ?? null };
    this.held.set(sessionId, first);
    return first.at;
  }

  private async roomForNewChats(sessionId: string): Promise<{ left: number; until: Date }> {
    const limit = this.regimes.of(sessionId)?.pacing.newChatsPerDay;
    const now = this.clock.now().getTime();
    if (limit === undefined) return { left: Infinity, until: new Date(now) };
    const begun = await this.newChats(sessionId);
    const first = begun[Math.max(0, begun.length - limit)]?.getTime() ?? now;
    return { left: Math.max(0, limit - begun.length), until: new Date(Math.max(now, first) + DAY_MS) };
  }

  private async run(statement: Prepared, values: unknown[]): Promise<void> {
    await runPrepared(this.database, statement, values);
  }
}

/** Up to the message that would begin a chat too many; the others of that chat must not overtake it. */
function withinBudget(ready: ReadyMessage[], budget: number): ReadyMessage[] {
  const begun = new Set<string>();
  return ready.filter(({ chatId, isNew }) => {
    if (isNew && begun.size < budget) begun.add(chatId);
    return !isNew || begun.has(chatId);
  });
}
