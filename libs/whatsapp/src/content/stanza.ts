import type { BinaryNode, proto } from '@whiskeysockets/baileys';
import { actionStanzaOf } from '../actions/action-stanza.js';
import { bizNodeOf } from './interactive/biz-node.js';
import { fieldOf, unwrap } from './read-message.js';

/** What the stanza around a message says about it, so that WhatsApp's servers and clients treat it as what it is. */
export interface StanzaParts {
  additionalAttributes?: Record<string, string>;
  additionalNodes?: BinaryNode[];
}

/** Follows from the message alone, so that a repeated send says the same. `relayMessage` adds the media type itself. */
export function stanzaOf(message: proto.IMessage, chatId: string): StanzaParts {
  const action = actionStanzaOf(message);
  if (action) return action;
  if (message.statusMentionMessage) return { additionalNodes: [meta({ is_status_mention: 'true' })] };
  const inner = unwrap(message);
  if (POLLS.some((field) => inner[field])) return { additionalNodes: [meta({ polltype: 'creation' })] };
  if (inner.eventMessage) return { additionalNodes: [meta({ event_type: 'creation' })] };
  const mentioned = chatId === STATUS ? mentionsIn(inner) : [];
  if (mentioned.length) return { additionalNodes: [meta({}, mentionedUsers(mentioned))] };
  const biz = bizNodeOf(message);
  return biz ? { additionalNodes: [biz] } : {};
}

/** Whether a message cannot do with the stanza that everything gets. */
export const needsStanzaParts = (message: proto.IMessage, chatId: string): boolean =>
  chatId === STATUS || Object.keys(stanzaOf(message, chatId)).length > 0;

const STATUS = 'status@broadcast';
const POLLS = ['pollCreationMessage', 'pollCreationMessageV2', 'pollCreationMessageV3'] as const;

const meta = (attrs: Record<string, string>, ...content: BinaryNode[]): BinaryNode => ({
  tag: 'meta',
  attrs,
  ...(content.length && { content }),
});

const mentionedUsers = (jids: string[]): BinaryNode => ({
  tag: 'mentioned_users',
  attrs: {},
  content: jids.map((jid) => ({ tag: 'to', attrs: { jid } })),
});

function mentionsIn(message: proto.IMessage): string[] {
  const field = fieldOf(message);
  return (
    (Object(field && message[field]) as { contextInfo?: proto.IContextInfo | null }).contextInfo?.mentionedJid ?? []
  );
}
