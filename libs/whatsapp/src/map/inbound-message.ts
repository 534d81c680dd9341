import { proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { MessageAction } from '@app/platform/events/message-action.js';
import { fieldsOf, wordsOf } from '@app/platform/events/message-content.js';
import { isAction, readAction, type SealedAction } from '../actions/read-action.js';
import { readMessage } from '../content/read-message.js';
import type { JournalEntry } from '../signal/stanza-journal.js';
import { identityOf, type OwnAccount, toWaId } from './jid.js';
import { unwrapResent } from './resent.js';

/** What came in, from a contact or from another device of the own account. */
interface Inbound {
  messageId: string;
  /** waId of the chat. */
  chatId: string;
  /** As far as the stanza tells: `waId` is the phone number where known, else the LID. */
  sender: WaPerson;
  fromMe: boolean;
  timestamp: Date;
  /** The serialised protobuf `Message`. */
  proto: Buffer;
}

/** A message that came in. */
export interface InboundMessage extends Inbound {
  kind: 'message';
  /** The address of the sender that WhatsApp used, phone number or LID: receipts and reactions have to name it so. */
  authorAddress: string;
  type: string;
  text: string | null;
  /** A `MessageContent` without its type; null where `text` says it all. */
  content: object | null;
  context: MessageContext | null;
}

/** Something that was done with another message. */
export interface InboundAction extends Inbound {
  kind: 'action';
  /** WhatsApp's id of the message that it is done with. */
  targetMessageId: string;
  /** WhatsApp says that an admin of the group does it. */
  isByAdmin: boolean;
  action: MessageAction | SealedAction;
}

/** Reads a journalled stanza; null when it carries nothing that a person would call a message (keys, sync, receipts). */
export function readInbound(entry: JournalEntry, own: OwnAccount): InboundMessage | InboundAction | null {
  const { attrs, plaintext } = unwrapResent(entry, own);
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  // The secret of an own message stands outside of the copy that other devices of the account get.
  if (decoded.messageContextInfo) message.messageContextInfo ??= decoded.messageContextInfo;
  const from = { message, attrs, own };
  return isAction(message) ? inboundAction(from) : inboundMessage(from);
}

interface Source {
  message: proto.IMessage;
  attrs: Record<string, string>;
  own: OwnAccount;
}

function inboundMessage({ message, attrs, own }: Source): InboundMessage | null {
  const said = readMessage(message);
  if (!said) return null;
  const { content, context } = said;
  const inbound = inboundOf({ message, attrs, own });
  const authorAddress = inbound.fromMe ? own.waId : toWaId(attrs.participant ?? attrs.from ?? '');
  return {
    kind: 'message',
    ...inbound,
    authorAddress,
    type: content.type,
    text: wordsOf(content),
    content: fieldsOf(content),
    context,
  };
}

function inboundAction({ message, attrs, own }: Source): InboundAction | null {
  const read = readAction(message);
  if (!read) return null;
  const { targetMessageId, action, at } = read;
  const inbound = inboundOf({ message, attrs, own });
  const isByAdmin = attrs.edit === '8' && inbound.chatId.endsWith('@g.us');
  return { kind: 'action', ...inbound, timestamp: at ?? inbound.timestamp, targetMessageId, isByAdmin, action };
}

function inboundOf({ message, attrs, own }: Source): Inbound {
  const sender = senderOf(attrs);
  const fromMe = isOwn(sender, own) || attrs.is_sender === 'true';
  return {
    messageId: String(attrs.id),
    chatId: chatOf(attrs, sender),
    sender: fromMe ? { ...sender, waId: own.waId } : sender,
    fromMe,
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
