import type { MessageContent } from '@app/platform/events/message-content.js';
import { Decimal, Integer, OneOf, Text, UrlField } from '@app/platform/http/fields.js';
import type { SendOptions } from '../message-options.js';
import { given } from './given.js';
import { SendMessageDto } from './send-message.dto.js';

const MAX_CAPTION = 1024;

export class SendLocationDto extends SendMessageDto {
  @OneOf(['location']) type: 'location';
  @Decimal({ min: -90, max: 90, example: -6.2 }) latitude: number;
  @Decimal({ min: -180, max: 180, example: 106.8 }) longitude: number;
  @Text({ optional: true, max: 1000, example: 'Monas' }) name?: string;
  @Text({ optional: true, max: 1000 }) address?: string;
  @UrlField({ optional: true, description: 'Opened when somebody taps on the name.' }) url?: string;

  content(): MessageContent {
    const { latitude, longitude, name, address, url } = this;
    return given({ type: 'location', latitude, longitude, name, address, url });
  }
}

export class SendLiveLocationDto extends SendMessageDto {
  @OneOf(['live-location']) type: 'live-location';
  @Decimal({ min: -90, max: 90, example: -6.2 }) latitude: number;
  @Decimal({ min: -180, max: 180, example: 106.8 }) longitude: number;
  @Integer({ optional: true, max: 100_000 }) accuracyMeters?: number;
  @Decimal({ optional: true, min: 0, max: 1000 }) speedMetersPerSecond?: number;
  @Integer({ optional: true, max: 359, description: 'Clockwise from magnetic north.' }) headingDegrees?: number;
  @Text({ optional: true, max: MAX_CAPTION, example: 'On my way' }) caption?: string;
  @Text({
    optional: true,
    max: 100,
    description: 'The live location that this position updates: our id of its first message, or WhatsApp’s.',
  })
  updateOf?: string;

  content(): MessageContent {
    const { latitude, longitude, accuracyMeters, speedMetersPerSecond, headingDegrees, caption } = this;
    const place = { latitude, longitude, accuracyMeters, speedMetersPerSecond, headingDegrees, caption };
    return given({ type: 'live-location', ...place });
  }

  override how(): SendOptions {
    return { ...super.how(), updateOf: this.updateOf };
  }
}
