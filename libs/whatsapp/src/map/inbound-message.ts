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

const { EPHEMERAL_SETTING } = proto.Message.ProtocolMessage.Type;

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
  /** WhatsApp says that an admin of the group or newsletter does it. */
  isByAdmin: boolean;
  action: MessageAction | SealedAction;
}

/** Somebody in a chat says how long its messages last. */
export interface InboundTimer extends Inbound {
  kind: 'timer';
  /** 0 for ever. */
  seconds: number;
}

/** Reads a journalled stanza; null when it carries nothing that a person would notice (keys, sync, receipts). */
export function readInbound(
  entry: JournalEntry,
  own: OwnAccount,
): InboundMessage | InboundAction | InboundTimer | null {
  const { attrs, plaintext } = unwrapResent(entry, own);
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  // The secret of an own message stands outside of the copy that other devices of the account get.
  if (decoded.messageContextInfo) message.messageContextInfo ??= decoded.messageContextInfo;
  const { type, ephemeralExpiration } = message.protocolMessage ?? {};
  if (type === EPHEMERAL_SETTING)
    return { kind: 'timer', ...inboundOf({ message, attrs, own }), seconds: ephemeralExpiration ?? 0 };
  const from = { message: changeOfPost(message, attrs) ?? message, attrs, own };
  return isAction(from.message) ? inboundAction(from) : inboundMessage(from);
}

/**
 * What is done with a post of a newsletter, said as it is said elsewhere. There the stanza alone tells, with other
 * numbers than in chats; a changed post comes whole, a deleted one empty.
 */
function changeOfPost(message: proto.IMessage, attrs: Record<string, string>): proto.IMessage | null {
  if (!attrs.from?.endsWith('@newsletter') || isAction(message)) return null;
  const { Type } = proto.Message.ProtocolMessage;
  const key = { id: attrs.id };
  if (attrs.edit === '8') return { protocolMessage: { type: Type.REVOKE, key } };
  if (attrs.edit !== '3') return null;
  const timestampMs = Number(attrs.edited_t) * 1000;
  return { protocolMessage: { type: Type.MESSAGE_EDIT, key, editedMessage: message, timestampMs } };
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
    context: attrs.server_id ? { ...context, serverId: attrs.server_id } : context,
  };
}

function inboundAction({ message, attrs, own }: Source): InboundAction | null {
  const read = readAction(message);
  if (!read) return null;
  const { targetMessageId, action, at } = read;
  const inbound = inboundOf({ message, attrs, own });
  // Nobody but its admins can do anything with the posts of a newsletter, and it does not tell which of them did.
  const isPost = inbound.chatId.endsWith('@newsletter');
  const isByAdmin = isPost || (attrs.edit === '8' && inbound.chatId.endsWith('@g.us'));
  // A changed post keeps its id.
  const messageId = isPost && attrs.edited_t ? `${inbound.messageId}.${attrs.edited_t}` : inbound.messageId;
  const said = { ...inbound, messageId, timestamp: at ?? editedAt(attrs) ?? inbound.timestamp };
  return { kind: 'action', ...said, targetMessageId, isByAdmin, action };
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

const editedAt = ({ edited_t: seconds }: Record<string, string>): Date | null =>
  seconds ? new Date(Number(seconds) * 1000) : null;

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
