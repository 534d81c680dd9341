import { eventTraits, type EventTrait } from '@app/platform/events/event-traits.js';
import { OneOf, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { ApiProperty } from '@nestjs/swagger';

const types = 'Event types, also groups such as `message.*`.';
const only = 'Only events that have all of these traits.';
const skips = 'No events that have one of these traits.';
const after = 'A cursor, the id of an event, or `now`, which is also meant without.';
const token = 'A stream token, where no `Authorization` header can be set.';

export class FollowEventsQuery {
  @Text({ max: 500, optional: true, description: after }) after?: string;
  @List({ max: 50, optional: true, description: types }) types?: string[];
  @Text({ max: 100, optional: true, description: 'Events of this session alone.' }) sessionId?: string;
  @List({ of: eventTraits, max: 20, optional: true, description: only }) only?: EventTrait[];
  @List({ of: eventTraits, max: 20, optional: true, description: skips }) skips?: EventTrait[];
  @Text({ max: 200, optional: true, description: token }) token?: string;
}

export class SocketQuery {
  @Text({ max: 200, optional: true, description: token }) token?: string;
}

/** What a caller sends over a WebSocket. */
export class SocketOrderDto {
  @OneOf(['subscribe', 'unsubscribe']) type: 'subscribe' | 'unsubscribe';
  @Text({ max: 500, optional: true, description: after }) after?: string;
  @List({ max: 50, optional: true, description: types }) types?: string[];
  @List({ max: 1000, optional: true, description: 'Sessions.' }) sessionIds?: string[];
  @List({ of: eventTraits, max: 20, optional: true, description: only }) only?: EventTrait[];
  @List({ of: eventTraits, max: 20, optional: true, description: skips }) skips?: EventTrait[];
}

export class SocketProblemDto {
  @ApiProperty({ example: 'event.unknown-type' }) code: string;
  @ApiProperty() detail: string;
}

/** What comes over a WebSocket. */
export class SocketMessageDto {
  @ApiProperty({ enum: ['event', 'subscribed', 'unsubscribed', 'error'] }) type: string;
  @ApiProperty({ type: Object, required: false, description: 'With `event`: the event.' }) event?: object;
  @ApiProperty({ required: false, description: 'With `event` and `subscribed`: where to go on after it, as `after`.' })
  cursor?: string;
  @ApiProperty({ type: SocketProblemDto, required: false, description: 'With `error`: what was wrong with an order.' })
  error?: SocketProblemDto;
}

export class StreamTokenDto {
  @ApiProperty({ example: 'sws_…' }) token: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;
}
