import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import { unwrap } from '../content/read-message.js';

const { Type } = proto.Message.ProtocolMessage;

interface ActionStanza {
  additionalAttributes?: Record<string, string>;
  additionalNodes?: BinaryNode[];
}

/** What the stanza says about something done with another message; null when it is none. */
export function actionStanzaOf(message: proto.IMessage): ActionStanza | null {
  const inner = unwrap(message);
  if (inner.pinInChatMessage) return edit('2');
  if (inner.pollUpdateMessage) return { additionalNodes: [{ tag: 'meta', attrs: { polltype: 'vote' } }] };
  if (inner.encEventResponseMessage)
    return {
      additionalAttributes: { type: 'event' },
      additionalNodes: [{ tag: 'meta', attrs: { event_type: 'response' } }],
    };
  const order = inner.protocolMessage;
  if (order?.type === Type.MESSAGE_EDIT) return edit('1');
  if (order?.type !== Type.REVOKE || !order.key) return null;
  // Whoever deletes somebody else's message does it as an admin, which WhatsApp checks.
  return edit(order.key.fromMe ? '7' : '8');
}

const edit = (code: string): ActionStanza => ({ additionalAttributes: { edit: code } });
