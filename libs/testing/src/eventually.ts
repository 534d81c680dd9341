import { setTimeout as sleep } from 'node:timers/promises';

type Falsy = false | null | undefined | 0 | '';

/** Repeats `probe` until it answers something truthy, and returns that; fails with `what` when it takes too long. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = 60_000,
): Promise<Exclude<T, Falsy>> {
  for (const end = Date.now() + timeoutMs; ; await sleep(20)) {
    const answer = await probe();
    if (answer) return answer as Exclude<T, Falsy>;
    if (Date.now() > end) throw new Error(`It did not happen within ${timeoutMs / 1000} s: ${what}`);
  }
}
