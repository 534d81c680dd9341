import type { BinaryNode, proto } from '@whiskeysockets/baileys';
import { actionStanzaOf } from '../actions/action-stanza.js';
import { bizNodeOf } from './interactive/biz-node.js';
import { unwrap } from './read-message.js';

/** What the stanza around a message says about it, so that WhatsApp's servers and clients treat it as what it is. */
export interface StanzaParts {
  additionalAttributes?: Record<string, string>;
  additionalNodes?: BinaryNode[];
}

/** Follows from the message alone, so that a repeated send says the same. `relayMessage` adds the media type itself. */
export function stanzaOf(message: proto.IMessage): StanzaParts {
  const action = actionStanzaOf(message);
  if (action) return action;
  const inner = unwrap(message);
  if (inner.pollCreationMessage || inner.pollCreationMessageV3) return { additionalNodes: [meta('polltype')] };
  if (inner.eventMessage) return { additionalNodes: [meta('event_type')] };
  const biz = bizNodeOf(message);
  return biz ? { additionalNodes: [biz] } : {};
}

const meta = (attribute: string): BinaryNode => ({ tag: 'meta', attrs: { [attribute]: 'creation' } });
