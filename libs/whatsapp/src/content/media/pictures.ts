import type { MessageFile } from '@app/platform/events/media-content.js';
import type { ContentKind } from '../content-kind.js';
import { readFile, writeFile, writeSeconds, writeSize } from './file-fields.js';

const writeFilm = (media: MessageFile, jpegThumbnail: Buffer | undefined) => ({
  ...writeFile(media),
  ...writeSize(media),
  ...writeSeconds(media),
  jpegThumbnail,
});

const captionOf = (caption: string | null | undefined) => (caption ? { caption } : {});

export const image: ContentKind<'image'> = {
  type: 'image',
  fields: ['imageMessage'],
  write: ({ media, caption }, { thumbnail }) => ({
    imageMessage: { ...writeFile(media), ...writeSize(media), caption, jpegThumbnail: thumbnail },
  }),
  read: ({ imageMessage }) => ({
    type: 'image',
    media: readFile(imageMessage),
    ...captionOf(imageMessage?.caption),
  }),
};

export const sticker: ContentKind<'sticker'> = {
  type: 'sticker',
  fields: ['stickerMessage'],
  write: ({ media }, { thumbnail }) => ({
    stickerMessage: {
      ...writeFile(media),
      ...writeSize(media),
      isAnimated: media.isAnimated,
      pngThumbnail: thumbnail,
    },
  }),
  read: ({ stickerMessage }) => ({ type: 'sticker', media: readFile(stickerMessage) }),
};

export const video: ContentKind<'video'> = {
  type: 'video',
  fields: ['videoMessage'],
  write: ({ media, caption }, { thumbnail }) => ({ videoMessage: { ...writeFilm(media, thumbnail), caption } }),
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
  write: ({ media, caption }, { thumbnail }) => ({
    videoMessage: { ...writeFilm(media, thumbnail), caption, gifPlayback: true },
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
  write: ({ media }, { thumbnail }) => ({ ptvMessage: writeFilm(media, thumbnail) }),
  read: ({ ptvMessage }) => ({ type: 'video-note', media: readFile(ptvMessage) }),
};
