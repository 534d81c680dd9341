import type { ContentKind } from '../content-kind.js';
import { readFile, writeFile } from './file-fields.js';

export const document: ContentKind<'document'> = {
  type: 'document',
  fields: ['documentMessage'],
  write: ({ media, caption, pageCount }) => {
    const fileName = media.fileName ?? 'file';
    return { documentMessage: { ...writeFile(media), fileName, title: fileName, caption, pageCount } };
  },
  read: ({ documentMessage }) => ({
    type: 'document',
    media: readFile(documentMessage),
    ...(documentMessage?.caption && { caption: documentMessage.caption }),
    ...(documentMessage?.pageCount && { pageCount: documentMessage.pageCount }),
  }),
};
