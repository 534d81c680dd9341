import { proto } from '@whiskeysockets/baileys';
import type { MessageAction } from '@app/platform/events/message-action.js';
import { wordsOf } from '@app/platform/events/message-content.js';
import { readMessage, unwrap } from '../content/read-message.js';
import type { SealPurpose } from './sealed-answer.js';

const { Type } = proto.Message.ProtocolMessage;
const PinType = proto.Message.PinInChatMessage.Type;
const DEFAULT_PIN_SECONDS = 604_800;

/** An answer that can only be read with the secret of the message that it answers. */
export interface SealedAction {
  kind: 'sealed';
  purpose: SealPurpose;
  /** Base64. */
  payload: string;
  iv: string;
}

/** What a protobuf does with another message. */
export interface ReadAction {
  /** WhatsApp's id of the message that it is done with. */
  targetMessageId: string;
  action: MessageAction | SealedAction;
  /** When the sender says it was done, where it says so. */
  at: Date | null;
}

interface Reading {
  key?: proto.IMessageKey | null;
  action?: ReadAction['action'];
  at?: Date | null;
}

type Reader = (message: proto.IMessage) => Reading;

/** Reads what is done with another message; null when it is done so badly that it means nothing. */
export function readAction(message: proto.IMessage): ReadAction | null {
  const inner = unwrap(message);
  const { key, action, at } = readerFor(inner)?.(inner) ?? {};
  return key?.id && action ? { targetMessageId: key.id, action, at: at ?? null } : null;
}

/** Whether a protobuf is something done with another message rather than a message itself. */
export function isAction(message: proto.IMessage): boolean {
  const inner = unwrap(message);
  return readerFor(inner) !== undefined;
}

function readerFor(message: proto.IMessage): Reader | undefined {
  for (const field in message) if (readers[field] && message[field as keyof proto.IMessage]) return readers[field];
  return undefined;
}

const readers: Record<string, Reader | undefined> = {
  protocolMessage: ({ protocolMessage: order }) => {
    const key = order?.key;
    if (order?.type === Type.REVOKE) return { key, action: { kind: 'revoke' } };
    if (order?.type !== Type.MESSAGE_EDIT || !order.editedMessage) return {};
    return { key, action: readEdit(order.editedMessage), at: dateOf(order.timestampMs) };
  },
  reactionMessage: ({ reactionMessage: reaction }) => ({
    key: reaction?.key,
    action: { kind: 'reaction', emoji: readEmoji(reaction?.text) },
    at: dateOf(reaction?.senderTimestampMs),
  }),
  encReactionMessage: ({ encReactionMessage: reaction }) => ({
    key: reaction?.targetMessageKey,
    action: sealed('Enc Reaction', reaction),
  }),
  pollUpdateMessage: ({ pollUpdateMessage: update }) => ({
    key: update?.pollCreationMessageKey,
    action: sealed('Poll Vote', update?.vote),
    at: dateOf(update?.senderTimestampMs),
  }),
  encEventResponseMessage: ({ encEventResponseMessage: response }) => ({
    key: response?.eventCreationMessageKey,
    action: sealed('Event Response', response),
  }),
  pinInChatMessage: ({ pinInChatMessage: pin, messageContextInfo }) => ({
    key: pin?.key,
    action: {
      kind: 'pin',
      seconds:
        pin?.type === PinType.UNPIN_FOR_ALL
          ? null
          : messageContextInfo?.messageAddOnDurationInSecs || DEFAULT_PIN_SECONDS,
    },
    at: dateOf(pin?.senderTimestampMs),
  }),
  keepInChatMessage: ({ keepInChatMessage: keep }) => ({
    key: keep?.key,
    action: { kind: 'keep', isKept: keep?.keepType === proto.KeepType.KEEP_FOR_ALL },
    at: dateOf(keep?.timestampMs),
  }),
};

function readEdit(edited: proto.IMessage): MessageAction {
  const content = readMessage(edited)?.content;
  const text = (content && wordsOf(content)?.replaceAll('\0', '\ufffd')) ?? null;
  const isCaption = content !== undefined && content.type !== 'text';
  return { kind: 'edit', text, content: isCaption && text !== null ? { caption: text } : null };
}

function sealed(
  purpose: SealPurpose,
  value?: { encPayload?: Uint8Array | null; encIv?: Uint8Array | null } | null,
): SealedAction {
  const base64 = (bytes?: Uint8Array | null) => Buffer.from(bytes ?? []).toString('base64');
  return { kind: 'sealed', purpose, payload: base64(value?.encPayload), iv: base64(value?.encIv) };
}

/** An emoji as it can be stored and shown, whatever a stranger sent in its place. */
export const readEmoji = (text?: string | null): string | null =>
  [...(text ?? '').replaceAll('\0', '')].slice(0, 20).join('') || null;

/** Nobody does anything in the future: a clock that is wrong must not make its last word the last one for ever. */
function dateOf(ms: number | { toString(): string } | null | undefined): Date | null {
  const time = Number(ms ?? 0);
  return time > 0 ? new Date(Math.min(time, Date.now())) : null;
}
