import type { SignalStore } from './auth/signal-store.js';

const TYPE = 'retry-counters';
const ID = 'all';
const MOST = 500;

/**
 * How often each message was sent again because a recipient could not read it; Baileys stops at a limit. Kept with the
 * keys of the session, in one row, so that a restart does not begin to count anew.
 */
export class RetryCounters {
  private counters: Promise<Map<string, number>> | null = null;

  constructor(private readonly store: SignalStore) {}

  async get<T>(key: string): Promise<T> {
    // Baileys' type leaves out that there may be nothing; its code does not.
    return (await this.load()).get(key) as T;
  }

  async set<T>(key: string, value: T): Promise<void> {
    const counters = await this.load();
    counters.delete(key);
    counters.set(key, Number(value));
    for (const oldest of counters.keys()) {
      if (counters.size <= MOST) break;
      counters.delete(oldest);
    }
    await this.save(counters);
  }

  async del(key: string): Promise<void> {
    const counters = await this.load();
    if (counters.delete(key)) await this.save(counters);
  }

  async flushAll(): Promise<void> {
    this.counters = Promise.resolve(new Map());
    await this.save(new Map());
  }

  private load(): Promise<Map<string, number>> {
    this.counters ??= this.read();
    return this.counters;
  }

  private async read(): Promise<Map<string, number>> {
    const rows = await this.store.get(TYPE as never, [ID]);
    const stored = (rows as Record<string, unknown>)[ID];
    return new Map(typeof stored === 'string' ? (JSON.parse(stored) as [string, number][]) : []);
  }

  private async save(counters: Map<string, number>): Promise<void> {
    await this.store.set({ [TYPE]: { [ID]: JSON.stringify([...counters]) } } as never);
  }
}
