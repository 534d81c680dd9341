import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { eventTypes } from '@app/platform/events/event-map.js';
import { eventTraits, type EventTrait } from '@app/platform/events/event-traits.js';
import { Integer, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { ApiProperty } from '@nestjs/swagger';
import type { LoggedEvent } from './event-log.service.js';

export class ListEventsQuery {
  @Text({
    max: 500,
    optional: true,
    description: '`nextCursor` of an earlier answer, the id of an event, or `now`; without, the oldest come first.',
  })
  after?: string;

  @List({ max: 50, optional: true, description: 'Event types, also groups such as `message.*`.' })
  types?: string[];

  @Text({ max: 100, optional: true, description: 'Events of this session alone.' })
  sessionId?: string;

  @List({ of: eventTraits, max: 20, optional: true, description: 'Only events that have all of these traits.' })
  only?: EventTrait[];

  @List({ of: eventTraits, max: 20, optional: true, description: 'No events that have one of these traits.' })
  skips?: EventTrait[];

  @Integer({ min: 1, max: 500, optional: true, default: 100, description: 'Most items to return.' })
  limit: number = 100;
}

export class EventDto {
  @ApiProperty({ example: 'evt_01jd3ywq5rfy2vpztyv6tq9w3k' }) id: string;
  @ApiProperty({ enum: eventTypes }) type: string;
  @ApiProperty() tenantId: string;
  @ApiProperty({ type: String, nullable: true }) sessionId: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Per session, from 1, without gaps.' })
  sequence: number | null;
  @ApiProperty({ format: 'date-time' }) timestamp: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What the type carries.' }) data: object;

  static from(this: void, { json }: LoggedEvent): EventEnvelope {
    return JSON.parse(json) as EventEnvelope;
  }
}
