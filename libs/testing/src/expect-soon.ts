import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats an expectation until it holds; fails with its last failure after `timeoutMs`. */
export async function soon<T>(expectation: () => T | Promise<T>, timeoutMs = 40_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; await sleep(10)) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
