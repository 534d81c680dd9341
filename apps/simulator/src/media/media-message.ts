import type { MediaType } from '@whiskeysockets/baileys/lib/Defaults/index.js';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Seed } from '../world/seed.js';
import type { Content, MediaStore, StoredMedia } from './media-store.js';
import { ownRecipe } from './own-content.js';
import type { OwnContent } from './own-content.js';
import { mp4 } from './samples/mp4.js';
import { noise, noiseBytes } from './samples/noise.js';
import { voiceRecording } from './samples/ogg-opus.js';
import { pdf } from './samples/pdf.js';
import { photo, sticker, thumbnail } from './samples/pictures.js';
import { secondsOfTone, tone } from './samples/wav.js';

/** The kinds of media people send, in the words of the control API. */
export const mediaKinds = ['image', 'video', 'gif', 'videoNote', 'audio', 'voice', 'document', 'sticker'] as const;

/** One of them. */
export type MediaKind = (typeof mediaKinds)[number];

/** Kinds that can have any size. */
export const sizedKinds: ReadonlySet<MediaKind> = new Set(['video', 'gif', 'videoNote', 'audio', 'document']);

/** Kinds that can be made to disappear after one look. */
export const viewOnceKinds: ReadonlySet<MediaKind> = new Set(['image', 'video', 'audio', 'voice']);

/** What somebody is to send. */
export interface MediaOrder {
  kind: MediaKind;
  caption?: string;
  fileName?: string;
  viewOnce?: boolean;
  sizeBytes?: number;
  /** Sent instead of something made up. */
  own?: OwnContent | undefined;
}

/** A content that is still to be encrypted, and the message around it. */
interface Recipe {
  type: MediaType;
  content: Content;
  message: (stored: StoredMedia) => proto.IMessage;
}

const recipes: Record<MediaKind, (text: string, order: MediaOrder) => Recipe | Promise<Recipe>> = {
  image,
  video: (text, order) => film(text, order, (videoMessage) => ({ videoMessage })),
  gif: (text, order) => film(text, order, (video) => ({ videoMessage: { ...video, gifPlayback: true } })),
  videoNote: (text, order) => film(text, order, (ptvMessage) => ({ ptvMessage })),
  audio: (text, { sizeBytes, viewOnce }) => ({
    type: 'audio',
    content: tone(text, sizeBytes),
    message: (stored) => ({
      audioMessage: { ...stored, mimetype: 'audio/wav', seconds: secondsOfTone(sizeBytes), ptt: false, viewOnce },
    }),
  }),
  voice: (text, { viewOnce }) => ({
    type: 'audio',
    content: voiceRecording(text, 2),
    message: (stored) => ({
      audioMessage: {
        ...stored,
        mimetype: 'audio/ogg; codecs=opus',
        seconds: 2,
        ptt: true,
        viewOnce,
        waveform: waves(text),
      },
    }),
  }),
  document,
  sticker: async (text) => ({
    type: 'sticker',
    content: await sticker(text),
    message: (stored) => ({
      stickerMessage: { ...stored, mimetype: 'image/webp', width: 512, height: 512, isAnimated: false },
    }),
  }),
};

/** Makes something to look at, to hear or to read, puts it on the media server and answers the message about it. */
export async function composeMedia(media: MediaStore, seed: Seed, order: MediaOrder): Promise<proto.IMessage> {
  const { type, content, message } = await recipeFor(seed, order);
  const composed = message(await media.store(content, type));
  if (!order.viewOnce) return composed;
  const isAudio = order.kind === 'audio' || order.kind === 'voice';
  return isAudio ? { viewOnceMessageV2Extension: { message: composed } } : { viewOnceMessageV2: { message: composed } };
}

function recipeFor(seed: Seed, order: MediaOrder): Recipe | Promise<Recipe> {
  const { kind, own, caption, viewOnce } = order;
  if (own && kind !== 'document') return ownRecipe(kind, own, { caption, viewOnce });
  return recipes[kind](seed.opaqueId('content'), order);
}

async function image(text: string, { caption, viewOnce }: MediaOrder): Promise<Recipe> {
  const [width, height] = [320, 240];
  const content = await photo(text, width, height);
  const shown = { mimetype: 'image/jpeg', width, height, caption, viewOnce };
  const jpegThumbnail = await thumbnail(content, 32);
  return { type: 'image', content, message: (stored) => ({ imageMessage: { ...stored, ...shown, jpegThumbnail } }) };
}

async function film(
  text: string,
  { caption, sizeBytes, viewOnce }: MediaOrder,
  message: (video: proto.Message.IVideoMessage) => proto.IMessage,
): Promise<Recipe> {
  const jpegThumbnail = await photo(text, 32, 32);
  const shown = { mimetype: 'video/mp4', seconds: 1, width: 64, height: 64, caption, viewOnce, jpegThumbnail };
  return { type: 'video', content: mp4(text, sizeBytes), message: (stored) => message({ ...stored, ...shown }) };
}

function document(text: string, { caption, fileName, sizeBytes, own }: MediaOrder): Recipe {
  const isPage = sizeBytes === undefined && !own;
  const name = fileName ?? (isPage ? 'page.pdf' : 'data.bin');
  const mimetype = own?.mimetype ?? (isPage ? 'application/pdf' : 'application/octet-stream');
  return {
    type: 'document',
    content: own?.bytes ?? (sizeBytes === undefined ? pdf(`Document ${text}`) : noise(text, sizeBytes)),
    message: (stored) => {
      const documentMessage = {
        ...stored,
        mimetype,
        fileName: name,
        title: name,
        caption,
        ...(isPage && { pageCount: 1 }),
      };
      return caption ? { documentWithCaptionMessage: { message: { documentMessage } } } : { documentMessage };
    },
  };
}

/** The little bars that stand for a voice recording. */
function waves(text: string): Uint8Array {
  return noiseBytes(text, 64).map((byte) => byte % 100);
}
