import {
  BufferJSON,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import type { KeyRing } from '@app/platform/secrets/key-ring.js';
import type { DataSource } from 'typeorm';
import type { Fence, JournalRow, StateWrite, StateWriter } from './state-writer.js';

/** The type under which a journal row travels through Baileys' key transactions, next to the ratchet it belongs to. */
export const JOURNAL = 'inbound-journal';

const CACHED_ROWS = 5_000;
const MOST_PENDING = 1_000;
const ABSENT = Symbol('absent');
/** Read once or seldom, and many: not worth a place in the cache. */
const UNCACHED = new Set(['pre-key']);
/** Written by libsignal as fresh objects, so that the same object means the same value. The others are changed in place. */
const IMMUTABLE = new Set(['session', 'sender-key', 'identity-key']);

/**
 * The Signal keys of one session: a write-behind cache over sealed rows. `set` changes the cache at once and queues the
 * rows; `committed` tells when they are durable, and FrameGate holds back what WhatsApp may not see before. After a
 * failed write the store refuses everything, because its cache is ahead of the database; `onFailure` tells the owner,
 * who must end the connection.
 */
export class SignalStore implements SignalKeyStore {
  private readonly cache = new LRUCache<string, object | string | symbol>({ max: CACHED_ROWS });
  /** Values on their way to the database; they may not fall out of the cache before they are there. */
  private readonly dirty = new Map<string, object | string | symbol>();
  private latest: Promise<void> = Promise.resolve();
  private pending = 0;
  private failure: unknown = null;

  constructor(
    private readonly fence: Fence,
    private readonly writer: StateWriter,
    private readonly database: DataSource,
    private readonly ring: KeyRing,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Promise<Record<string, SignalDataTypeMap[T]>> {
    this.assertUsable();
    const found: Record<string, SignalDataTypeMap[T]> = {};
    const missing: string[] = [];
    for (const id of ids) {
      const key = rowKey(type, id);
      const value = this.dirty.get(key) ?? this.cache.get(key);
      if (value === undefined) missing.push(id);
      else if (value !== ABSENT) found[id] = copy(type, value) as SignalDataTypeMap[T];
    }
    if (missing.length) await this.load(type, missing, found);
    return found;
  }

  async set(data: SignalDataSet & { [JOURNAL]?: Record<string, JournalRow> }): Promise<void> {
    this.assertUsable();
    const keys: StateWrite['keys'] = [];
    for (const [type, rows] of Object.entries(data)) {
      if (type === JOURNAL) continue;
      for (const [id, value] of Object.entries(rows as Record<string, object | string | null>))
        if (this.remember(type, id, value))
          keys.push({ type, id, seal: value === null ? null : this.sealer(type, id) });
    }
    const journal = Object.values(data[JOURNAL] ?? {});
    // Nothing is left when Baileys repeats at the end of a send what was written while it encrypted.
    if (keys.length || journal.length) void this.queue({ fence: this.fence, keys, journal, credentials: null });
    // A database that falls behind slows the session down instead of filling the memory.
    if (this.pending > MOST_PENDING) await this.latest;
  }

  saveCredentials(sealed: Buffer): Promise<void> {
    this.assertUsable();
    return this.queue({ fence: this.fence, keys: [], journal: [], credentials: sealed });
  }

  /** Resolves when everything set so far is committed. */
  get committed(): Promise<void> {
    return this.latest;
  }

  get isWriting(): boolean {
    return this.pending > 0;
  }

  private queue(rows: StateWrite): Promise<void> {
    const pending = rows.keys.map(({ type, id }) => {
      const key = rowKey(type, id);
      return [key, this.dirty.get(key)] as const;
    });
    this.pending++;
    // Chained: what comes later must not pass as committed when something before it failed.
    this.latest = Promise.all([this.latest, this.writer.write(rows)]).then(
      () => {
        this.pending--;
        for (const [key, value] of pending) if (this.dirty.get(key) === value) this.dirty.delete(key);
      },
      (error: unknown) => {
        this.failure ??= error;
        this.onFailure(error);
        throw error;
      },
    );
    // Whoever needs the write awaits it; the failure itself was reported above.
    this.latest.catch(() => undefined);
    return this.latest;
  }

  /** False when the row holds this very value already. */
  private remember(type: string, id: string, value: object | string | null): boolean {
    const key = rowKey(type, id);
    const known = this.dirty.get(key) ?? this.cache.get(key);
    const isSame = IMMUTABLE.has(type) || typeof value === 'string' ? known === value : false;
    if (isSame) return false;
    const kept = value === null ? ABSENT : (copy(type, value) as object | string);
    this.dirty.set(key, kept);
    if (!UNCACHED.has(type)) this.cache.set(key, kept);
    return true;
  }

  private async load(type: string, ids: string[], found: Record<string, unknown>): Promise<void> {
    const rows: { id: string; sealed: Buffer }[] = await this.database.query(
      'SELECT id, sealed FROM signal_keys WHERE session_id = $1 AND type = $2 AND id = ANY($3)',
      [this.fence.sessionId, type, ids],
    );
    const stored = new Map(rows.map(({ id, sealed }) => [id, this.open(type, id, sealed)]));
    for (const id of ids) {
      const key = rowKey(type, id);
      // A write that came in while the database was read is newer than what was read.
      const value = this.dirty.get(key) ?? this.cache.get(key) ?? stored.get(id) ?? ABSENT;
      if (!UNCACHED.has(type)) this.cache.set(key, value);
      if (value !== ABSENT) found[id] = copy(type, value);
    }
  }

  /** Seals the value that is remembered right now. */
  private sealer(type: string, id: string): () => Buffer {
    const value = this.dirty.get(rowKey(type, id));
    return () => this.ring.seal(Buffer.from(JSON.stringify(value, BufferJSON.replacer)), this.context(type, id));
  }

  private open(type: string, id: string, sealed: Buffer): object | string {
    const json = this.ring.open(sealed, this.context(type, id)).toString();
    const value = JSON.parse(json, BufferJSON.reviver) as object | string;
    return type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value as object) : value;
  }

  private context(type: string, id: string): string {
    return `signal-key:${this.fence.sessionId}:${type}:${id}`;
  }

  private assertUsable(): void {
    if (this.failure) throw new Error('the Signal store failed before', { cause: this.failure });
  }
}

const rowKey = (type: string, id: string) => `${type} ${id}`;

function copy(type: string, value: object | string | symbol): unknown {
  if (IMMUTABLE.has(type) || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return [...(value as unknown[])];
  return Object.getPrototypeOf(value) === Object.prototype ? { ...value } : value;
}
