import { setTimeout as delay } from 'node:timers/promises';
import {
  ALL_WA_PATCH_NAMES,
  type AuthenticationCreds,
  type BinaryNode,
  encodeSyncdPatch,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  type LTHashState,
  newLTHashState,
  proto,
  S_WHATSAPP_NET,
  type WAPatchCreate,
  type WASocket,
} from '@whiskeysockets/baileys';
import { unavailable } from '@app/platform/errors/app-error.js';
import type { SettingEntry } from '../updates/settings.js';
import type { SettingsUpdate } from '../updates/wa-update.js';
import type { AppStateMarks } from './app-state-marks.js';
import { asAppError, timedOut } from './failure.js';
import { INITIAL, SettingsNews } from './settings-news.js';

const TRIES = 5;
const KEY_WITHIN_MS = 10_000;
const LOOK_MS = 100;

/** A setting to be written. */
export type NewSetting = Omit<WAPatchCreate, 'operation'> & {
  /** It is taken out of the log instead. */
  isRemoval?: boolean;
};

type Collection = (typeof ALL_WA_PATCH_NAMES)[number];

/** A setting that WhatsApp has taken; `stored` is to be called once it is stored here too. */
export interface WrittenSetting {
  entry: SettingEntry;
  stored(): void;
}

/** How the settings are read once more. */
export interface Resync {
  /** From the beginning, instead of what is new. */
  isFull: boolean;
  /** What could not be read, or was not stored whole, is read from the beginning. */
  repairs: boolean;
}

/** One of the logs that the settings are spread over, after it was read once more. */
export interface ReadCollection {
  name: Collection;
  isRead: boolean;
  wasRepaired: boolean;
  durationMs: number;
}

/** The settings of the account: an encrypted log on WhatsApp's servers that all its devices write and read. */
export class AppState {
  private readonly news: SettingsNews;
  private catchingUp: Promise<void> | null = null;
  /** Collections of which Baileys said that it could not read them. */
  private readonly failed = new Set<string>();

  constructor(
    private readonly socket: WASocket,
    private readonly creds: AuthenticationCreds,
    private readonly marks: AppStateMarks,
    onUpdate: (update: SettingsUpdate) => void,
  ) {
    this.news = new SettingsNews(marks, onUpdate);
  }

  /** Takes a setting that Baileys has read. */
  take(entry: SettingEntry): void {
    this.news.take(entry);
  }

  /** Has what was taken told soon. */
  gather(): void {
    this.news.gather();
  }

  /** Baileys could not read a collection, which it says in its log alone. */
  fail(name: string): void {
    this.failed.add(name);
  }

  /** Reads what was never read, or read and not stored. Waits for nobody: without a key it is called again. */
  catchUp(): Promise<void> {
    if (!this.creds.myAppStateKeyId) return Promise.resolve();
    return (this.catchingUp ??= this.readMissing().finally(() => (this.catchingUp = null)));
  }

  /** Reads everything once more. */
  async resync({ isFull, repairs }: Resync): Promise<ReadCollection[]> {
    await this.key();
    const marked = await this.marks.find([...ALL_WA_PATCH_NAMES]);
    const read: ReadCollection[] = [];
    for (const name of ALL_WA_PATCH_NAMES) {
      const started = performance.now();
      const isBroken = repairs && !isFull && marked.has(name);
      let isRead = await this.isReadable(name, isFull || isBroken);
      const isWorthATry = !isRead && repairs && !isFull;
      if (isWorthATry) isRead = await this.isReadable(name, true);
      const wasRepaired = isRead && (isBroken || isWorthATry);
      read.push({ name, isRead, wasRepaired, durationMs: Math.round(performance.now() - started) });
    }
    return read;
  }

  /** Writes a setting on top of the newest version; somebody else's writes in between only cost another try. */
  async write(setting: NewSetting): Promise<WrittenSetting> {
    const keyId = await this.key();
    const done = this.news.holdBack(setting.type);
    try {
      // Before the write leaves: after a crash the collection is read again.
      await this.marks.put(setting.type);
      for (let tries = 1; !(await this.tryToWrite(setting, keyId)); tries++)
        if (tries >= TRIES)
          throw unavailable('chat.settings-busy', 'Another device keeps changing the settings; try again.');
    } catch (error) {
      done();
      throw asAppError(error);
    }
    return { entry: { index: setting.index, value: { ...setting.syncAction, timestamp: Date.now() } }, stored: done };
  }

  private async readMissing(): Promise<void> {
    const marked = await this.marks.find([...ALL_WA_PATCH_NAMES, INITIAL]);
    const isFirst = !marked.has(INITIAL);
    const behind = ALL_WA_PATCH_NAMES.filter((name) => isFirst || marked.has(name));
    if (behind.length) await this.read(behind);
    if (isFirst) await this.marks.put(INITIAL);
  }

  /** From the beginning: what was read without being stored does not come again otherwise. */
  private async read(names: Collection[]): Promise<void> {
    await this.forget(names);
    await this.readOn(names);
  }

  private async isReadable(name: Collection, fromTheBeginning: boolean): Promise<boolean> {
    this.failed.delete(name);
    if (fromTheBeginning) await this.read([name]);
    else await this.readOn([name]);
    return !this.failed.delete(name);
  }

  private async forget(names: Collection[]): Promise<void> {
    const { keys } = this.socket.authState;
    const forgotten = Object.fromEntries(names.map((name) => [name, null]));
    await keys.transaction(() => Promise.resolve(keys.set({ 'app-state-sync-version': forgotten })), this.lockName());
  }

  private async readOn(names: Collection[]): Promise<void> {
    await this.socket.resyncAppState(names, false).catch((error: unknown) => {
      throw asAppError(error);
    });
  }

  /** The key comes from the phone some time after linking. */
  private async key(): Promise<string> {
    for (const end = Date.now() + KEY_WITHIN_MS; !this.creds.myAppStateKeyId; await delay(LOOK_MS))
      if (Date.now() > end)
        throw unavailable(
          'chat.settings-locked',
          'The phone has not shared the key of its settings yet; open WhatsApp on it.',
        );
    return this.creds.myAppStateKeyId;
  }

  /** False when somebody else was faster. Baileys' own write takes that refusal for success. */
  private tryToWrite(setting: NewSetting, keyId: string): Promise<boolean> {
    const { keys } = this.socket.authState;
    const { type: name } = setting;
    const attempt = async () => {
      await this.socket.resyncAppState([name], false);
      const { [name]: known } = await keys.get('app-state-sync-version', [name]);
      const { isRemoval, ...rest } = setting;
      const operation = proto.SyncdMutation.SyncdOperation[isRemoval ? 'REMOVE' : 'SET'];
      const syncAction = { ...setting.syncAction, timestamp: Date.now() };
      const keyOf = async (id: string) => (await keys.get('app-state-sync-key', [id]))[id];
      const create = { ...rest, syncAction, operation };
      const { patch, state } = await encodeSyncdPatch(create, keyId, known ?? newLTHashState(), keyOf);
      if (isRemoval && !forget(state, patch, known)) return true;
      const answer = (await this.socket.query(writeQuery(name, state.version - 1, patch))) as BinaryNode | undefined;
      const problem = problemIn(answer);
      if (problem === '409') return false;
      if (problem) throw unavailable('whatsapp.failed', `WhatsApp refused the setting with ${problem}.`);
      await keys.set({ 'app-state-sync-version': { [name]: state } });
      return true;
    };
    return this.socket.appStatePatchMutex.mutex(() => keys.transaction(attempt, this.lockName()));
  }

  private lockName(): string {
    return this.creds.me?.id ?? 'unlinked';
  }
}

/** Baileys keeps what it has just taken out, which spoils the checksum of the next write. False when nothing was there. */
function forget(state: LTHashState, patch: proto.ISyncdPatch, before: LTHashState | undefined): boolean {
  const index = Buffer.from(patch.mutations?.[0]?.record?.index?.blob ?? []).toString('base64');
  delete state.indexValueMap[index];
  return before !== undefined && index in before.indexValueMap;
}

function writeQuery(name: string, version: number, patch: proto.ISyncdPatch): BinaryNode {
  const content = [{ tag: 'patch', attrs: {}, content: proto.SyncdPatch.encode(patch).finish() }];
  const collection = {
    tag: 'collection',
    attrs: { name, version: String(version), return_snapshot: 'false' },
    content,
  };
  return {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'w:sync:app:state' },
    content: [{ tag: 'sync', attrs: {}, content: [collection] }],
  };
}

/** The code of a refusal; null when the write was taken. */
function problemIn(answer: BinaryNode | undefined): string | null {
  if (!answer) throw timedOut();
  const [collection] = getBinaryNodeChildren(getBinaryNodeChild(answer, 'sync'), 'collection');
  if (collection?.attrs.type !== 'error') return null;
  return getBinaryNodeChild(collection, 'error')?.attrs.code ?? 'error';
}
