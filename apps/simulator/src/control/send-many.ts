const TICK_MS = 20;

/**
 * Runs one task per id in order, as fast as they finish or at a steady rate. At a rate a single timer releases what
 * has become due, so that thousands of messages do not mean thousands of timers. Failures are the task's to report.
 */
export function sendMany(
  ids: string[],
  ratePerSec: number | undefined,
  task: (id: string, n: number) => Promise<void>,
): void {
  let next = 0;
  const release = (until: number): void => {
    for (; next < until; next++) void task(ids[next] ?? '', next + 1).catch(() => undefined);
  };
  if (ratePerSec === undefined) {
    void inTurn(ids, task);
    return;
  }
  const started = Date.now();
  release(1);
  const timer = setInterval(() => {
    const due = 1 + Math.floor(((Date.now() - started) * ratePerSec) / 1000);
    release(Math.min(ids.length, due));
    if (next >= ids.length) clearInterval(timer);
  }, TICK_MS).unref();
}

async function inTurn(ids: string[], task: (id: string, n: number) => Promise<void>): Promise<void> {
  for (const [index, id] of ids.entries()) await task(id, index + 1).catch(() => undefined);
}
