import { proto } from '@whiskeysockets/baileys';
import { fieldOf, unwrap } from '../content/read-message.js';

/** The protobuf of a message as it is forwarded: marked as such, without what it answered or whom it mentioned. */
export function writeForward(original: Buffer): Buffer | null {
  const inner = unwrap(proto.Message.decode(original));
  const field = fieldOf(inner);
  if (!field) return null;
  const message: proto.IMessage =
    field === 'conversation' ? { extendedTextMessage: { text: inner.conversation } } : { [field]: inner[field] };
  const body = message[field === 'conversation' ? 'extendedTextMessage' : field] as Forwardable;
  const score = (body.contextInfo?.forwardingScore ?? 0) + 1;
  body.contextInfo = { isForwarded: true, forwardingScore: score };
  return Buffer.from(proto.Message.encode(proto.Message.create(message)).finish());
}

interface Forwardable {
  contextInfo?: proto.IContextInfo | null;
}
