import { invalid } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { Integer, OneOf } from '@app/platform/http/fields.js';
import { SendMessageDto } from './send-message.dto.js';

/** As many as WhatsApp's apps put together. */
const MOST = 100;

/** What announces an album; its pictures and videos follow, each with `albumOf`. */
export class SendAlbumDto extends SendMessageDto {
  @OneOf(['album']) type: 'album';
  @Integer({ max: MOST, optional: true, description: 'How many pictures follow.', example: 3 }) images?: number;
  @Integer({ max: MOST, optional: true, description: 'How many videos follow.', example: 1 }) videos?: number;

  content(): MessageContent {
    const { images = 0, videos = 0 } = this;
    const count = images + videos;
    if (count < 2 || count > MOST)
      throw invalid('message.album-size', '/images', `An album has 2 to ${MOST} pictures and videos together.`);
    return { type: 'album', images, videos };
  }
}
