import { normalizeMessageContent, type proto } from '@whiskeysockets/baileys';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import { type MessageContent, wordsOf } from '@app/platform/events/message-content.js';
import { toWaId } from '../map/jid.js';
import { kindOfField } from './all-kinds.js';
import { readReferral } from './read-referral.js';

/** What a protobuf `Message` says. */
export interface ReadMessage {
  content: MessageContent;
  context: MessageContext | null;
}

/** Fields that go along with a content and are none. */
const COMPANIONS = new Set(['messageContextInfo', 'senderKeyDistributionMessage', 'deviceSentMessage']);

/** Wrappers that Baileys does not know of. */
const WRAPPERS = [
  'groupMentionedMessage',
  'botInvokeMessage',
  'botTaskMessage',
  'botForwardedMessage',
  'lottieStickerMessage',
  'pollCreationMessageV4',
  'pollCreationOptionImageMessage',
  'eventCoverImage',
  'statusAddYours',
  'questionMessage',
  'questionReplyMessage',
] as const;
const MOST_WRAPPERS = 5;

/** The field of a protobuf that has its content, such as `imageMessage`; undefined when it has none. */
export const fieldOf = (message: proto.IMessage): keyof proto.IMessage | undefined =>
  (Object.keys(message) as (keyof proto.IMessage)[]).find(
    (field) => !COMPANIONS.has(field) && message[field] !== null && message[field] !== undefined,
  );

/** The message inside of what wraps it: disappearing, view-once and similar messages. */
export function unwrap(message: proto.IMessage): proto.IMessage {
  let inner = normalizeMessageContent(message) ?? message;
  for (let depth = 0; depth < MOST_WRAPPERS; depth++) {
    const wrapper = WRAPPERS.find((field) => inner[field]?.message);
    if (!wrapper) break;
    inner = normalizeMessageContent(inner[wrapper]?.message) ?? inner;
  }
  return inner;
}

/** Reads a message; null when it carries nothing that a person would call a message. */
export function readMessage(message: proto.IMessage): ReadMessage | null {
  const inner = unwrap(message);
  const field = fieldOf(inner);
  if (!field || field === 'protocolMessage') return null;
  const content = kindOfField(field, inner)?.read(inner) ?? { type: 'other' as const };
  return { content, context: readContext(message, inner, inner[field]) };
}

interface Body {
  contextInfo?: proto.IContextInfo | null;
  viewOnce?: boolean | null;
}

function readContext(outer: proto.IMessage, inner: proto.IMessage, body: unknown): MessageContext | null {
  const { contextInfo, viewOnce } = Object(body) as Body;
  const isViewOnce = viewOnce || outer.viewOnceMessage || outer.viewOnceMessageV2 || outer.viewOnceMessageV2Extension;
  const albumMessageId = (outer.messageContextInfo ?? inner.messageContextInfo)?.messageAssociation?.parentMessageKey
    ?.id;
  const context = {
    ...(contextInfo && readInfo(contextInfo)),
    ...(isViewOnce && { isViewOnce: true }),
    ...(albumMessageId && { albumMessageId }),
  };
  return Object.keys(context).length ? context : null;
}

const readInfo = (info: proto.IContextInfo): MessageContext => ({
  ...(info.stanzaId && { quoted: quotedIn(info, info.stanzaId) }),
  ...(info.mentionedJid?.length && { mentions: info.mentionedJid.map(toWaId) }),
  ...(info.nonJidMentions && { isMentioningAll: true }),
  ...(info.isForwarded && { isForwarded: true }),
  ...(info.expiration && { expirationSeconds: info.expiration }),
  ...((info.externalAdReply?.sourceId || info.externalAdReply?.ctwaClid || info.conversionSource) && {
    referral: readReferral(info),
  }),
});

function quotedIn(info: proto.IContextInfo, messageId: string): MessageContext['quoted'] {
  const senderId = info.participant ? toWaId(info.participant) : null;
  const quoted = info.quotedMessage ? readMessage(info.quotedMessage) : null;
  return { messageId, senderId, text: quoted && wordsOf(quoted.content) };
}
