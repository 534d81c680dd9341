import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { Problem } from '../world/problem.js';

type Json = Record<string, unknown>;

/** A message given as JSON, bytes in base64; refused when it is malformed, empty, or has a field that does not exist. */
export function messageFromJson(json: Json): proto.IMessage {
  const message = parse(json);
  const lost = Object.keys(json).length === 0 ? 'content' : lostField(json, message.toJSON());
  if (lost) throw new Problem(400, 'message.invalid', `The message has no readable field "${lost}".`);
  return message;
}

/** A message as JSON, bytes in base64, numbers beyond 32 bits as text. */
export function messageToJson(message: proto.IMessage): Json {
  return proto.Message.fromObject(message).toJSON();
}

function parse(json: Json): proto.Message {
  try {
    return proto.Message.decode(proto.Message.encode(proto.Message.fromObject(json)).finish());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(400, 'message.invalid', `The message cannot be read: ${reason}`);
  }
}

/** The first field that was given and is not in what was understood. */
function lostField(given: unknown, understood: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || typeof understood !== 'object' || understood === null)
    return undefined;
  for (const [name, value] of Object.entries(given)) {
    const found = (understood as Json)[name];
    if (found === undefined && !isNothing(value)) return name;
    const inner = lostField(value, found);
    if (inner) return `${name}.${inner}`;
  }
  return undefined;
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
