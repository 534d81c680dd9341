import type { MediaType } from '@whiskeysockets/baileys/lib/Defaults/index.js';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { Problem } from '../world/problem.js';
import type { StoredMedia } from './media-store.js';
import { thumbnail } from './samples/pictures.js';

/** A file somebody has, to be sent as it is. */
export interface OwnContent {
  bytes: Buffer;
  mimetype: string;
}

type Wrap = (media: proto.Message.IImageMessage & proto.Message.IAudioMessage) => proto.IMessage;

/** How each kind is sent when nothing is known about the file but its type; documents have names as well. */
const forms: Record<'image' | 'video' | 'gif' | 'videoNote' | 'audio' | 'voice' | 'sticker', [MediaType, Wrap]> = {
  image: ['image', (imageMessage) => ({ imageMessage })],
  video: ['video', (videoMessage) => ({ videoMessage })],
  gif: ['video', (media) => ({ videoMessage: { ...media, gifPlayback: true } })],
  videoNote: ['video', (ptvMessage) => ({ ptvMessage })],
  audio: ['audio', (media) => ({ audioMessage: { ...media, ptt: false } })],
  voice: ['audio', (media) => ({ audioMessage: { ...media, ptt: true } })],
  sticker: ['sticker', (stickerMessage) => ({ stickerMessage })],
};

/** What is sent of somebody's own file: the file, and the message about it once it is stored. */
export async function ownRecipe(
  kind: keyof typeof forms,
  { bytes, mimetype }: OwnContent,
  shown: { caption: string | undefined; viewOnce: boolean | undefined },
) {
  const [type, wrap] = forms[kind];
  const preview = kind === 'image' ? { jpegThumbnail: await previewOf(bytes) } : {};
  const message = (stored: StoredMedia): proto.IMessage => wrap({ ...stored, ...shown, ...preview, mimetype });
  return { type, content: bytes, message };
}

async function previewOf(bytes: Buffer): Promise<Buffer> {
  return thumbnail(bytes, 32).catch(() => {
    throw new Problem(400, 'media.unreadable', 'The content is not a picture.');
  });
}
