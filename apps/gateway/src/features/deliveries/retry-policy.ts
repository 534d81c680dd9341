import { Injectable } from '@nestjs/common';

const FIRST_DELAY_MS = 10_000;
const LONGEST_DELAY_MS = 8 * 3_600_000;

/** When a failed delivery is tried again: exponential back-off with full jitter, about a day in all. */
@Injectable()
export class RetryPolicy {
  readonly maxAttempts: number = 12;

  /** How long to wait after the `attempts`-th attempt failed; null when that was the last. */
  delayMs(attempts: number): number | null {
    if (attempts >= this.maxAttempts) return null;
    return Math.ceil(Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 4 ** (attempts - 1)));
  }
}
