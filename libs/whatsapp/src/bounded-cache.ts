import { LRUCache } from 'lru-cache';

/**
 * A cache as Baileys wants it, bounded and without a timer per entry. It belongs to the session and outlives its sockets,
 * so that retry counters and device lists survive a reconnect.
 */
export class BoundedCache {
  private readonly entries: LRUCache<string, object | string | number | boolean>;

  constructor(max: number, ttlMs: number) {
    this.entries = new LRUCache({ max, ttl: ttlMs });
  }

  get<T>(key: string): T | undefined {
    return this.entries.get(key) as T | undefined;
  }

  set<T>(key: string, value: T): void {
    this.entries.set(key, value as object);
  }

  del(key: string): void {
    this.entries.delete(key);
  }

  flushAll(): void {
    this.entries.clear();
  }
}
