import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { toJid } from '../map/jid.js';
import { kindOfType } from './all-kinds.js';
import { fieldOf, unwrap } from './read-message.js';

/** A message that is answered, as far as the answer has to show it. */
export interface Quotable {
  messageId: string;
  /** waId of whoever wrote it. */
  senderId: string;
  /** waId of the chat it is in. */
  chatId: string;
  /** Its serialised protobuf. */
  proto: Buffer;
}

/** What goes along with a content; `quoted` is needed when `context.quoted` is there. */
export interface Envelope {
  chatId: string;
  context: MessageContext | null;
  quoted?: Quotable;
  /** A small JPEG for types that show one; a PNG for stickers. */
  thumbnail?: Buffer;
  /** It goes to the group in which a community announces. */
  isAnnouncement?: boolean;
}

const SECRET_BYTES = 32;

/** The serialised protobuf of a message, ready to be stored and sent. */
export function writeMessage(content: MessageContent, envelope: Envelope): Buffer {
  return serialise(composeMessage(content, envelope));
}

/** The protobuf of a message before it is serialised, for types that need to add something to it. */
export function composeMessage(content: MessageContent, envelope: Envelope): proto.IMessage {
  const kind = kindOfType(content.type);
  if (!kind?.write) throw new Error(`messages of type ${content.type} cannot be written`);
  const { thumbnail, isAnnouncement = false } = envelope;
  const message = kind.write(content, { secret: randomBytes(SECRET_BYTES), thumbnail, isAnnouncement });
  addContext(message, envelope);
  return addAround(message, envelope);
}

export const serialise = (message: proto.IMessage): Buffer =>
  Buffer.from(proto.Message.encode(proto.Message.create(message)).finish());

/** A message of which nothing but its words is known, for an answer to show. */
export const writeWords = (text: string): Buffer => serialise({ conversation: text });

interface Body {
  contextInfo?: proto.IContextInfo | null;
  viewOnce?: boolean | null;
}

/** Replies, mentions, forwards and expiry are part of the content's own message, in its `contextInfo`. */
function addContext(message: proto.IMessage, { chatId, context, quoted }: Envelope): void {
  const info = context ? contextInfo(chatId, context, quoted) : null;
  const field = fieldOf(message);
  if (!info || !field) return;
  const body = message[field] as Body;
  body.contextInfo = { ...body.contextInfo, ...info };
}

/** What is said about the message outside of its content: that it is part of an album, that it can be seen once. */
function addAround(message: proto.IMessage, { chatId, context }: Envelope): proto.IMessage {
  if (context?.albumMessageId) {
    const parentMessageKey = { remoteJid: toJid(chatId), fromMe: true, id: context.albumMessageId };
    const associationType = proto.MessageAssociation.AssociationType.MEDIA_ALBUM;
    const messageAssociation = { associationType, parentMessageKey };
    message.messageContextInfo = { ...message.messageContextInfo, messageAssociation };
  }
  const field = fieldOf(message);
  if (!context?.isViewOnce || !field) return message;
  (message[field] as Body).viewOnce = true;
  const { messageContextInfo, ...inner } = message;
  return { viewOnceMessage: { message: inner }, ...(messageContextInfo && { messageContextInfo }) };
}

/** What goes along with a content, as WhatsApp says it; null when that is nothing. */
export function contextInfo(chatId: string, context: MessageContext, quoted?: Quotable): proto.IContextInfo | null {
  const info: proto.IContextInfo = {};
  if (quoted) {
    info.stanzaId = quoted.messageId;
    info.participant = toJid(quoted.senderId);
    info.quotedMessage = bare(proto.Message.decode(quoted.proto));
    if (quoted.chatId !== chatId) info.remoteJid = toJid(quoted.chatId);
  }
  if (context.mentions?.length) info.mentionedJid = context.mentions.map(toJid);
  if (context.isMentioningAll) info.nonJidMentions = 1;
  if (context.isForwarded) Object.assign(info, { isForwarded: true, forwardingScore: 1 });
  if (context.expirationSeconds) info.expiration = context.expirationSeconds;
  return Object.keys(info).length ? info : null;
}

/** A message without what it answers itself: a chain of answers would grow with every one. */
function bare(message: proto.IMessage): proto.IMessage {
  const inner = unwrap(message);
  const field = fieldOf(inner);
  if (!field) return message;
  const body = inner[field];
  if (typeof body !== 'object' || body === null) return { [field]: body };
  return { [field]: { ...body, contextInfo: undefined } };
}
