import type { proto } from '@whiskeysockets/baileys';
import { type Headed, headerMediaTypes } from '@app/platform/events/interactive-content.js';
import { writeFile, writeSeconds, writeSize } from '../media/file-fields.js';
import { document } from '../media/document.js';
import { image, video } from '../media/pictures.js';

/** The files that headers of all forms can show. */
type FileParts = Pick<proto.IMessage, 'imageMessage' | 'videoMessage' | 'documentMessage'>;

const kinds = { image, video, document } as const;

/** The file of a header, in the fields that all forms of headers have for it; empty when there is none. */
export function writeHeaderFile({ header, media }: Headed): FileParts {
  if (!header?.media || !media) return {};
  const { type, caption } = header.media;
  if (type === 'image') return { imageMessage: { ...writeFile(media), ...writeSize(media), caption } };
  if (type === 'video')
    return { videoMessage: { ...writeFile(media), ...writeSize(media), ...writeSeconds(media), caption } };
  const fileName = media.fileName ?? 'file';
  return { documentMessage: { ...writeFile(media), fileName, title: fileName, caption } };
}

/** The file of a header that came in. */
export function readHeaderFile(parts: FileParts | null | undefined): Headed {
  const type = headerMediaTypes.find((name) => parts?.[`${name}Message`]);
  if (!parts || !type) return {};
  const { media, caption } = kinds[type].read(parts);
  return { header: { media: { type, ...(caption && { caption }) } }, media };
}
