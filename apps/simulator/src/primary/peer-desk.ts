import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Letter } from '../contacts/letter.js';
import type { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { olderMessages } from './history.js';
import type { Sources, Wanted } from './history.js';
import type { SettingsKey } from './settings-book.js';

type Request = proto.Message.IPeerDataOperationRequestMessage;
type Result = proto.Message.PeerDataOperationRequestResponseMessage.IPeerDataOperationResult;

const { Type } = proto.Message.ProtocolMessage;
const Kind = proto.Message.PeerDataOperationRequestType;
const { FullHistorySyncOnDemandResponseCode: FullHistory } =
  proto.Message.PeerDataOperationRequestResponseMessage.PeerDataOperationResult;

/** The phone behind the desk. */
export interface Keeper {
  readonly sources: Sources;
  shareKeys(companion: Companion, keys: SettingsKey[]): Promise<void>;
  sendHistory(
    companion: Companion,
    chunk: proto.IHistorySync,
    more: proto.Message.IHistorySyncNotification,
  ): Promise<void>;
  resendHistory(companion: Companion, more: proto.Message.IHistorySyncNotification, wanted: Wanted): Promise<void>;
  tell(companion: Companion, protocolMessage: proto.Message.IProtocolMessage): Promise<void>;
}

/** Where linked clients turn to with what only their phone has: older messages, lost messages, keys. */
export class PeerDesk {
  constructor(
    private readonly phone: Keeper,
    private readonly core: Core,
  ) {}

  /** Answers a message of category `peer`. */
  async answer(companion: Companion, { id, message }: Letter): Promise<void> {
    const { type, appStateSyncKeyRequest, peerDataOperationRequestMessage: request } = message.protocolMessage ?? {};
    if (type === Type.APP_STATE_SYNC_KEY_REQUEST) {
      const wanted = (appStateSyncKeyRequest?.keyIds ?? []).map(({ keyId }) =>
        this.phone.sources.settings.keyOf(keyId ?? Buffer.alloc(0)),
      );
      await this.phone.shareKeys(
        companion,
        wanted.filter((key) => key !== undefined),
      );
    } else if (type === Type.PEER_DATA_OPERATION_REQUEST_MESSAGE && request) {
      await this.operate(companion, id, request);
    } else {
      this.core.counters.unknown(`peer message ${Type[type ?? -1] ?? 'without type'}`);
    }
  }

  private async operate(companion: Companion, id: string, request: Request): Promise<void> {
    const kind = request.peerDataOperationRequestType ?? -1;
    if (kind === Kind.HISTORY_SYNC_ON_DEMAND) {
      const chunk = olderMessages(this.phone.sources, request.historySyncOnDemandRequest ?? {});
      return this.phone.sendHistory(companion, chunk, { peerDataRequestSessionId: id });
    }
    if (kind === Kind.PLACEHOLDER_MESSAGE_RESEND) {
      const keys = (request.placeholderMessageResendRequest ?? []).map(({ messageKey }) => messageKey);
      return this.respond(
        companion,
        id,
        kind,
        keys.map((key) => this.lostMessage(key)),
      );
    }
    if (kind === Kind.FULL_HISTORY_SYNC_ON_DEMAND) {
      const { requestMetadata, historySyncConfig } = request.fullHistorySyncOnDemandRequest ?? {};
      const response = { requestMetadata, responseCode: FullHistory.REQUEST_SUCCESS };
      await this.respond(companion, id, kind, [{ fullHistorySyncOnDemandRequestResponse: response }]);
      const more = { fullHistorySyncOnDemandRequestMetadata: requestMetadata };
      return this.phone.resendHistory(companion, more, historySyncConfig ?? {});
    }
    this.core.counters.unknown(`peer request ${Kind[kind] ?? kind}`);
    return this.respond(companion, id, kind, []);
  }

  /** An empty result says that the phone does not have it either. */
  private lostMessage(key: proto.IMessageKey | null | undefined): Result {
    const { past, directory } = this.phone.sources;
    const chat = directory.findByJid(key?.remoteJid ?? undefined)?.jid('pn') ?? key?.remoteJid ?? '';
    const found = past.find(chat, key?.id ?? '');
    if (!found) return {};
    return { placeholderMessageResendResponse: { webMessageInfoBytes: proto.WebMessageInfo.encode(found).finish() } };
  }

  private respond(companion: Companion, stanzaId: string, kind: number, results: Result[]): Promise<void> {
    return this.phone.tell(companion, {
      type: Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
      peerDataOperationRequestResponseMessage: {
        stanzaId,
        peerDataOperationRequestType: kind,
        peerDataOperationResult: results,
      },
    });
  }
}
