import type { ContentKind } from '../content-kind.js';
import { readFile, writeFile } from './file-fields.js';

export const document: ContentKind<'document'> = {
  type: 'document',
  fields: ['documentMessage'],
  write: ({ media, caption, pageCount }, { thumbnail }) => {
    const fileName = media.fileName ?? 'file';
    const words = { fileName, title: fileName, caption, pageCount };
    return { documentMessage: { ...writeFile(media), ...words, jpegThumbnail: thumbnail } };
  },
  read: ({ documentMessage }) => ({
    type: 'document',
    media: readFile(documentMessage),
    ...(documentMessage?.caption && { caption: documentMessage.caption }),
    ...(documentMessage?.pageCount && { pageCount: documentMessage.pageCount }),
  }),
};
