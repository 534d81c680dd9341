import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { toJid } from '../map/jid.js';
import { kindOfType } from './all-kinds.js';

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
}

const SECRET_BYTES = 32;

/** The serialised protobuf of a message, ready to be stored and sent. */
export function writeMessage(content: MessageContent, envelope: Envelope): Buffer {
  const kind = kindOfType(content.type);
  if (!kind?.write) throw new Error(`messages of type ${content.type} cannot be written`);
  const secret = randomBytes(SECRET_BYTES);
  const message = kind.write(content, { secret });
  addContext(message, envelope);
  return Buffer.from(proto.Message.encode(proto.Message.create(message)).finish());
}

/** Replies, mentions, forwards and expiry are part of the content's own message, in its `contextInfo`. */
function addContext(message: proto.IMessage, { chatId, context, quoted }: Envelope): void {
  const info = context ? contextInfo(chatId, context, quoted) : null;
  if (!info) return;
  const body = Object.values(message).find((value) => typeof value === 'object' && value !== null) as {
    contextInfo?: proto.IContextInfo | null;
  };
  body.contextInfo = { ...body.contextInfo, ...info };
}

function contextInfo(chatId: string, context: MessageContext, quoted?: Quotable): proto.IContextInfo | null {
  const info: proto.IContextInfo = {};
  if (quoted) {
    info.stanzaId = quoted.messageId;
    info.participant = toJid(quoted.senderId);
    info.quotedMessage = proto.Message.decode(quoted.proto);
    if (quoted.chatId !== chatId) info.remoteJid = toJid(quoted.chatId);
  }
  if (context.mentions?.length) info.mentionedJid = context.mentions.map(toJid);
  if (context.isForwarded) Object.assign(info, { isForwarded: true, forwardingScore: 1 });
  if (context.expirationSeconds) info.expiration = context.expirationSeconds;
  return Object.keys(info).length ? info : null;
}
