import type { Clock } from '../world/clock.js';

/** A slow line: what is pushed comes out in order, no faster than the given rate. */
export class Throttle {
  queuedBytes = 0;
  private readonly queue: Buffer[] = [];
  private isBusy = false;

  constructor(
    private readonly bytesPerSec: number,
    private readonly clock: Clock,
    private readonly write: (bytes: Buffer) => void,
  ) {}

  push(bytes: Buffer): void {
    this.queue.push(bytes);
    this.queuedBytes += bytes.length;
    if (!this.isBusy) this.next();
  }

  /** Writes what still waits at once. */
  flush(): void {
    for (const bytes of this.queue.splice(0)) this.write(bytes);
    this.queuedBytes = 0;
  }

  private next(): void {
    const [bytes] = this.queue;
    this.isBusy = bytes !== undefined;
    if (bytes) this.clock.after(Math.ceil((bytes.length * 1000) / this.bytesPerSec), () => this.release());
  }

  private release(): void {
    const bytes = this.queue.shift();
    if (bytes) {
      this.queuedBytes -= bytes.length;
      this.write(bytes);
    }
    this.next();
  }
}
