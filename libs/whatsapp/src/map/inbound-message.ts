import { proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import type { WaPerson } from '@app/platform/events/event-map.js';
import { fieldsOf, wordsOf } from '@app/platform/events/message-content.js';
import { readMessage } from '../content/read-message.js';
import type { JournalEntry } from '../signal/stanza-journal.js';
import { identityOf, toWaId } from './jid.js';

/** A message that came in, from a contact or from another device of the own account. */
export interface InboundMessage {
  messageId: string;
  /** waId of the chat. */
  chatId: string;
  /** As far as the stanza tells: `waId` is the phone number where known, else the LID. */
  sender: WaPerson;
  fromMe: boolean;
  type: string;
  text: string | null;
  /** A `MessageContent` without its type; null where `text` says it all. */
  content: object | null;
  context: MessageContext | null;
  timestamp: Date;
  /** The serialised protobuf `Message`. */
  proto: Buffer;
}

/** The own account, to recognise messages that its other devices sent. */
export interface OwnAccount {
  waId: string;
  lid: string | null;
}

/** Reads a journalled stanza; null when it carries nothing that a person would call a message (keys, sync, receipts). */
export function readInbound({ attrs, plaintext }: JournalEntry, own: OwnAccount): InboundMessage | null {
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  const said = readMessage(message);
  if (!said) return null;
  const { content, context } = said;
  const sender = senderOf(attrs);
  const fromMe = isOwn(sender, own) || attrs.is_sender === 'true';
  return {
    messageId: String(attrs.id),
    chatId: chatOf(attrs, sender),
    sender: fromMe ? { ...sender, waId: own.waId } : sender,
    fromMe,
    type: content.type,
    text: wordsOf(content),
    content: fieldsOf(content),
    context,
    timestamp: new Date(Number(attrs.t) * 1000),
    proto: Buffer.from(proto.Message.encode(message).finish()),
  };
}

const isOwn = ({ waId, lid }: WaPerson, own: OwnAccount) => waId === own.waId || (lid !== null && lid === own.lid);

function senderOf(attrs: Record<string, string>): WaPerson {
  const author = attrs.participant ?? attrs.from;
  const { phone, lid } = identityOf(
    author,
    attrs.participant_pn ?? attrs.sender_pn,
    attrs.participant_lid ?? attrs.sender_lid,
  );
  return { waId: phone ?? lid ?? toWaId(author ?? ''), phone, lid, name: attrs.notify ?? null };
}

function chatOf(attrs: Record<string, string>, sender: WaPerson): string {
  if (attrs.recipient) {
    const { phone, lid } = identityOf(attrs.recipient, attrs.recipient_pn, attrs.peer_recipient_pn);
    return phone ?? lid ?? toWaId(attrs.recipient);
  }
  return attrs.participant ? toWaId(attrs.from ?? '') : sender.waId;
}
