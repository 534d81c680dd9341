import type { SignalDataSet, SignalKeyStore, WAPatchName } from '@whiskeysockets/baileys';
import type { SignalStore } from '../auth/signal-store.js';

const MARKS = 'app-state-mark';

/** Of all connections of this process: one that is over must not take away the mark of the next. */
let count = 0;

/**
 * Which collections of settings have moved on further than what is stored of them here. Baileys keeps the version of a
 * collection and forgets what it read in the same breath: a crash before that is stored would lose it. So the mark is
 * written in the transaction of the version, and taken away once what was read is stored.
 */
export class AppStateMarks {
  private readonly current = new Map<string, { mark: string; since: number }>();

  constructor(
    private readonly store: SignalStore,
    private readonly onMarked: () => void,
  ) {}

  /** The store as Baileys sees it. */
  get keys(): SignalKeyStore {
    return {
      get: (type, ids) => this.store.get(type, ids),
      set: async (data) => {
        const versions = data['app-state-sync-version'] ?? {};
        const names = (Object.keys(versions) as WAPatchName[]).filter((name) => versions[name]);
        if (names.length) await this.mark(names, data);
        else await this.store.set(data);
      },
    };
  }

  async find(ids: string[]): Promise<Set<string>> {
    return new Set(Object.keys(await this.stored(ids)));
  }

  async put(id: string): Promise<void> {
    await this.mark([id], {});
  }

  /** The marks that were there some time ago: what was read with the others may still be on its way. */
  olderThan(ms: number): Map<string, string> {
    const before = Date.now() - ms;
    return new Map([...this.current].flatMap(([id, { mark, since }]) => (since <= before ? [[id, mark]] : [])));
  }

  /** Takes away those that are still what they were. */
  async remove(marks: Map<string, string>): Promise<void> {
    const stored = await this.stored([...marks.keys()]);
    const isUnchanged = ([id, mark]: [string, string]) => stored[id] === mark && this.current.get(id)?.mark === mark;
    const gone = [...marks].filter(isUnchanged).map(([id]) => id);
    if (!gone.length) return;
    for (const id of gone) this.current.delete(id);
    await this.store.set({ [MARKS]: Object.fromEntries(gone.map((id) => [id, null])) } as SignalDataSet);
  }

  private async stored(ids: string[]): Promise<Record<string, unknown>> {
    return this.store.get(MARKS as never, ids);
  }

  private async mark(ids: string[], data: SignalDataSet): Promise<void> {
    const marks = ids.map((id) => [id, String(++count)] as const);
    for (const [id, mark] of marks) this.current.set(id, { mark, since: Infinity });
    await this.store.set({ ...data, [MARKS]: Object.fromEntries(marks) } as SignalDataSet);
    for (const [id, mark] of marks)
      if (this.current.get(id)?.mark === mark) this.current.set(id, { mark, since: Date.now() });
    this.onMarked();
  }
}
