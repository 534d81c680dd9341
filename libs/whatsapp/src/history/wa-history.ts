import { Injectable } from '@nestjs/common';
import { downloadAndProcessHistorySyncNotification, proto, type WAMessage } from '@whiskeysockets/baileys';
import type { MessageContext, MessageStatus } from '@app/database/entities/message.entity.js';
import { fieldsOf, wordsOf } from '@app/platform/events/message-content.js';
import { readMessage } from '../content/read-message.js';
import { identityOf, toWaId } from '../map/jid.js';
import { numberOf } from '../map/numbers.js';
import type { OwnAccount } from '../map/jid.js';
import { WaNetwork } from '../network.js';
import type { IdentityPair } from '../updates/wa-update.js';
import type { HistoryNotice } from './history-notice.js';

const { INITIAL_BOOTSTRAP, RECENT, FULL, ON_DEMAND } = proto.HistorySync.HistorySyncType;
const { Status } = proto.WebMessageInfo;
const kinds = { [INITIAL_BOOTSTRAP]: 'initial', [RECENT]: 'recent', [FULL]: 'full', [ON_DEMAND]: 'chat' } as const;

export interface HistoryChat {
  chatId: string;
  /** Of groups; null where the phone has none. */
  name: string | null;
  unreadCount: number;
  isMarkedUnread: boolean;
  isArchived: boolean;
  pinnedAt: Date | null;
  isReadOnly: boolean;
  disappearingSeconds: number;
}

export interface HistoryMessage {
  chatId: string;
  messageId: string;
  senderId: string;
  fromMe: boolean;
  type: string;
  text: string | null;
  content: object | null;
  context: MessageContext | null;
  status: MessageStatus;
  timestamp: Date;
  proto: Buffer;
}

/** A part of the history. Addresses are as the phone has them: a person may be named by LID or number. */
export interface HistoryPart {
  /** Null for names and other things that are no messages. */
  kind: (typeof kinds)[keyof typeof kinds] | null;
  /** Percent. */
  progress: number;
  pairs: IdentityPair[];
  names: { contactId: string; name?: string | null; pushName?: string | null; verifiedName?: string | null }[];
  chats: HistoryChat[];
  messages: HistoryMessage[];
}

type Raw = Awaited<ReturnType<typeof downloadAndProcessHistorySyncNotification>>;

/** Fetches parts of the history, which lie encrypted on WhatsApp's media servers. */
@Injectable()
export class WaHistory {
  constructor(private readonly network: WaNetwork) {}

  /** Throws what the media server or the decryption says. */
  async fetch({ notification }: HistoryNotice, own: OwnAccount, proxyUrl: string | null): Promise<HistoryPart> {
    const options = this.network.route(proxyUrl).socketConfig.options ?? {};
    const raw = await downloadAndProcessHistorySyncNotification(notification, options);
    return {
      kind: kinds[raw.syncType as keyof typeof kinds] ?? null,
      progress: raw.progress ?? 0,
      pairs: pairsIn(raw),
      names: raw.contacts.flatMap(({ id, name, notify, verifiedName }) => {
        const contactId = toWaId(id ?? '');
        if (contactId.endsWith('@g.us') || !(name || notify || verifiedName)) return [];
        // A chat without a name carries the number instead.
        const isNumber = /^\+?[\d\s()-]+$/.test(name ?? '');
        return [{ contactId, name: isNumber ? null : name, pushName: notify, verifiedName }];
      }),
      chats: raw.chats.map(chatOf),
      messages: raw.messages.flatMap((message) => messageOf(message, own) ?? []),
    };
  }
}

const pairsIn = ({ lidPnMappings = [] }: Raw): IdentityPair[] =>
  lidPnMappings.flatMap(({ lid, pn }) => {
    const identity = identityOf(lid, pn);
    return identity.lid && identity.phone ? [{ lid: identity.lid, phone: identity.phone }] : [];
  });

function chatOf(chat: Raw['chats'][number]): HistoryChat {
  const chatId = toWaId(chat.id ?? '');
  const pinned = numberOf(chat.pinned);
  return {
    chatId,
    name: /@(g\.us|newsletter)$/.test(chatId) ? (chat.name ?? chat.displayName ?? null) : null,
    unreadCount: Math.max(0, chat.unreadCount ?? 0),
    isMarkedUnread: chat.markedAsUnread ?? false,
    isArchived: chat.archived ?? false,
    pinnedAt: pinned ? new Date(pinned * (pinned > 1e11 ? 1 : 1000)) : null,
    isReadOnly: chat.readOnly ?? false,
    disappearingSeconds: chat.ephemeralExpiration ?? 0,
  };
}

function messageOf(
  { key, message, messageTimestamp, status, participant }: WAMessage,
  own: OwnAccount,
): HistoryMessage | null {
  const said = message && readMessage(message);
  if (!said || !key.id || !key.remoteJid) return null;
  const { content, context } = said;
  const chatId = toWaId(key.remoteJid);
  const fromMe = key.fromMe ?? false;
  const author = key.participant || participant;
  return {
    chatId,
    messageId: key.id,
    senderId: fromMe ? own.waId : author ? toWaId(author) : chatId,
    fromMe,
    type: content.type,
    text: wordsOf(content),
    content: fieldsOf(content),
    context,
    status: fromMe ? ownStatus(status) : 'delivered',
    timestamp: new Date((numberOf(messageTimestamp) ?? 0) * 1000),
    proto: Buffer.from(proto.Message.encode(message).finish()),
  };
}

function ownStatus(status: WAMessage['status']): MessageStatus {
  if (status === Status.PLAYED) return 'played';
  if (status === Status.READ) return 'read';
  return status === Status.DELIVERY_ACK ? 'delivered' : 'server_ack';
}
