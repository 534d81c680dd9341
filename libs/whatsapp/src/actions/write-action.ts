import { proto } from '@whiskeysockets/baileys';
import type { EventAnswer } from '@app/platform/events/message-action.js';
import { unwrap } from '../content/read-message.js';
import { contextInfo, type Envelope } from '../content/write-message.js';
import { toJid } from '../map/jid.js';
import { optionHash, secretIn } from './open-answer.js';
import { seal, type SealPurpose } from './sealed-answer.js';

/** A message that the own account does something with. */
export interface ActionTarget {
  messageId: string;
  /** waId of the chat. */
  chatId: string;
  /** waId of whoever wrote it, as WhatsApp knows it in this chat. */
  author: string;
  fromMe: boolean;
}

/** One that is answered: what it says is needed, too. */
export interface AnsweredTarget extends ActionTarget {
  /** The serialised protobuf. */
  proto: Buffer;
}

/** The addresses of an answer: who wrote the original, and who answers. */
export interface AnswerAddresses {
  author: string;
  answerer: string;
}

const { Type } = proto.Message.ProtocolMessage;
const PinType = proto.Message.PinInChatMessage.Type;
const { EventResponseType } = proto.Message.EventResponseMessage;
const answers = {
  going: EventResponseType.GOING,
  'not-going': EventResponseType.NOT_GOING,
  maybe: EventResponseType.MAYBE,
};

const serialised = (message: proto.IMessage): Buffer =>
  Buffer.from(proto.Message.encode(proto.Message.create(message)).finish());

const keyOf = ({ messageId, chatId, author, fromMe }: ActionTarget): proto.IMessageKey => ({
  remoteJid: toJid(chatId),
  fromMe,
  id: messageId,
  ...(chatId.endsWith('@g.us') && !fromMe && { participant: toJid(author) }),
});

/** Other words for an own text message; `edited` is the serialised protobuf of what it says now. */
export const writeEdit = (target: ActionTarget, edited: Buffer): Buffer =>
  serialised({
    protocolMessage: {
      key: keyOf(target),
      type: Type.MESSAGE_EDIT,
      editedMessage: proto.Message.decode(edited),
      timestampMs: Date.now(),
    },
  });

/** Deletes a message for everybody: an own one, or as admin of a group. */
export const writeRevoke = (target: ActionTarget): Buffer =>
  serialised({ protocolMessage: { key: keyOf(target), type: Type.REVOKE } });

/** A reaction; null takes an earlier one back. */
export const writeReaction = (target: ActionTarget, emoji: string | null): Buffer =>
  serialised({ reactionMessage: { key: keyOf(target), text: emoji ?? '', senderTimestampMs: Date.now() } });

/** Pins a message in its chat for everybody; null takes the pin away. */
export const writePin = (target: ActionTarget, seconds: number | null): Buffer =>
  serialised({
    pinInChatMessage: {
      key: keyOf(target),
      type: seconds === null ? PinType.UNPIN_FOR_ALL : PinType.PIN_FOR_ALL,
      senderTimestampMs: Date.now(),
    },
    messageContextInfo: { messageAddOnDurationInSecs: seconds ?? 0 },
  });

/** A vote in a poll, by the names of options; none take an earlier vote back. */
export function writeVote(target: AnsweredTarget, options: string[], addresses: AnswerAddresses): Buffer {
  const vote = proto.Message.PollVoteMessage.encode({ selectedOptions: options.map(optionHash) }).finish();
  return serialised({
    pollUpdateMessage: {
      pollCreationMessageKey: keyOf(target),
      vote: sealedFor(target, 'Poll Vote', vote, addresses),
      senderTimestampMs: Date.now(),
    },
  });
}

/** The answer to an event. */
export function writeEventResponse(
  target: AnsweredTarget,
  { answer, extraGuests }: { answer: EventAnswer; extraGuests: number },
  addresses: AnswerAddresses,
): Buffer {
  const response = { response: answers[answer], timestampMs: Date.now(), extraGuestCount: extraGuests };
  const encoded = proto.Message.EventResponseMessage.encode(response).finish();
  return serialised({
    encEventResponseMessage: {
      eventCreationMessageKey: keyOf(target),
      ...sealedFor(target, 'Event Response', encoded, addresses),
    },
  });
}

function sealedFor(
  { messageId, proto: original }: AnsweredTarget,
  purpose: SealPurpose,
  answer: Uint8Array,
  { author, answerer }: AnswerAddresses,
): proto.Message.IPollEncValue {
  const secret = secretIn(original);
  if (!secret) throw new Error('answers need the secret that came with the original');
  const context = { secret, messageId, author: toJid(author), answerer: toJid(answerer) };
  const { payload, iv } = seal(purpose, context, answer);
  return { encPayload: payload, encIv: iv };
}

/** What an edit says now: the protobuf inside it. Null when it is none. */
export function editedMessageIn(edit: Buffer): proto.IMessage | null {
  const message = proto.Message.decode(edit);
  return unwrap(message).protocolMessage?.editedMessage ?? null;
}

/** The protobuf of a message after an edit. Its secret stays, and of media only the caption changes. */
export function applyEdit(original: Buffer, edit: Buffer): Buffer {
  const edited = editedMessageIn(edit);
  const before = proto.Message.decode(original);
  if (!edited) return original;
  const caption = captionedIn(edited)?.caption;
  const media = captionedIn(before);
  if (media) media.caption = caption ?? null;
  return serialised({ ...(media ? before : edited), messageContextInfo: before.messageContextInfo });
}

/** The protobuf of an own media message with another caption; null when the message has no place for one. */
export function withCaption(original: Buffer, caption: string, { chatId, context }: Envelope): Buffer | null {
  const message = proto.Message.decode(original);
  const media = captionedIn(message);
  if (!media) return null;
  media.caption = caption;
  const info = context && contextInfo(chatId, context);
  if (info) media.contextInfo = { ...media.contextInfo, ...info };
  return serialised({ ...message, messageContextInfo: null });
}

interface Captioned {
  caption?: string | null;
  contextInfo?: proto.IContextInfo | null;
}

/** The part of a message that can have a caption. */
function captionedIn(message: proto.IMessage): Captioned | null {
  const inner = unwrap(message);
  return inner.imageMessage ?? inner.videoMessage ?? inner.documentMessage ?? null;
}
