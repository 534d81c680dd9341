import type { ContentKind } from '../content-kind.js';
import { readFile, writeFile, writeSeconds, writeSize } from './file-fields.js';

const captionOf = (caption: string | null | undefined) => (caption ? { caption } : {});

export const image: ContentKind<'image'> = {
  type: 'image',
  fields: ['imageMessage'],
  write: ({ media, caption }) => ({ imageMessage: { ...writeFile(media), ...writeSize(media), caption } }),
  read: ({ imageMessage }) => ({
    type: 'image',
    media: readFile(imageMessage),
    ...captionOf(imageMessage?.caption),
  }),
};

export const sticker: ContentKind<'sticker'> = {
  type: 'sticker',
  fields: ['stickerMessage'],
  write: ({ media }) => ({
    stickerMessage: { ...writeFile(media), ...writeSize(media), isAnimated: media.isAnimated },
  }),
  read: ({ stickerMessage }) => ({ type: 'sticker', media: readFile(stickerMessage) }),
};

export const video: ContentKind<'video'> = {
  type: 'video',
  fields: ['videoMessage'],
  write: ({ media, caption }) => ({
    videoMessage: { ...writeFile(media), ...writeSize(media), ...writeSeconds(media), caption },
  }),
  read: ({ videoMessage }) => ({
    type: 'video',
    media: readFile(videoMessage),
    ...captionOf(videoMessage?.caption),
  }),
};

/** A short video that plays silently again and again. */
export const gif: ContentKind<'gif'> = {
  type: 'gif',
  fields: ['videoMessage'],
  accepts: ({ videoMessage }) => videoMessage?.gifPlayback ?? false,
  write: ({ media, caption }) => ({
    videoMessage: { ...writeFile(media), ...writeSize(media), ...writeSeconds(media), caption, gifPlayback: true },
  }),
  read: ({ videoMessage }) => ({
    type: 'gif',
    media: readFile(videoMessage),
    ...captionOf(videoMessage?.caption),
  }),
};

export const videoNote: ContentKind<'video-note'> = {
  type: 'video-note',
  fields: ['ptvMessage'],
  write: ({ media }) => ({ ptvMessage: { ...writeFile(media), ...writeSize(media), ...writeSeconds(media) } }),
  read: ({ ptvMessage }) => ({ type: 'video-note', media: readFile(ptvMessage) }),
};
