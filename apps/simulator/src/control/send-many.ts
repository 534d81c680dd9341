import type { Core } from '../world/core.js';

const TICK_MS = 20;
const SECOND = 1_000;

/** Sends the n-th message of an order under an id. */
type Task = (id: string, n: number) => Promise<void>;

/**
 * Runs one task per id in order, as fast as they finish or at a steady rate. At a rate a single timer releases what
 * has become due, so that thousands of messages do not mean thousands of timers. It ends with the network.
 */
export function sendMany(core: Core, ids: string[], ratePerSec: number | undefined, task: Task): void {
  const run = async (index: number): Promise<void> => {
    const id = ids[index] ?? '';
    try {
      await task(id, index + 1);
    } catch (error) {
      core.logger.warn({ err: error, id }, 'a message could not be sent');
    }
  };
  if (ratePerSec === undefined) void inTurn(core, ids.length, run);
  else atRate(core, ids.length, ratePerSec, run);
}

async function inTurn({ clock }: Core, count: number, run: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; index < count && !clock.hasEnded; index++) await run(index);
}

function atRate({ clock }: Core, count: number, ratePerSec: number, run: (index: number) => Promise<void>): void {
  const started = clock.now();
  let next = 0;
  const release = (): void => {
    const due = Math.min(count, 1 + Math.floor(((clock.now() - started) * ratePerSec) / SECOND));
    while (next < due) void run(next++);
    const wait = Math.ceil(started + (next * SECOND) / ratePerSec - clock.now());
    if (next < count) clock.after(Math.max(TICK_MS, wait), release);
  };
  release();
}
