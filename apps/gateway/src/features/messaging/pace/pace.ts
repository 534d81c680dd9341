import type { Pacing } from '@app/database/entities/session-settings.js';
import { quietUntil } from './quiet-hours.js';

export const PRIORITIES = { reply: 0, normal: 1, bulk: 2 } as const;
export type Priority = keyof typeof PRIORITIES;

/** The urgency of a message that the rules hold back, and of one that the line has not looked at. */
export const HELD = 3;
export const UNJUDGED = 9;

const MINUTE_MS = 60_000;

/** The pace of one session: messages leave evenly, and after a pause some may leave at once. */
export class Pace {
  private readonly intervalMs: number;
  private readonly slackMs: number;
  /** When the line would be empty if messages left evenly; ahead of now by what has left early. */
  private evenUntil: number;
  private jitterUntil = 0;

  /** Begins with one message: how many left just before a restart is not known. */
  constructor(
    private readonly pacing: Pacing,
    now: Date,
    private readonly random: () => number = Math.random,
  ) {
    this.intervalMs = pacing.messagesPerMinute ? MINUTE_MS / pacing.messagesPerMinute : 0;
    this.slackMs = this.intervalMs * ((pacing.burst ?? 1) - 1);
    this.evenUntil = now.getTime() + this.slackMs;
  }

  /** When the next message of a priority may leave; not later than now when it may at once. */
  next(priority: number, now: Date): Date {
    const { quietHours } = this.pacing;
    const quiet = quietHours && priority > PRIORITIES.reply ? quietUntil(quietHours, now) : null;
    // A clock that was put back must not stop the line.
    const even = Math.min(Math.ceil(this.evenUntil - this.slackMs), now.getTime() + this.intervalMs);
    return new Date(Math.max(now.getTime(), even, this.jitterUntil, quiet?.getTime() ?? 0));
  }

  /** How far apart messages leave, on average. */
  static gapMs({ messagesPerMinute, jitterMs = 0 }: Pacing): number {
    return (messagesPerMinute ? MINUTE_MS / messagesPerMinute : 0) + jitterMs / 2;
  }

  /** A message leaves. */
  take(now: Date): void {
    this.evenUntil = Math.max(this.evenUntil, now.getTime()) + this.intervalMs;
    const even = Math.max(now.getTime(), this.evenUntil - this.slackMs);
    this.jitterUntil = Math.ceil(even + this.random() * (this.pacing.jitterMs ?? 0));
  }
}
