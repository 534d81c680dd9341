import { type Headed, type HeaderMediaType, headerMediaTypes } from '@app/platform/events/interactive-content.js';
import { Nested, OneOf, Text } from '@app/platform/http/fields.js';
import { type FileOrder, NO_FILE } from '../../files/file-order.js';

const MAX_HEADER = 256;
const MAX_CAPTION = 1024;
/** Base64 of the largest JSON body that can be allowed. */
const MAX_DATA = 268_435_456;

/** The file comes from exactly one of `url`, `data` and `mediaId`. */
export class HeaderMediaDto {
  @OneOf(headerMediaTypes) type: HeaderMediaType;
  @Text({ max: 2048, optional: true, description: 'Address of the file, open to everybody.' }) url?: string;
  @Text({ max: MAX_DATA, optional: true, description: 'The file in base64, or as a data URL.' }) data?: string;
  @Text({ max: 100, optional: true, description: 'A file of the media library.' }) mediaId?: string;
  @Text({ max: 200, optional: true, description: 'Name of a document.', example: 'invoice.pdf' }) fileName?: string;
  @Text({ max: MAX_CAPTION, optional: true }) caption?: string;
}

export class InteractiveHeaderDto {
  @Text({ optional: true, max: MAX_HEADER, description: 'Shown in bold above the text.' }) title?: string;
  @Text({ optional: true, max: MAX_HEADER }) subtitle?: string;
  @Nested(() => HeaderMediaDto, { optional: true, description: 'A picture, video or document above the text.' })
  media?: HeaderMediaDto;
}

/** A header as messages have it; its file is still to be fetched. */
export function headed(header: InteractiveHeaderDto | undefined): Headed {
  const { title, subtitle, media } = header ?? {};
  const shown = media && { type: media.type, ...(media.caption && { caption: media.caption }) };
  if (!title && !subtitle && !shown) return {};
  return {
    header: { ...(title && { title }), ...(subtitle && { subtitle }), ...(shown && { media: shown }) },
    ...(shown && { media: NO_FILE }),
  };
}

/** The file of a header, at most one; `place` is the pointer to what has the header. */
export function headerFiles(header: InteractiveHeaderDto | undefined, place = '', card?: number): FileOrder[] {
  if (!header?.media) return [];
  const { type, url, data, mediaId, fileName } = header.media;
  const source = { url, data, mediaId, fileName, pointer: `${place}/header/media` };
  return [{ source, kind: type, options: {}, ...(card !== undefined && { card }) }];
}
