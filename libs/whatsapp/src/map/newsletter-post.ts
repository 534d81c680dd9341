import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, proto } from '@whiskeysockets/baileys';
import { fieldsOf, wordsOf } from '@app/platform/events/message-content.js';
import { fieldOf, readMessage, unwrap } from '../content/read-message.js';

/** Where the file of a post is on WhatsApp's servers; it is not sealed. */
export interface PostFile {
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  path: string;
  /** Base64. */
  fileSha256: string | null;
}

/** A post as WhatsApp keeps it. Travels as JSON. */
export interface NewsletterPost {
  /** Its number in the newsletter. */
  serverId: string;
  /** WhatsApp's id of it; null where that is not told. */
  messageId: string | null;
  type: string;
  text: string | null;
  content: object | null;
  file: PostFile | null;
  /** This account wrote it. */
  fromMe: boolean;
  isDeleted: boolean;
  isEdited: boolean;
  /** RFC 3339 */
  timestamp: string;
  views: number | null;
  reactions: Record<string, number>;
}

const fileKinds: Partial<Record<keyof proto.IMessage, PostFile['kind']>> = {
  imageMessage: 'image',
  videoMessage: 'video',
  ptvMessage: 'video',
  audioMessage: 'audio',
  documentMessage: 'document',
  stickerMessage: 'sticker',
};

/** The posts in an answer, oldest first: some answers wrap them once more. */
export function readPosts(answer: BinaryNode, tag: string): NewsletterPost[] {
  const list = getBinaryNodeChild(answer, tag);
  const inner = getBinaryNodeChild(list, 'messages') ?? list;
  const posts = getBinaryNodeChildren(inner, 'message').flatMap(readPost);
  return posts.sort((one, other) => Number(one.serverId) - Number(other.serverId));
}

function readPost(node: BinaryNode): NewsletterPost[] {
  const { server_id: serverId, id = null, t, edit, is_sender: isSender } = node.attrs;
  if (serverId === undefined) return [];
  const body = getBinaryNodeChild(node, 'plaintext')?.content;
  const message = body instanceof Uint8Array && body.length ? decoded(body) : null;
  return [
    {
      serverId,
      messageId: id,
      ...wordsIn(message),
      file: message && fileOf(message),
      fromMe: isSender === 'true',
      isDeleted: edit === '8' || !message,
      isEdited: edit === '3',
      timestamp: new Date((Number(t) || 0) * 1000).toISOString(),
      views: countIn(node),
      reactions: reactionsIn(node),
    },
  ];
}

function wordsIn(message: proto.IMessage | null): Pick<NewsletterPost, 'type' | 'text' | 'content'> {
  const said = message && readMessage(message);
  if (!said) return { type: 'other', text: null, content: null };
  return { type: said.content.type, text: wordsOf(said.content), content: fieldsOf(said.content) };
}

/** Anybody can publish what nobody can read. */
function decoded(body: Uint8Array): proto.IMessage | null {
  try {
    return proto.Message.decode(body);
  } catch {
    return null;
  }
}

function fileOf(message: proto.IMessage): PostFile | null {
  const inner = unwrap(message);
  const field = fieldOf(inner);
  const kind = field && fileKinds[field];
  const { directPath, fileSha256 } = Object((field && inner[field]) ?? {}) as proto.Message.IImageMessage;
  if (!kind || !directPath) return null;
  return { kind, path: directPath, fileSha256: fileSha256?.length ? Buffer.from(fileSha256).toString('base64') : null };
}

function countIn(node: BinaryNode): number | null {
  const count = getBinaryNodeChild(node, 'views_count')?.attrs.count;
  return count === undefined ? null : Number(count) || 0;
}

const reactionsIn = (node: BinaryNode): Record<string, number> =>
  Object.fromEntries(
    getBinaryNodeChildren(getBinaryNodeChild(node, 'reactions'), 'reaction').map(({ attrs: { code = '', count } }) => [
      code,
      Number(count) || 0,
    ]),
  );
