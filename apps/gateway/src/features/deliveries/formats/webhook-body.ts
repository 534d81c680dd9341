import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';

/** The bytes of a file, as often as they are asked for. */
export interface FileBytes {
  sizeBytes: number;
  open(): Promise<Readable>;
}

/**
 * What is posted: text, with a file as base64 somewhere in it perhaps. That is read twice, for the signature and for
 * the request, rather than held in memory: many receivers can be slow at the same time.
 */
export class WebhookBody {
  readonly sizeBytes: number;
  private readonly after: string;
  private readonly before: string;

  /** The file stands where `place` is. */
  constructor(
    text: string,
    private readonly file: FileBytes | null = null,
    place = '',
  ) {
    const at = file ? text.indexOf(place) : text.length;
    this.before = text.slice(0, at);
    this.after = file ? text.slice(at + place.length) : '';
    const base64 = file ? 4 * Math.ceil(file.sizeBytes / 3) : 0;
    this.sizeBytes = Buffer.byteLength(this.before) + base64 + Buffer.byteLength(this.after);
  }

  /** HMAC-SHA256 of `prefix` and this, by each of the keys. */
  async signedBy(keys: (string | Buffer)[], prefix = ''): Promise<Buffer[]> {
    const signatures = keys.map((key) => createHmac('sha256', key).update(prefix).update(this.before));
    for await (const part of this.rest()) for (const signature of signatures) signature.update(part);
    return signatures.map((signature) => signature.digest());
  }

  content(): string | Readable {
    return this.file ? Readable.from(this.all(), { objectMode: false }) : this.before;
  }

  private async *all(): AsyncGenerator<string> {
    yield this.before;
    yield* this.rest();
  }

  /** Three bytes make four letters; what is left of a chunk goes with the next one. */
  private async *rest(): AsyncGenerator<string> {
    if (!this.file) return;
    let left = Buffer.alloc(0);
    for await (const chunk of (await this.file.open()) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([left, chunk]);
      const whole = bytes.length - (bytes.length % 3);
      left = bytes.subarray(whole);
      if (whole > 0) yield bytes.toString('base64', 0, whole);
    }
    if (left.length) yield left.toString('base64');
    yield this.after;
  }
}
