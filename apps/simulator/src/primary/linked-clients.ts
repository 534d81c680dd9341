import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Letter } from '../contacts/letter.js';
import type { Outbox } from '../contacts/outbox.js';
import type { Groups } from '../groups/groups.js';
import type { MediaStore } from '../media/media-store.js';
import type { Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { Chronicle } from './chronicle.js';
import { everything, mappings, wholeHistory } from './history.js';
import type { Sources, Wanted } from './history.js';
import { applySetting } from './setting-effects.js';
import { PeerDesk } from './peer-desk.js';
import type { Keeper } from './peer-desk.js';
import { SettingsBook } from './settings-book.js';
import type { SettingsKey } from './settings-book.js';

const { Type } = proto.Message.ProtocolMessage;
const MAX_INLINE_BYTES = 64 * 1024;
const compress = promisify(deflate);

/** What a phone needs to look after its linked clients. */
export interface Household {
  /** Its outbox is a new one after the phone was set up again. */
  phone: Device & { readonly outbox: Outbox };
  core: Core;
  groups: Groups;
  media: MediaStore;
}

/** What a phone does for the clients linked to it: shares keys and history with them and answers what they ask. */
export class LinkedClients implements Keeper {
  readonly past = new Chronicle();
  readonly settings: SettingsBook;
  private readonly desk: PeerDesk;

  constructor(private readonly home: Household) {
    const { phone, core } = home;
    const affected = { account: phone.account, past: this.past, directory: core.directory };
    this.settings = new SettingsBook(phone, core, (setting) => applySetting(setting, affected));
    this.desk = new PeerDesk(this, core);
  }

  /** What history is made of, as of now. */
  get sources(): Sources {
    const { core, groups, phone } = this.home;
    const { directory, clock } = core;
    // A group is a chat even when nobody has said a word in it.
    for (const { jid } of groups.of(phone.account)) this.past.chat(jid);
    return { past: this.past, settings: this.settings, directory, groups, now: clock.seconds() };
  }

  /** All linked clients. */
  get all(): Companion[] {
    return [...this.home.phone.account.devices.values()].filter((device) => device instanceof Companion);
  }

  /**
   * Makes a new client acquainted at its first login: first the keys, because history sets off its first
   * synchronisation, then the past. A client holds back its events until history has come.
   */
  async greet(companion: Companion): Promise<void> {
    const { account } = this.home.phone;
    if (!this.settings.find('critical_block', ['setting_pushName'])) {
      const value = { pushNameSetting: { name: account.name } };
      await this.settings.write({ collection: 'critical_block', index: ['setting_pushName'], value, version: 1 });
    }
    await this.shareKeys(companion, this.settings.allKeys);
    const { requireFullSync, historySyncConfig } = companion.props;
    const appetite = {
      full: requireFullSync ?? false,
      recentDays: historySyncConfig?.recentSyncDaysLimit,
      fullDays: historySyncConfig?.fullSyncDaysLimit,
    };
    for (const chunk of wholeHistory(this.sources, appetite)) await this.sendHistory(companion, chunk);
  }

  /** Gives a client keys of the settings; it writes with the last one. */
  async shareKeys(companion: Companion, keys: SettingsKey[]): Promise<void> {
    const timestamp = this.home.core.clock.now();
    const deviceIndexes = [0, ...this.all.map(({ keyIndex }) => keyIndex)];
    const fingerprint = { rawId: 1, currentIndex: Math.max(...deviceIndexes), deviceIndexes };
    const shared = keys.map(({ id, data }) => ({
      keyId: { keyId: id },
      keyData: { keyData: data, timestamp, fingerprint },
    }));
    await this.tell(companion, { type: Type.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: shared } });
  }

  /** Sends everything there is once more, or as much of it as is wanted. */
  async resendHistory(
    companion: Companion,
    more: proto.Message.IHistorySyncNotification = {},
    wanted: Wanted = {},
  ): Promise<void> {
    for (const chunk of everything(this.sources, wanted)) await this.sendHistory(companion, chunk, more);
  }

  /** Sends one chunk of history: inside the message when it is small, else as a file to fetch. */
  async sendHistory(
    companion: Companion,
    chunk: proto.IHistorySync,
    more: proto.Message.IHistorySyncNotification = {},
  ): Promise<void> {
    const { media } = this.home;
    const { syncType, chunkOrder, progress } = chunk;
    const content = await compress(proto.HistorySync.encode(chunk).finish());
    const where =
      content.length > MAX_INLINE_BYTES
        ? await media.store(content, 'md-msg-hist')
        : { initialHistBootstrapInlinePayload: content };
    await this.tell(companion, {
      type: Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: { ...more, syncType, chunkOrder, progress, ...where },
    });
  }

  /** Tells a client which opaque id belongs to which number. */
  async sendMappings(companion: Companion): Promise<void> {
    const pairs = mappings(this.sources).map(({ pnJid, lidJid }) => ({
      pn: Number(pnJid?.split('@')[0]),
      assignedLid: Number(lidJid?.split('@')[0]),
    }));
    const payload = { pnToLidMappings: pairs, chatDbMigrationTimestamp: this.home.core.clock.seconds() };
    const encodedMappingPayload = proto.LIDMigrationMappingSyncPayload.encode(payload).finish();
    await this.tell(companion, {
      type: Type.LID_MIGRATION_MAPPING_SYNC,
      lidMigrationMappingSyncMessage: { encodedMappingPayload },
    });
  }

  /** Answers what a client asks its phone. */
  async asked(letter: Letter): Promise<void> {
    const companion = this.home.core.directory.findDevice(letter.stanza.attrs.from);
    if (companion instanceof Companion) await this.desk.answer(companion, letter);
  }

  /** Says something to one client that only own devices may say. */
  async tell(companion: Companion, protocolMessage: proto.Message.IProtocolMessage): Promise<void> {
    const { phone, core } = this.home;
    await phone.outbox.sendToCompanion(core.seed.messageId(phone.account.pn), companion, { protocolMessage });
  }
}
