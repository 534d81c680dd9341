import type { MessageContent } from '@app/platform/events/message-content.js';
import { OneOf, Text } from '@app/platform/http/fields.js';
import { SendMessageDto } from './send-message.dto.js';

/** WhatsApp's own limit. */
const MAX_TEXT = 65_536;

export class SendTextDto extends SendMessageDto {
  @OneOf(['text']) type: 'text';
  @Text({ max: MAX_TEXT, example: 'Hello!' }) text: string;

  content(): MessageContent {
    return { type: 'text', text: this.text };
  }
}
