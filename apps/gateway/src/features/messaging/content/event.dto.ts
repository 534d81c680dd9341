import type { EventPlace } from '@app/platform/events/content-shapes.js';
import { invalid } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { Decimal, Flag, Nested, OneOf, Text, Timestamp, UrlField } from '@app/platform/http/fields.js';
import type { SendOptions } from '../message-options.js';
import { given } from './given.js';
import { SendMessageDto } from './send-message.dto.js';

// WhatsApp's own limits.
const MAX_NAME = 255;
const MAX_DESCRIPTION = 2048;

export class EventPlaceDto {
  @Text({ optional: true, max: 1000, example: 'Town hall' }) name?: string;
  @Text({ optional: true, max: 1000 }) address?: string;
  @Decimal({ optional: true, min: -90, max: 90 }) latitude?: number;
  @Decimal({ optional: true, min: -180, max: 180 }) longitude?: number;

  toContent(): EventPlace {
    const { name, address, latitude, longitude } = this;
    if (name === undefined && latitude === undefined)
      throw invalid('message.place-empty', '/location', 'A place needs a name or coordinates.');
    if ((latitude === undefined) !== (longitude === undefined))
      throw invalid('message.place-empty', '/location', 'Coordinates are latitude and longitude.');
    return given({ name, address, latitude, longitude });
  }
}

export class SendEventDto extends SendMessageDto {
  @OneOf(['event']) type: 'event';
  @Text({ max: MAX_NAME, example: 'Dinner' }) name: string;
  @Text({ optional: true, max: MAX_DESCRIPTION }) description?: string;
  @Timestamp() startsAt: Date;
  @Timestamp({ optional: true }) endsAt?: Date;
  @Nested(() => EventPlaceDto, { optional: true }) location?: EventPlaceDto;
  @OneOf(['audio', 'video'], {
    optional: true,
    description: 'Creates a link for such a call and puts it into the event.',
  })
  call?: 'audio' | 'video';
  @UrlField({ optional: true, description: 'A link of your own to join by, in place of `call`.' }) joinLink?: string;
  @Flag({ optional: true, description: 'Guests may bring others.' }) allowsExtraGuests?: boolean;
  @Flag({ optional: true, description: 'Show it as cancelled.' }) isCanceled?: boolean;

  content(): MessageContent {
    const { name, description, startsAt, endsAt, location, joinLink, allowsExtraGuests, isCanceled } = this;
    if (endsAt && endsAt <= startsAt)
      throw invalid('message.ends-before-start', '/endsAt', 'An event ends after it starts.');
    if (this.call && joinLink) throw invalid('message.link-twice', '/joinLink', 'Give a link or have one made.');
    return given({
      type: 'event',
      name,
      description,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt?.toISOString(),
      location: location?.toContent(),
      joinLink,
      isCall: this.call || joinLink ? true : undefined,
      allowsExtraGuests: allowsExtraGuests || undefined,
      isCanceled: isCanceled || undefined,
    });
  }

  override how(): SendOptions {
    return { ...super.how(), call: this.call };
  }
}
