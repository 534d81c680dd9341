import { jidNormalizedUser, proto, type WASocket } from '@whiskeysockets/baileys';
import { toJid } from '../map/jid.js';
import type { FrameGate } from '../signal/frame-gate.js';
import type { IdentityPair } from '../updates/wa-update.js';
import type { MessageKey } from './chats.js';
import { asAppError } from './failure.js';

const { HISTORY_SYNC_ON_DEMAND, FULL_HISTORY_SYNC_ON_DEMAND } = proto.Message.PeerDataOperationRequestType;
const { PEER_DATA_OPERATION_REQUEST_MESSAGE } = proto.Message.ProtocolMessage.Type;

/** What is read here of a history, in the words in which a device says so when it is linked. */
const readable: proto.DeviceProps.IHistorySyncConfig = {
  onDemandReady: true,
  completeOnDemandReady: true,
  supportCagReactionsAndPolls: true,
  supportBotUserAgentChatHistory: true,
  supportBizHostedMsg: true,
  supportHostedGroupMsg: true,
  supportMessageAssociation: true,
};

/** How much of the history is wanted; absent fields ask for all of it. */
export interface WantedHistory {
  days?: number;
  maxMegabytes?: number;
  includeGroups?: boolean;
}

/** Asking the account's phone for history; what it sends comes as notices in the journal. */
export class HistoryApi {
  constructor(
    private readonly socket: WASocket,
    private readonly gate: FrameGate,
  ) {}

  /** Asks for `count` messages before one of a chat. The phone answers under `requestId`. */
  requestChat(requestId: string, count: number, before: MessageKey): Promise<void> {
    const historySyncOnDemandRequest = {
      chatJid: toJid(before.chatId),
      oldestMsgFromMe: before.fromMe,
      oldestMsgId: before.messageId,
      oldestMsgTimestampMs: Date.parse(before.timestamp),
      onDemandMsgCount: count,
    };
    return this.request(requestId, {
      peerDataOperationRequestType: HISTORY_SYNC_ON_DEMAND,
      historySyncOnDemandRequest,
    });
  }

  /** Asks for everything, or for as much as is wanted. The phone answers under `requestId`. */
  requestAll(requestId: string, { days, maxMegabytes, includeGroups }: WantedHistory): Promise<void> {
    const historySyncConfig = {
      ...readable,
      fullSyncDaysLimit: days,
      fullSyncSizeMbLimit: maxMegabytes,
      supportGroupHistory: includeGroups ?? true,
    };
    const fullHistorySyncOnDemandRequest = { requestMetadata: { requestId }, historySyncConfig };
    return this.request(requestId, {
      peerDataOperationRequestType: FULL_HISTORY_SYNC_ON_DEMAND,
      fullHistorySyncOnDemandRequest,
    });
  }

  /** Lets Baileys know pairs that the history brought. */
  async learn(pairs: IdentityPair[]): Promise<void> {
    const mappings = pairs.map(({ lid, phone }) => ({ lid, pn: toJid(phone) }));
    if (mappings.length) await this.socket.signalRepository.lidMapping.storeLIDPNMappings(mappings);
  }

  private async request(messageId: string, request: proto.Message.IPeerDataOperationRequestMessage): Promise<void> {
    try {
      const type = PEER_DATA_OPERATION_REQUEST_MESSAGE;
      const message = { protocolMessage: { type, peerDataOperationRequestMessage: request } };
      const phone = jidNormalizedUser(this.socket.authState.creds.me?.id);
      await this.socket.relayMessage(phone, message, {
        messageId,
        additionalAttributes: { category: 'peer', push_priority: 'high_force' },
        additionalNodes: [{ tag: 'meta', attrs: { appdata: 'default' } }],
      });
      await this.gate.flushed;
    } catch (error) {
      throw asAppError(error);
    }
  }
}
