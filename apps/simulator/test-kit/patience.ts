import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 20_000;
const BETWEEN_LOOKS_MS = 10;

type Answer<T> = T | undefined | false | null;

/** Something there may be no answer to yet. */
export type Probe<T> = () => Answer<T>;

/** The same, for what has to be asked for. */
export type Look<T> = () => Promise<Answer<T>>;

/** Asks again with every change, until there is an answer; says what was missing when that takes too long. */
export async function untilChanged<T>(
  signals: EventEmitter,
  probe: Probe<T>,
  missing: () => string | Promise<string>,
): Promise<T> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const answer = probe();
    if (answer) return answer;
    await once(signals, 'change', { signal }).catch(() => undefined);
    if (signal.aborted) throw new Error(await missing());
  }
}

/** Looks again and again, for what nobody announces. */
export async function untilSeen<T>(look: Look<T>, missing: () => string | Promise<string>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const answer = await look();
    if (answer) return answer;
    await pause(BETWEEN_LOOKS_MS);
  }
  throw new Error(await missing());
}
