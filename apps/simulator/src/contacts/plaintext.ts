import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { randomInt } from 'node:crypto';

/** A message as the receiver reads it: wrappers of own devices removed. */
export interface Opened {
  message: proto.IMessage;
  /** The chat it belongs to, when one of the own devices sent it. */
  chat: string | undefined;
}

/** Fields that are not content but say something about it. */
const notContent = new Set(['messageContextInfo', 'senderKeyDistributionMessage']);

/** Serializes a message with the 1 to 16 bytes of padding every client adds. */
export function pad(message: proto.IMessage): Buffer {
  const length = randomInt(1, 17);
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.alloc(length, length)]);
}

/** Removes the padding, parses, and unwraps what an own device sent. */
export function open(padded: Buffer): Opened {
  const message = proto.Message.decode(padded.subarray(0, padded.length - (padded.at(-1) ?? 0)));
  const own = message.deviceSentMessage;
  return own?.message ? { message: own.message, chat: own.destinationJid ?? undefined } : { message, chat: undefined };
}

/** The content of a message that is sent in a wrapper: disappearing, to be viewed once, with a caption. */
export function unwrap(message: proto.IMessage): proto.IMessage {
  const wrapper =
    message.ephemeralMessage ??
    message.viewOnceMessage ??
    message.viewOnceMessageV2 ??
    message.viewOnceMessageV2Extension ??
    message.documentWithCaptionMessage;
  return wrapper?.message ? unwrap(wrapper.message) : message;
}

/** The text a person would read, if there is any. */
export function textOf(message: proto.IMessage): string | null {
  const content = unwrap(message);
  const caption = content.imageMessage ?? content.videoMessage ?? content.documentMessage;
  return content.conversation || content.extendedTextMessage?.text || caption?.caption || null;
}

/** What kind of message it is: the name of the field that is set. */
export function kindOf(message: proto.IMessage): string {
  const kinds = Object.entries(unwrap(message)).filter(([name, value]) => value && !notContent.has(name));
  return kinds[0]?.[0] ?? 'empty';
}
