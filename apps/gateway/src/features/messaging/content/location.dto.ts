import type { MessageContent } from '@app/platform/events/message-content.js';
import { Decimal, OneOf, Text } from '@app/platform/http/fields.js';
import { SendMessageDto } from './send-message.dto.js';

export class SendLocationDto extends SendMessageDto {
  @OneOf(['location']) type: 'location';
  @Decimal({ min: -90, max: 90, example: -6.2 }) latitude: number;
  @Decimal({ min: -180, max: 180, example: 106.8 }) longitude: number;
  @Text({ optional: true, max: 1000, example: 'Monas' }) name?: string;
  @Text({ optional: true, max: 1000 }) address?: string;

  content(): MessageContent {
    const { latitude, longitude, name, address } = this;
    return { type: 'location', latitude, longitude, ...(name && { name }), ...(address && { address }) };
  }
}
