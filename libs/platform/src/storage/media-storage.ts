import type { Readable } from 'node:stream';

/** Bytes `start` to `end`, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Where the bytes of media lie: a folder or a bucket. Keys are ours, `ten_…/med_…`, and are never written twice. */
export abstract class MediaStorage {
  /** Stores all of `content` or nothing; returns once it is durable. What a crash leaves of it, `remove` removes. */
  abstract put(key: string, content: Readable): Promise<void>;
  /** The bytes, or null when there is no such object. Whoever asks must read or destroy the stream. */
  abstract open(key: string, range?: ByteRange): Promise<Readable | null>;
  abstract stat(key: string): Promise<{ sizeBytes: number } | null>;
  /** Also fine for keys that do not exist. */
  abstract remove(keys: string[]): Promise<void>;
  /** Lets go of connections. */
  close(): void {}
}

/** The one of the installation, where everything lies that no tenant keeps in a bucket of its own. */
export abstract class SharedStorage extends MediaStorage {}
