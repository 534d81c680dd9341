import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is not null; fails after the time given. */
export async function until<T>(
  what: string,
  probe: () => T | null | Promise<T | null>,
  { timeoutMs = 60_000, everyMs = 10 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await sleep(everyMs);
  }
}

/** Does the work for every item, some of them side by side; the results keep the order of the items. */
export async function eachOf<T, R>(
  items: readonly T[],
  sideBySide: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, items.length) }, worker));
  return results;
}
