import { normalizeMessageContent, type proto } from '@whiskeysockets/baileys';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { toWaId } from '../map/jid.js';
import { kindOfField } from './all-kinds.js';

/** What a protobuf `Message` says. */
export interface ReadMessage {
  content: MessageContent;
  context: MessageContext | null;
}

/** Fields that go along with a content and are none. */
const COMPANIONS = new Set(['messageContextInfo', 'senderKeyDistributionMessage', 'deviceSentMessage']);

/** The field of a protobuf that has its content, such as `imageMessage`; undefined when it has none. */
export const fieldOf = (message: proto.IMessage): keyof proto.IMessage | undefined =>
  (Object.keys(message) as (keyof proto.IMessage)[]).find(
    (field) => !COMPANIONS.has(field) && message[field] !== null && message[field] !== undefined,
  );

/** Reads a message; null when it carries nothing that a person would call a message. */
export function readMessage(message: proto.IMessage): ReadMessage | null {
  // Disappearing, view-once and similar messages are wrapped.
  const inner = normalizeMessageContent(message);
  const field = inner && fieldOf(inner);
  if (!field || field === 'protocolMessage') return null;
  const content = kindOfField(field, inner)?.read(inner) ?? { type: 'other' as const };
  return { content, context: readContext(message, inner[field]) };
}

interface Body {
  contextInfo?: proto.IContextInfo | null;
  viewOnce?: boolean | null;
}

function readContext(outer: proto.IMessage, body: unknown): MessageContext | null {
  const { contextInfo, viewOnce } = (typeof body === 'object' && body !== null ? body : {}) as Body;
  const wrapper = outer.viewOnceMessage ?? outer.viewOnceMessageV2 ?? outer.viewOnceMessageV2Extension;
  const context = { ...(contextInfo && readInfo(contextInfo)), ...((viewOnce || wrapper) && { isViewOnce: true }) };
  return Object.keys(context).length ? context : null;
}

const readInfo = (info: proto.IContextInfo): MessageContext => ({
  ...(info.stanzaId && { quoted: quotedIn(info, info.stanzaId) }),
  ...(info.mentionedJid?.length && { mentions: info.mentionedJid.map(toWaId) }),
  ...(info.isForwarded && { isForwarded: true }),
  ...(info.expiration && { expirationSeconds: info.expiration }),
});

function quotedIn(info: proto.IContextInfo, messageId: string): MessageContext['quoted'] {
  const senderId = info.participant ? toWaId(info.participant) : null;
  const quoted = info.quotedMessage ? readMessage(info.quotedMessage) : null;
  return { messageId, senderId, text: quoted && 'text' in quoted.content ? quoted.content.text : null };
}
