interface Timer {
  dueAt: number;
  task: () => void;
  handle: NodeJS.Timeout | undefined;
}

/**
 * The network's time. It follows the real time, or stands still when it was given a moment to stop at; either way it
 * can be moved forward, and everything that became due then happens at once, in order.
 */
export class Clock {
  private ahead = 0;
  private readonly timers = new Set<Timer>();

  /** `stoppedAt`: milliseconds since 1970; absent: the clock runs. */
  constructor(private readonly stoppedAt?: number) {}

  /** Whether it only moves when it is told to. */
  get isStopped(): boolean {
    return this.stoppedAt !== undefined;
  }

  /** How many things are still to come. */
  get pending(): number {
    return this.timers.size;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return (this.stoppedAt ?? Date.now()) + this.ahead;
  }

  /** Seconds since 1970: how the service writes time. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Runs a task later; never keeps the process alive. The answer cancels it. */
  after(ms: number, task: () => void): () => void {
    const timer: Timer = { dueAt: this.now() + ms, task, handle: undefined };
    if (this.stoppedAt === undefined) timer.handle = setTimeout(() => this.fire(timer), ms).unref();
    this.timers.add(timer);
    return () => this.cancel(timer);
  }

  /** Moves the time forward; what becomes due on the way happens in order, each at its own moment. */
  advance(ms: number): void {
    const target = this.now() + ms;
    for (let next = this.nextBefore(target); next; next = this.nextBefore(target)) {
      this.ahead += Math.max(0, next.dueAt - this.now());
      this.fire(next);
    }
    this.ahead += Math.max(0, target - this.now());
  }

  private nextBefore(target: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) if (timer.dueAt <= target && (!next || timer.dueAt < next.dueAt)) next = timer;
    return next;
  }

  /** Drops everything that is still to come. */
  stop(): void {
    for (const timer of [...this.timers]) this.cancel(timer);
  }

  private cancel(timer: Timer): void {
    clearTimeout(timer.handle);
    this.timers.delete(timer);
  }

  private fire(timer: Timer): void {
    if (!this.timers.has(timer)) return;
    this.cancel(timer);
    timer.task();
  }
}

/** A time in seconds since 1970 as people and programs read it. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
