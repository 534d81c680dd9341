import { setTimeout as delay } from 'node:timers/promises';
import {
  ALL_WA_PATCH_NAMES,
  type AuthenticationCreds,
  type BinaryNode,
  encodeSyncdPatch,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  newLTHashState,
  proto,
  S_WHATSAPP_NET,
  type WAPatchCreate,
  type WASocket,
} from '@whiskeysockets/baileys';
import { unavailable } from '@app/platform/errors/app-error.js';
import { readLabelSetting } from '../updates/labels.js';
import { readChatSetting, readContactSetting, type SettingEntry } from '../updates/settings.js';
import type { SettingsUpdate } from '../updates/wa-update.js';
import type { AppStateMarks } from './app-state-marks.js';
import { asAppError, timedOut } from './failure.js';

const TRIES = 5;
const KEY_WITHIN_MS = 10_000;
const LOOK_MS = 100;
/** Baileys tells what it read right after it has kept the version. */
const GATHER_MS = 50;
/** Marks a session whose settings were read once, whole. */
const INITIAL = 'initial';

/** A setting to be written. */
export type NewSetting = Omit<WAPatchCreate, 'operation'>;

/** A setting that WhatsApp has taken; `stored` is to be called once it is stored here too. */
export interface WrittenSetting {
  entry: SettingEntry;
  stored(): Promise<void>;
}

/** The settings of the account: an encrypted log on WhatsApp's servers that all its devices write and read. */
export class AppState {
  private entries: SettingEntry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private catchingUp: Promise<void> | null = null;
  private readonly writing = new Set<string>();

  constructor(
    private readonly socket: WASocket,
    private readonly creds: AuthenticationCreds,
    private readonly marks: AppStateMarks,
    private readonly onUpdate: (update: SettingsUpdate) => void,
  ) {}

  /** Takes a setting that Baileys has read. */
  take(entry: SettingEntry): void {
    this.entries.push(entry);
    this.gather();
  }

  /** Has what was taken told soon. */
  gather(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), GATHER_MS).unref();
  }

  /** Reads what was never read, or read and not stored. Waits for nobody: without a key it is called again. */
  catchUp(): Promise<void> {
    if (!this.creds.myAppStateKeyId) return Promise.resolve();
    return (this.catchingUp ??= this.readMissing().finally(() => (this.catchingUp = null)));
  }

  /** Reads everything once more. */
  async resync(): Promise<void> {
    await this.key();
    await this.read([...ALL_WA_PATCH_NAMES]);
  }

  /** Writes a setting on top of the newest version; somebody else's writes in between only cost another try. */
  async write(setting: NewSetting): Promise<WrittenSetting> {
    const keyId = await this.key();
    this.writing.add(setting.type);
    try {
      // Before the write leaves: after a crash the collection is read again.
      await this.marks.put(setting.type);
      for (let tries = 1; !(await this.tryToWrite(setting, keyId)); tries++)
        if (tries >= TRIES)
          throw unavailable('chat.settings-busy', 'Another device keeps changing the settings; try again.');
    } catch (error) {
      this.writing.delete(setting.type);
      throw asAppError(error);
    }
    const marks = new Map([...this.marks.snapshot()].filter(([name]) => name === setting.type));
    const stored = async () => {
      this.writing.delete(setting.type);
      await this.marks.remove(marks);
    };
    return { entry: { index: setting.index, value: { ...setting.syncAction, timestamp: Date.now() } }, stored };
  }

  private async readMissing(): Promise<void> {
    const marked = await this.marks.find([...ALL_WA_PATCH_NAMES, INITIAL]);
    const isFirst = !marked.has(INITIAL);
    const behind = ALL_WA_PATCH_NAMES.filter((name) => isFirst || marked.has(name));
    if (behind.length) await this.read(behind);
    if (isFirst) await this.marks.put(INITIAL);
  }

  /** From the beginning: what was read without being stored does not come again otherwise. */
  private async read(names: (typeof ALL_WA_PATCH_NAMES)[number][]): Promise<void> {
    const { keys } = this.socket.authState;
    const forgotten = Object.fromEntries(names.map((name) => [name, null]));
    await keys.transaction(() => Promise.resolve(keys.set({ 'app-state-sync-version': forgotten })), this.lockName());
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
      const operation = proto.SyncdMutation.SyncdOperation.SET;
      const syncAction = { ...setting.syncAction, timestamp: Date.now() };
      const keyOf = async (id: string) => (await keys.get('app-state-sync-key', [id]))[id];
      const create = { ...setting, syncAction, operation };
      const { patch, state } = await encodeSyncdPatch(create, keyId, known ?? newLTHashState(), keyOf);
      const answer = (await this.socket.query(writeQuery(name, state.version - 1, patch))) as BinaryNode | undefined;
      const problem = problemIn(answer);
      if (problem === '409') return false;
      if (problem) throw unavailable('whatsapp.failed', `WhatsApp refused the setting with ${problem}.`);
      await keys.set({ 'app-state-sync-version': { [name]: state } });
      return true;
    };
    return this.socket.appStatePatchMutex.mutex(() => keys.transaction(attempt, this.lockName()));
  }

  private tell(): void {
    const entries = this.entries.splice(0);
    const marks = this.marks.snapshot();
    marks.delete(INITIAL);
    for (const name of this.writing) marks.delete(name);
    if (!entries.length && !marks.size) return;
    const some = <T>(read: (entry: SettingEntry) => T | null) => entries.flatMap((entry) => read(entry) ?? []);
    const [chats, contacts] = [some(readChatSetting), some(readContactSetting)];
    const labels = some(readLabelSetting);
    this.onUpdate({ kind: 'settings', chats, contacts, labels, stored: () => this.marks.remove(marks) });
  }

  private lockName(): string {
    return this.creds.me?.id ?? 'unlinked';
  }
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
