import type { BinaryNode, proto } from '@whiskeysockets/baileys';
import { bizNodeOf } from './interactive/biz-node.js';

/** What the stanza around a message says about it, so that WhatsApp's servers and clients treat it as what it is. */
export interface StanzaParts {
  additionalAttributes?: Record<string, string>;
  additionalNodes?: BinaryNode[];
}

/** Follows from the message alone, so that a repeated send says the same. `relayMessage` adds the media type itself. */
export function stanzaOf(message: proto.IMessage): StanzaParts {
  const biz = bizNodeOf(message);
  return biz ? { additionalNodes: [biz] } : {};
}
