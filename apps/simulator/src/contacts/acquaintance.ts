import { encodeSyncdPatch, newLTHashState } from '@whiskeysockets/baileys/lib/Utils/chat-utils.js';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { Directory } from '../world/directory.js';
import type { Phone } from './phone.js';

const { Type } = proto.Message.ProtocolMessage;
const INITIAL = proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP;

interface SettingsKey {
  id: Buffer;
  data: Buffer;
}

/**
 * What a phone sends to a companion at its first login: the key of the encrypted settings, then the (empty) history.
 * A client holds back its events until the history has come, so leaving it out would delay each first login.
 */
export class Acquaintance {
  private readonly keys = new Map<string, SettingsKey>();

  constructor(private readonly core: Core) {}

  introduce(phone: Phone, companion: Companion): void {
    companion.isAcquainted = true;
    phone.enqueue(async () => {
      const key = await this.settingsKey(phone);
      for (const protocolMessage of [keyShare(key, this.core.clock.now()), history(this.core.directory, phone)])
        await phone.outbox.sendToCompanion(this.core.seed.messageId(), companion, { protocolMessage });
    });
  }

  /** The key of the account's settings; on first use the phone also writes its owner's name there. */
  private async settingsKey({ account }: Phone): Promise<SettingsKey> {
    const known = this.keys.get(account.pn);
    if (known) return known;
    const key = { id: Buffer.concat([Buffer.alloc(2), randomBytes(4)]), data: randomBytes(32) };
    this.keys.set(account.pn, key);
    const { patch } = await encodeSyncdPatch(
      {
        type: 'critical_block',
        index: ['setting_pushName'],
        syncAction: { pushNameSetting: { name: account.name } },
        apiVersion: 1,
        operation: proto.SyncdMutation.SyncdOperation.SET,
      },
      key.id.toString('base64'),
      newLTHashState(),
      async () => ({ keyData: key.data }),
    );
    account.settings.append('critical_block', proto.SyncdPatch.encode(patch).finish());
    return key;
  }
}

function keyShare({ id, data }: SettingsKey, timestamp: number): proto.Message.IProtocolMessage {
  const keyData = {
    keyData: data,
    timestamp,
    fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0] },
  };
  return {
    type: Type.APP_STATE_SYNC_KEY_SHARE,
    appStateSyncKeyShare: { keys: [{ keyId: { keyId: id }, keyData }] },
  };
}

function history(directory: Directory, { account }: Phone): proto.Message.IProtocolMessage {
  const known = directory.find(account.pn) ?? account;
  const sync = proto.HistorySync.encode({
    syncType: INITIAL,
    progress: 100,
    phoneNumberToLidMappings: [{ pnJid: known.jid('pn'), lidJid: known.jid('lid') }],
  }).finish();
  return {
    type: Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: {
      syncType: INITIAL,
      chunkOrder: 1,
      progress: 100,
      initialHistBootstrapInlinePayload: deflateSync(sync),
    },
  };
}
