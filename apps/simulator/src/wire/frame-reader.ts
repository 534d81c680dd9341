const PROLOGUE = Buffer.from([0x57, 0x41, 6, 3]);
const EDGE_ROUTING = Buffer.from([0x45, 0x44, 0, 1]);
const EDGE_HEADER_BYTES = 7;
const LENGTH_BYTES = 3;
const MAX_ROUTING_BYTES = 16 * 1024;

/**
 * Cuts a byte stream into frames. The first bytes are the prologue, optionally preceded by an edge-routing header;
 * frames may be split over WebSocket messages and several may share one.
 */
export class FrameReader {
  private pending: Buffer = Buffer.alloc(0);
  /** What came since `pending`, not yet joined: a frame that trickles in byte by byte must not be copied each time. */
  private chunks: Buffer[] = [];
  private available = 0;
  private needed = 1;
  private isPrologueRead = false;

  constructor(private readonly maxFrameBytes: number) {}

  /** Adds received bytes and returns the frames that are now complete; throws when the stream cannot be ours. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.available += chunk.length;
    if (this.available < this.needed) return [];
    this.pending = Buffer.concat([this.pending, ...this.chunks.splice(0)]);
    const frames = this.isPrologueRead || this.readPrologue() ? this.cut() : [];
    this.available = this.pending.length;
    return frames;
  }

  private cut(): Buffer[] {
    this.needed = LENGTH_BYTES;
    const frames: Buffer[] = [];
    while (this.pending.length >= LENGTH_BYTES) {
      const size = this.pending.readUIntBE(0, LENGTH_BYTES);
      if (size > this.maxFrameBytes) throw new Error(`frame of ${size} bytes`);
      this.needed = LENGTH_BYTES + size;
      if (this.pending.length < this.needed) break;
      frames.push(this.pending.subarray(LENGTH_BYTES, LENGTH_BYTES + size));
      this.pending = this.pending.subarray(this.needed);
      this.needed = LENGTH_BYTES;
    }
    return frames;
  }

  private readPrologue(): boolean {
    const routed = startsLike(this.pending, EDGE_ROUTING);
    if (!routed && !startsLike(this.pending, PROLOGUE)) throw new Error('unknown prologue');
    if (this.pending.length < EDGE_HEADER_BYTES && routed) return false;
    const start = routed ? EDGE_HEADER_BYTES + this.pending.readUIntBE(4, LENGTH_BYTES) : 0;
    if (start > MAX_ROUTING_BYTES) throw new Error('oversized routing header');
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
