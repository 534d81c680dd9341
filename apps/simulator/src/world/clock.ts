import type { Guard } from './guard.js';

interface Timer {
  dueAt: number;
  task: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** What becomes due while the time is moved: up to when, and the timers, the next one last. */
interface Journey {
  target: number;
  due: Timer[];
}

/** The runtime takes a longer time for none at all. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;
/** As much as may happen in one go while everybody else waits. */
const MAX_EVENTS = 100_000;

/**
 * The network's time. It follows the real time, or stands still when it was given a moment to stop at; either way it
 * can be moved forward, and everything that became due then happens at once, in order.
 */
export class Clock {
  /** Runs what is due; a network puts its own guard here. */
  guard: Guard = (work) => {
    work();
    return true;
  };
  private ahead = 0;
  private isOver = false;
  private journey: Journey | undefined;
  private readonly timers = new Set<Timer>();

  /** `stoppedAt`: milliseconds since 1970; absent: the clock runs. */
  constructor(private readonly stoppedAt?: number) {}

  /** Whether it only moves when it is told to. */
  get isStopped(): boolean {
    return this.stoppedAt !== undefined;
  }

  /** Whether the network it belongs to is gone. */
  get hasEnded(): boolean {
    return this.isOver;
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
    if (this.isOver) return () => undefined;
    this.timers.add(timer);
    this.arm(timer);
    if (this.journey && timer.dueAt <= this.journey.target) insert(this.journey.due, timer);
    return () => this.cancel(timer);
  }

  /** Runs a task as soon as what is being done is done, whatever the time is. */
  soon(task: () => void): void {
    setImmediate(() => void (this.isOver || this.guard(task)));
  }

  /** Runs a task when real time has passed: for whoever waits for clients, who live outside of the network's time. */
  meanwhile(ms: number, task: () => void): void {
    setTimeout(() => void (this.isOver || this.guard(task)), ms).unref();
  }

  /**
   * Moves the time forward; what becomes due on the way happens in order, each at its own moment. When too much happens
   * it stops on the way and answers how many milliseconds are left.
   */
  advance(ms: number): number {
    const target = this.now() + ms;
    const due = [...this.timers].filter(({ dueAt }) => dueAt <= target);
    // The last one first; of two at the same moment the one that was set first comes first.
    this.journey = { target, due: due.reverse().sort((a, b) => b.dueAt - a.dueAt) };
    const isThere = this.travel(this.journey);
    this.journey = undefined;
    if (isThere) this.ahead += Math.max(0, target - this.now());
    for (const timer of this.timers) this.arm(timer);
    return isThere ? 0 : Math.max(0, target - this.now());
  }

  /** A clock that starts like this one did, for the network that follows. */
  renewed(): Clock {
    return new Clock(this.stoppedAt);
  }

  /** Ends it with its network: nothing happens any more, neither what is still to come nor what is asked for later. */
  stop(): void {
    this.isOver = true;
    for (const timer of [...this.timers]) this.cancel(timer);
  }

  private travel({ due }: Journey): boolean {
    for (let events = 0; events < MAX_EVENTS; events++) {
      const next = due.pop();
      if (!next) return true;
      this.ahead += Math.max(0, next.dueAt - this.now());
      this.fire(next);
    }
    return due.length === 0;
  }

  private arm(timer: Timer): void {
    if (this.stoppedAt !== undefined) return;
    clearTimeout(timer.handle);
    this.sleep(timer, Math.max(0, timer.dueAt - this.now()));
  }

  private sleep(timer: Timer, ms: number): void {
    const step = Math.min(ms, LONGEST_SLEEP_MS);
    timer.handle = setTimeout(() => (ms > step ? this.sleep(timer, ms - step) : this.fire(timer)), step).unref();
  }

  private cancel(timer: Timer): void {
    clearTimeout(timer.handle);
    this.timers.delete(timer);
  }

  private fire(timer: Timer): void {
    if (!this.timers.has(timer)) return;
    this.cancel(timer);
    this.guard(timer.task);
  }
}

/** A time in seconds since 1970 as people and programs read it. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** Puts a timer where it belongs in a list that ends with the next one; behind those of the same moment. */
function insert(due: Timer[], timer: Timer): void {
  let [low, high] = [0, due.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((due[middle]?.dueAt ?? 0) > timer.dueAt) low = middle + 1;
    else high = middle;
  }
  due.splice(low, 0, timer);
}
