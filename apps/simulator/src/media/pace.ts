import type { Clock } from '../world/clock.js';

const STEP_MS = 50;

/** Passes bytes on at a steady rate of the network's time. */
export async function* paced(
  content: AsyncIterable<Buffer>,
  bytesPerSec: number,
  clock: Clock,
): AsyncGenerator<Buffer> {
  const portion = Math.max(1, Math.floor((bytesPerSec * STEP_MS) / 1000));
  const stepMs = (portion / bytesPerSec) * 1000;
  for await (const chunk of content)
    for (let start = 0; start < chunk.length; start += portion) {
      await new Promise<void>((resolve) => void clock.after(stepMs, resolve));
      yield chunk.subarray(start, start + portion);
    }
}
