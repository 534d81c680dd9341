import { proto } from '@whiskeysockets/baileys';
import { unwrap } from '../content/read-message.js';

/** What is done with a post of a newsletter, as newsletters take it. */
export interface PostChange {
  /** WhatsApp's id of the post. */
  postId: string;
  isDeletion: boolean;
  /** The value of `edit` in the stanza. */
  edit: string;
  /** The post as it is from now on. */
  message: proto.IMessage;
}

const { Type } = proto.Message.ProtocolMessage;
const EDIT = '3';
const DELETE = '8';

/**
 * Newsletters know no messages about messages: a changed post is sent whole under its own id, a deleted one empty, and
 * with other numbers than in chats. Null for a post.
 */
export function postChangeOf(message: proto.IMessage): PostChange | null {
  const { type, key, editedMessage } = unwrap(message).protocolMessage ?? {};
  if (!key?.id) return null;
  if (type === Type.REVOKE) return { postId: key.id, isDeletion: true, edit: DELETE, message: {} };
  if (type !== Type.MESSAGE_EDIT || !editedMessage) return null;
  return { postId: key.id, isDeletion: false, edit: EDIT, message: editedMessage };
}
