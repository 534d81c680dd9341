import type { LoggedEvent } from './event-log.service.js';
import { isBefore, type LogPosition } from './log-position.js';

const MOST_EVENTS = 1000;
const MOST_CHARACTERS = 2_000_000;

/** The latest events of a tenant, for those who follow it closely; who is further behind reads the log. */
export class RecentEvents {
  private events: LoggedEvent[] = [];
  private characters = 0;
  /** Everything between these two is in `events`. */
  private start: LogPosition | null = null;
  private seen: LogPosition | null = null;
  private waiting: (() => void)[] = [];

  /** How far the log was read. */
  get end(): LogPosition | null {
    return this.seen;
  }

  /** Takes what was read after `end`, up to there. */
  add(events: LoggedEvent[], end: LogPosition): void {
    const isFirst = this.seen === null;
    this.start ??= end;
    this.seen = end;
    for (const event of events) this.characters += event.json.length;
    this.events.push(...events);
    this.trim();
    if (events.length || isFirst) this.wake();
  }

  /** What there is after a place; null when not all of it is here. */
  after(place: LogPosition): LoggedEvent[] | null {
    if (!this.start || isBefore(place, this.start)) return null;
    let first = this.events.length;
    for (let before = this.events[first - 1]; before && isBefore(place, before); before = this.events[first - 1])
      first -= 1;
    return this.events.slice(first);
  }

  /** Resolves when more has come, or when it is given up. */
  async more(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.waiting = this.waiting.filter((entry) => entry !== done);
        resolve();
      };
      signal.addEventListener('abort', done);
      this.waiting.push(done);
    });
  }

  private wake(): void {
    for (const done of this.waiting) done();
  }

  private trim(): void {
    let drop = 0;
    while (
      drop < this.events.length &&
      (this.events.length - drop > MOST_EVENTS || this.characters > MOST_CHARACTERS)
    ) {
      const event = this.events[drop];
      if (event) {
        this.characters -= event.json.length;
        this.start = event;
      }
      drop += 1;
    }
    if (drop) this.events = this.events.slice(drop);
  }
}
