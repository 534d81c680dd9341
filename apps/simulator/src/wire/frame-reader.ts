const PROLOGUE = Buffer.from([0x57, 0x41, 6, 3]);
const EDGE_ROUTING = Buffer.from([0x45, 0x44, 0, 1]);
const EDGE_HEADER_BYTES = 7;
const LENGTH_BYTES = 3;

/**
 * Cuts a byte stream into frames. The first bytes are the prologue, optionally preceded by an edge-routing header;
 * frames may be split over WebSocket messages and several may share one.
 */
export class FrameReader {
  private pending: Buffer = Buffer.alloc(0);
  private isPrologueRead = false;

  constructor(private readonly maxFrameBytes: number) {}

  /** Adds received bytes and returns the frames that are now complete; throws when the stream cannot be ours. */
  push(chunk: Buffer): Buffer[] {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    if (!this.isPrologueRead && !this.readPrologue()) return [];
    const frames: Buffer[] = [];
    while (this.pending.length >= LENGTH_BYTES) {
      const size = this.pending.readUIntBE(0, LENGTH_BYTES);
      if (size > this.maxFrameBytes) throw new Error(`frame of ${size} bytes`);
      if (this.pending.length < LENGTH_BYTES + size) break;
      frames.push(this.pending.subarray(LENGTH_BYTES, LENGTH_BYTES + size));
      this.pending = this.pending.subarray(LENGTH_BYTES + size);
    }
    return frames;
  }

  private readPrologue(): boolean {
    const routed = startsLike(this.pending, EDGE_ROUTING);
    if (!routed && !startsLike(this.pending, PROLOGUE)) throw new Error('unknown prologue');
    if (this.pending.length < EDGE_HEADER_BYTES && routed) return false;
    const start = routed ? EDGE_HEADER_BYTES + this.pending.readUIntBE(4, LENGTH_BYTES) : 0;
    if (start > this.maxFrameBytes) throw new Error('oversized routing header');
    if (this.pending.length < start + PROLOGUE.length) return false;
    this.pending = this.pending.subarray(start);
    if (!startsLike(this.pending, PROLOGUE)) throw new Error('unknown prologue');
    this.pending = this.pending.subarray(PROLOGUE.length);
    this.isPrologueRead = true;
    return true;
  }
}

function startsLike(bytes: Buffer, expected: Buffer): boolean {
  const length = Math.min(bytes.length, expected.length);
  return bytes.subarray(0, length).equals(expected.subarray(0, length));
}
