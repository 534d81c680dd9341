import type { Clock } from '../world/clock.js';

const TICK_MS = 20;
const SECOND = 1_000;

/**
 * Runs one task per id in order, as fast as they finish or at a steady rate. At a rate a single timer releases what
 * has become due, so that thousands of messages do not mean thousands of timers. Failures are the task's to report.
 */
export function sendMany(
  clock: Clock,
  ids: string[],
  ratePerSec: number | undefined,
  task: (id: string, n: number) => Promise<void>,
): void {
  if (ratePerSec === undefined) {
    void inTurn(ids, task);
    return;
  }
  const started = clock.now();
  let next = 0;
  const release = (): void => {
    const due = Math.min(ids.length, 1 + Math.floor(((clock.now() - started) * ratePerSec) / SECOND));
    for (; next < due; next++) void task(ids[next] ?? '', next + 1).catch(() => undefined);
    if (next < ids.length) clock.after(TICK_MS, release);
  };
  release();
}

async function inTurn(ids: string[], task: (id: string, n: number) => Promise<void>): Promise<void> {
  for (const [index, id] of ids.entries()) await task(id, index + 1).catch(() => undefined);
}
