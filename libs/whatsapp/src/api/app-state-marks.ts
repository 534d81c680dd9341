import type { SignalDataSet, SignalKeyStore, WAPatchName } from '@whiskeysockets/baileys';
import type { SignalStore } from '../auth/signal-store.js';

const MARKS = 'app-state-mark';

/**
 * Which collections of settings have moved on further than what is stored of them here. Baileys keeps the version of a
 * collection and forgets what it read in the same breath: a crash before that is stored would lose it. So the mark is
 * written in the transaction of the version, and taken away once what was read is stored.
 */
export class AppStateMarks {
  private readonly current = new Map<string, string>();
  private count = 0;

  constructor(
    private readonly store: SignalStore,
    private readonly onMarked: () => void,
  ) {}

  /** The store as Baileys sees it. */
  get keys(): SignalKeyStore {
    return {
      get: (type, ids) => this.store.get(type, ids),
      set: (data) => this.store.set(this.withMarks(data)),
    };
  }

  async find(ids: string[]): Promise<Set<string>> {
    return new Set(Object.keys(await this.store.get(MARKS as never, ids)));
  }

  async put(id: string): Promise<void> {
    await this.store.set({ [MARKS]: { [id]: this.next(id) } } as SignalDataSet);
  }

  /** The marks as they are now. */
  snapshot(): Map<string, string> {
    return new Map(this.current);
  }

  /** Takes away those that are still what they were. */
  async remove(marks: Map<string, string>): Promise<void> {
    const gone = [...marks].filter(([id, mark]) => this.current.get(id) === mark).map(([id]) => id);
    if (!gone.length) return;
    for (const id of gone) this.current.delete(id);
    await this.store.set({ [MARKS]: Object.fromEntries(gone.map((id) => [id, null])) } as SignalDataSet);
  }

  private withMarks(data: SignalDataSet): SignalDataSet {
    const versions = data['app-state-sync-version'] ?? {};
    const names = (Object.keys(versions) as WAPatchName[]).filter((name) => versions[name]);
    if (!names.length) return data;
    this.onMarked();
    return { ...data, [MARKS]: Object.fromEntries(names.map((name) => [name, this.next(name)])) } as SignalDataSet;
  }

  private next(id: string): string {
    const mark = String(++this.count);
    this.current.set(id, mark);
    return mark;
  }
}
