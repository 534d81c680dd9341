import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { Problem } from '../world/problem.js';
import { line, pnSchema, strictObject } from './schemas.js';
import { messageFromJson } from './message-json.js';

/** What to post: a text, a poll, or any message in the protobuf's JSON form (media with path and hash of an upload). */
export interface PostOrder {
  by?: string;
  text?: string;
  poll?: { name: string; options: string[]; selectableCount?: number };
  message?: Record<string, unknown>;
}

const poll = strictObject(
  {
    name: line,
    options: { type: 'array', items: line, minItems: 2, maxItems: 12 },
    selectableCount: { type: 'integer', minimum: 0 },
  },
  ['name', 'options'],
);

export const postSchema = strictObject({ by: pnSchema, text: line, poll, message: { type: 'object' } });

/** The kind of stanza and the bytes of a post. */
export function postMessage(order: PostOrder): { type: string; body: Buffer } {
  const given = [order.text, order.poll, order.message].filter((part) => part !== undefined);
  if (given.length !== 1) throw new Problem(400, 'request.invalid', 'Give one of "text", "poll" and "message".');
  const message = read(order);
  const body = Buffer.from(proto.Message.encode(message).finish());
  return { type: typeOf(message), body };
}

function read({ text, poll: asked, message = {} }: PostOrder): proto.IMessage {
  if (text !== undefined) return { conversation: text };
  if (!asked) return messageFromJson(message);
  const options = asked.options.map((optionName) => ({ optionName }));
  return { pollCreationMessageV3: { name: asked.name, options, selectableOptionsCount: asked.selectableCount ?? 1 } };
}

function typeOf(message: proto.IMessage): string {
  if (message.pollCreationMessage ?? message.pollCreationMessageV2 ?? message.pollCreationMessageV3) return 'poll';
  const { imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage, ptvMessage } = message;
  const media = [imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage, ptvMessage];
  return media.some((part) => part) ? 'media' : 'text';
}
