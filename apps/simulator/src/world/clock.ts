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

  /** Moves the time forward. */
  advance(ms: number): void {
    this.ahead += ms;
    const due = [...this.timers].filter(({ dueAt }) => dueAt <= this.now()).sort((a, b) => a.dueAt - b.dueAt);
    for (const timer of due) this.fire(timer);
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
