import type { ContentKind } from './content-kind.js';

export const album: ContentKind<'album'> = {
  type: 'album',
  fields: ['albumMessage'],
  write: ({ images, videos }) => ({ albumMessage: { expectedImageCount: images, expectedVideoCount: videos } }),
  read: ({ albumMessage: body }) => ({
    type: 'album',
    images: body?.expectedImageCount ?? 0,
    videos: body?.expectedVideoCount ?? 0,
  }),
};
