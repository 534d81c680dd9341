import type { MediaType } from '@whiskeysockets/baileys/lib/Defaults/index.js';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { MediaReference } from './media-cipher.js';

const types = {
  imageMessage: 'image',
  videoMessage: 'video',
  ptvMessage: 'video',
  audioMessage: 'audio',
  documentMessage: 'document',
  stickerMessage: 'sticker',
} as const satisfies Partial<Record<keyof proto.IMessage, MediaType>>;

/** A file that comes with a message: where it is and what it must be. */
export interface Attachment extends MediaReference {
  type: MediaType;
  mimetype: string;
  /** On the media server. */
  path: string;
}

/** The file that comes with a message (wrappers removed), if one does. */
export function attachmentOf(message: proto.IMessage): Attachment | undefined {
  for (const [field, type] of Object.entries(types)) {
    const media = message[field as keyof typeof types];
    if (!media) continue;
    const { mimetype, mediaKey, fileSha256, fileEncSha256, directPath, url } = media;
    return { type, mimetype: mimetype ?? '', mediaKey, fileSha256, fileEncSha256, path: directPath || pathIn(url) };
  }
  return undefined;
}

function pathIn(url: string | null | undefined): string {
  if (!url || !URL.canParse(url)) return '';
  const { pathname, search } = new URL(url);
  return pathname + search;
}
