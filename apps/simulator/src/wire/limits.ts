/** How much of the process clients may take. The defaults leave room for load tests; set them lower to test against. */
export interface Limits {
  /** Connections at once; more are refused with HTTP 503. */
  connections: number;
  /** Connections of one address that have not proved yet who they are. */
  unprovenPerAddress: number;
  /** What one client may send, on average over a second. */
  stanzasPerSec: number;
  bytesPerSec: number;
  /** What may wait for a client that does not read. */
  queuedBytes: number;
}

const MiB = 1024 * 1024;

/** Far beyond what any honest client does. */
export const generousLimits: Limits = {
  connections: 50_000,
  unprovenPerAddress: 10_000,
  stanzasPerSec: 10_000,
  bytesPerSec: 32 * MiB,
  queuedBytes: 64 * MiB,
};

/**
 * Watches the rate of one client. It goes by real time, not by the network's clock: what it protects is the process,
 * and a clock that stands still must not make every client a flood.
 */
export class FloodGauge {
  private stanzas = 0;
  private bytes = 0;
  private checkedAt = performance.now();

  constructor(private readonly limits: Limits) {}

  /** Counts what came; false when it was too much. */
  bears(stanzas: number, bytes: number): boolean {
    const { stanzasPerSec, bytesPerSec } = this.limits;
    const now = performance.now();
    const seconds = (now - this.checkedAt) / 1000;
    this.checkedAt = now;
    this.stanzas = Math.max(0, this.stanzas - seconds * stanzasPerSec) + stanzas;
    this.bytes = Math.max(0, this.bytes - seconds * bytesPerSec) + bytes;
    return this.stanzas <= stanzasPerSec && this.bytes <= bytesPerSec;
  }
}
