import { decodePatches, encodeSyncdPatch, newLTHashState } from '@whiskeysockets/baileys/lib/Utils/chat-utils.js';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { randomBytes } from 'node:crypto';
import { publishSettings } from '../network/settings-notice.js';
import type { Device } from '../world/account.js';
import type { Core } from '../world/core.js';
import { collectionNames } from '../world/settings-log.js';
import type { CollectionName } from '../world/settings-log.js';

const { SET, REMOVE } = proto.SyncdMutation.SyncdOperation;

/** A key that encrypts settings; clients get it from the phone. */
export interface SettingsKey {
  id: Buffer;
  data: Buffer;
}

/** A setting as it stands: what it is about, and its value. */
export interface Setting {
  collection: CollectionName;
  index: string[];
  value: proto.ISyncActionValue;
}

/** A setting to be written, or removed. */
export interface SettingChange extends Setting {
  /** The version of the action's format, which clients write along. */
  version: number;
  remove?: boolean;
}

/** Told about every setting the phone has read, whoever wrote it; not about removals. */
export type SettingReader = (setting: Setting) => void;

interface Page {
  state: ReturnType<typeof newLTHashState>;
  entries: Map<string, Setting>;
  /** Patches whose checksums did not match what they claim. */
  damaged: number;
}

/** The settings of an account as its phone reads and writes them: it makes the keys and keeps the plaintext. */
export class SettingsBook {
  private readonly keys = new Map<string, SettingsKey>();
  private readonly pages = new Map<CollectionName, Page>();
  private newest: SettingsKey | undefined;

  constructor(
    private readonly phone: Device,
    private readonly core: Core,
    private readonly onRead: SettingReader,
  ) {}

  /** All keys, the one in use last: clients write with the last key they are given. */
  get allKeys(): SettingsKey[] {
    return [...this.keys.values()];
  }

  keyOf(id: Uint8Array): SettingsKey | undefined {
    return this.keys.get(Buffer.from(id).toString('base64'));
  }

  /** Starts to use a new key. Older entries stay as they are, so the older keys are kept. */
  renewKey(): SettingsKey {
    const id = Buffer.alloc(6);
    id.writeUInt32BE(this.keys.size + 1, 2);
    const key = { id, data: randomBytes(32) };
    this.keys.set(id.toString('base64'), key);
    return (this.newest = key);
  }

  /** Everything that is set now, in the order it was set. */
  get settings(): Setting[] {
    return collectionNames.flatMap((name) => [...(this.pages.get(name)?.entries.values() ?? [])]);
  }

  /** A setting by its index. */
  find(collection: CollectionName, index: string[]): proto.ISyncActionValue | undefined {
    return this.pages.get(collection)?.entries.get(JSON.stringify(index))?.value;
  }

  /** How far each collection was read, and how many patches had wrong checksums. */
  progress(): Record<string, { version: number; damaged: number }> {
    const pages = [...this.pages].map(([name, { state, damaged }]) => [name, { version: state.version, damaged }]);
    return Object.fromEntries(pages) as Record<string, { version: number; damaged: number }>;
  }

  /** Reads what was written since the last time. */
  async catchUp(names: readonly CollectionName[] = collectionNames): Promise<void> {
    for (const name of names) {
      const page = this.page(name);
      for (;;) {
        const { patches } = this.phone.account.settings.since(name, page.state.version);
        if (patches.length === 0) break;
        for (const bytes of patches) await this.read(name, page, bytes);
      }
    }
  }

  /** Writes a setting on top of everything written so far. */
  async write({ collection, index, value, version, remove }: SettingChange): Promise<void> {
    const key = this.newest ?? this.renewKey();
    const page = this.page(collection);
    const order = {
      type: collection,
      index,
      syncAction: { ...value, timestamp: this.core.clock.now() },
      apiVersion: version,
      operation: remove ? REMOVE : SET,
    };
    let patch: proto.ISyncdPatch;
    // A client may write between two steps; like any writer the phone then starts over.
    do {
      await this.catchUp([collection]);
      ({ patch } = await encodeSyncdPatch(order, key.id.toString('base64'), page.state, this.keyData));
    } while (page.state.version !== this.phone.account.settings.version(collection));
    publishSettings(this.core, this.phone, collection, proto.SyncdPatch.encode(patch).finish());
    await this.catchUp([collection]);
  }

  private readonly keyData = async (id: string) => {
    const key = this.keys.get(id);
    return key && { keyData: key.data };
  };

  private async read(name: CollectionName, page: Page, bytes: Buffer): Promise<void> {
    const patch = proto.SyncdPatch.decode(bytes);
    const operations = patch.mutations.map(({ operation }) => operation);
    let isDamaged = false;
    const auditor = { ...this.core.logger, warn: () => void (isDamaged = true), trace: () => {}, debug: () => {} };
    const version = Number(patch.version?.version ?? 0);
    try {
      const logger = auditor as unknown as Parameters<typeof decodePatches>[6];
      const decoded = await decodePatches(name, [patch], page.state, this.keyData, {}, undefined, logger, true);
      page.state = decoded.state;
      Object.values(decoded.mutationMap).forEach(({ syncAction, index }, position) => {
        this.note(page, { collection: name, index, value: syncAction.value ?? {} }, operations[position] === REMOVE);
      });
    } catch (error) {
      // Written with a key this phone never gave away.
      this.core.logger.warn({ err: error, collection: name, version }, 'a phone could not read a setting');
      isDamaged = true;
      page.state = { ...page.state, version };
    }
    if (isDamaged) page.damaged++;
  }

  private note(page: Page, setting: Setting, isRemoved: boolean): void {
    const key = JSON.stringify(setting.index);
    page.entries.delete(key);
    if (isRemoved) return;
    page.entries.set(key, setting);
    this.onRead(setting);
  }

  private page(name: CollectionName): Page {
    const page = this.pages.get(name) ?? { state: newLTHashState(), entries: new Map(), damaged: 0 };
    this.pages.set(name, page);
    return page;
  }
}
