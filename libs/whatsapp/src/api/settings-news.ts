import { setTimeout as delay } from 'node:timers/promises';
import { readLabelSetting } from '../updates/labels.js';
import { readMessageMark } from '../updates/marks.js';
import { readChatSetting, readContactSetting, type SettingEntry } from '../updates/settings.js';
import type { SettingsUpdate } from '../updates/wa-update.js';
import type { AppStateMarks } from './app-state-marks.js';

/** Marks a session whose settings were read once, whole. */
export const INITIAL = 'initial';
/** Baileys tells what it read right after it has kept the version. */
const GATHER_MS = 50;
const RIPE_MS = 25;
/** Pauses between tries to have news stored; after the last one they are left to the next connection. */
const RETRY_MS = [500, 2_000, 10_000, 30_000, 60_000];

/**
 * What was read of the settings, on its way to those who store it: one batch after the other, each until it is stored, so
 * that nothing older comes after something newer. Only then the marks go that would have it read again.
 */
export class SettingsNews {
  private entries: SettingEntry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isTelling = false;
  private isDue = false;
  /** Collections that are written right now, and how often: their marks stay until that is stored, too. */
  private readonly writing = new Map<string, number>();
  /** Marks that stay, such as those of collections of which something could not be stored. */
  private readonly staying = new Set<string>([INITIAL]);

  constructor(
    private readonly marks: AppStateMarks,
    private readonly onUpdate: (update: SettingsUpdate) => void,
  ) {}

  take(entry: SettingEntry): void {
    this.entries.push(entry);
    this.gather();
  }

  /** Has what was taken told soon. */
  gather(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.tell(), GATHER_MS).unref();
  }

  /** Keeps the mark of a collection until what this answers is called. */
  holdBack(name: string): () => void {
    this.writing.set(name, (this.writing.get(name) ?? 0) + 1);
    return () => {
      const left = (this.writing.get(name) ?? 1) - 1;
      if (left) this.writing.set(name, left);
      else this.writing.delete(name);
      this.gather();
    };
  }

  private async tell(): Promise<void> {
    this.isDue = true;
    if (this.isTelling) return;
    this.isTelling = true;
    while (this.isDue) {
      this.isDue = false;
      // A mark that stays only has the same read once more.
      await this.tellBatch().catch(() => undefined);
    }
    this.isTelling = false;
  }

  private async tellBatch(): Promise<void> {
    const marks = this.removable();
    const entries = this.entries.splice(0);
    if (!entries.length || (await this.isStored(entries))) await this.marks.remove(marks);
    else for (const name of marks.keys()) this.staying.add(name);
  }

  private async isStored(entries: SettingEntry[]): Promise<boolean> {
    for (const pauseMs of [...RETRY_MS, null]) {
      const work: Promise<void>[] = [];
      this.onUpdate({ ...read(entries), storing: (part) => void work.push(part) });
      const parts = await Promise.allSettled(work);
      if (parts.every(({ status }) => status === 'fulfilled')) return true;
      if (pauseMs !== null) await delay(pauseMs, undefined, { ref: false });
    }
    return false;
  }

  private removable(): Map<string, string> {
    const marks = [...this.marks.olderThan(RIPE_MS)].filter(
      ([name]) => !this.staying.has(name) && !this.writing.has(name),
    );
    return new Map(marks);
  }
}

function read(entries: SettingEntry[]): Omit<SettingsUpdate, 'storing'> {
  const some = <T>(reader: (entry: SettingEntry) => T | null) => entries.flatMap((entry) => reader(entry) ?? []);
  return {
    kind: 'settings',
    chats: some(readChatSetting),
    contacts: some(readContactSetting),
    labels: some(readLabelSetting),
    marks: some(readMessageMark),
  };
}
