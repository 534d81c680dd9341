import { Nested, Text } from '@app/platform/http/fields.js';
import type { MediaSource } from '@app/platform/media/media-kind.js';

/** As much as a picture may have in base64 that is made into a small one. */
const MAX_DATA = 16_000_000;

/** The picture comes from exactly one of them. */
export class ThumbnailDto {
  @Text({ max: 2048, optional: true, description: 'Address of a picture, open to everybody.' }) url?: string;
  @Text({ max: MAX_DATA, optional: true, description: 'A picture in base64, or as a data URL.' }) data?: string;
  @Text({ max: 100, optional: true, description: 'A picture of the media library.' }) mediaId?: string;

  source(): MediaSource {
    const { url, data, mediaId } = this;
    return { url, data, mediaId, pointer: '/thumbnail' };
  }
}

/** A picture of one's own in place of the one that is made of the file. */
export const Thumbnail = (
  description = 'The small picture that is shown until the file is there, in place of one made of it.',
): PropertyDecorator => Nested(() => ThumbnailDto, { optional: true, description });
