import { Inject, Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { Clock } from '@app/platform/clock/clock.js';
import { DataSource, type EntityManager } from 'typeorm';
import { LimitsService } from '../../limits/limits.service.js';
import {
  BEGIN_CHAT,
  BEGIN_TYPING,
  BEGUN_CHATS,
  HOLD_COLD,
  HOLD_NEW,
  NEXT_MESSAGES,
  NEXT_TIME,
  RELEASE,
  RELEASE_CHATS,
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
const RULES = ['account-restricted', 'account-capped', 'new-chats-used-up'];

/** The messages of sessions that send by rules. The rows are the queue: nothing of it is kept in memory. */
@Injectable()
export class PacedQueueService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly regimes: RegimesService,
    private readonly limits: LimitsService,
    private readonly clock: Clock,
  ) {}

  /** What may leave now, the most urgent first; what the rules forbid is put off, visibly. */
  async next(sessionId: string): Promise<ReadyMessage[]> {
    for (const { reason, until } of this.limits.holds(sessionId))
      await this.run(reason === 'account-restricted' ? HOLD_COLD : HOLD_NEW, [sessionId, reason, until]);
    const room = await this.roomForNewChats(sessionId);
    if (room.left === 0) await this.run(HOLD_NEW, [sessionId, 'new-chats-used-up', room.until]);
    const ready = await runPrepared<ReadyMessage>(this.database, NEXT_MESSAGES, [sessionId, BATCH]);
    return withinBudget(ready, room.left);
  }

  /** When to look again; null when nothing waits. */
  async nextTime(sessionId: string): Promise<Date | null> {
    const [row] = await runPrepared<{ at: Date }>(this.database, NEXT_TIME, [sessionId]);
    return row?.at ?? null;
  }

  async beginTyping(sessionId: string, id: string): Promise<void> {
    await this.run(BEGIN_TYPING, [sessionId, id]);
  }

  /** Lets go what the rules held, to be judged again by those that are in force now. */
  async release(sessionId: string): Promise<void> {
    await this.run(RELEASE, [sessionId, RULES]);
  }

  /** Somebody wrote in these chats: what was held there is an answer now. */
  async releaseChats(tx: EntityManager, sessionId: string, chatIds: string[]): Promise<void> {
    await runPrepared(tx, RELEASE_CHATS, [sessionId, RULES, chatIds]);
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

  private async roomForNewChats(sessionId: string): Promise<{ left: number; until: Date }> {
    const limit = this.regimes.of(sessionId)?.pacing.newChatsPerDay;
    const now = this.clock.now().getTime();
    if (limit === undefined) return { left: Infinity, until: new Date(now) };
    const begun = await this.newChats(sessionId);
    const first = begun[Math.max(0, begun.length - limit)]?.getTime() ?? now;
    return { left: Math.max(0, limit - begun.length), until: new Date(Math.max(now, first) + DAY_MS) };
  }

  private async run(statement: { name: string; text: string }, values: unknown[]): Promise<void> {
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
