import type { Destination } from '@app/database/entities/destination.entity.js';
import { ApiProperty } from '@nestjs/swagger';
import { Flag } from '../http/fields.js';
import { List } from '../http/list.field.js';
import { eventTraits, type EventTrait } from './event-traits.js';

const types = 'Event types it wants, also groups such as `message.*`; empty means all.';
const sessionIds = 'Sessions it listens to; empty means all, and events of no session too.';
const traits =
  '`person`, `group`, `newsletter`, `status`, `broadcast`: the kind of chat it is about. `own`: this account did it. ' +
  '`api`: it did so through this API. `media`: it brings a file. `call`: it is about a call.';
const only = `Only events that have all of these. ${traits}`;
const skips = `No events that have one of these. ${traits}`;
const list = { optional: true, nullable: true };

/** What every kind of destination can be told of the events that it wants; what is left out stays, `null` clears. */
export class DestinationFiltersDto {
  @List({ max: 50, ...list, description: types, example: ['message.*', 'session.status'] }) types?: string[] | null;
  @List({ max: 1000, ...list, description: sessionIds, example: [] }) sessionIds?: string[] | null;
  @List({ of: eventTraits, max: 20, ...list, description: only, example: ['group'] }) only?: EventTrait[] | null;
  @List({ of: eventTraits, max: 20, ...list, description: skips, example: ['own'] }) skips?: EventTrait[] | null;
  @Flag({ optional: true, description: 'A disabled one keeps what it has not delivered and gets nothing new.' })
  isEnabled?: boolean;
}

/** The filters of an input, without what it leaves out. */
export function filtersOf({ types, sessionIds, only, skips, isEnabled }: DestinationFiltersDto) {
  const given = Object.entries({ types, sessionIds, only, skips }).filter(([, list]) => list !== undefined);
  const lists = Object.fromEntries(given.map(([name, list]) => [name, list ?? []])) as {
    types?: string[];
    sessionIds?: string[];
    only?: EventTrait[];
    skips?: EventTrait[];
  };
  return { ...lists, ...(isEnabled === undefined ? {} : { isEnabled }) };
}

/** What is shown of every kind of destination. */
export class DestinationStateDto {
  @ApiProperty() id: string;
  @ApiProperty({ type: [String] }) types: string[];
  @ApiProperty({ type: [String] }) sessionIds: string[];
  @ApiProperty({ enum: eventTraits, isArray: true }) only: EventTrait[];
  @ApiProperty({ enum: eventTraits, isArray: true }) skips: EventTrait[];
  @ApiProperty() isEnabled: boolean;
  @ApiProperty({ type: 'integer', description: 'Failed attempts since the last success.' }) failures: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Since when every attempt fails.' })
  failingSince: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Nothing is tried before.' })
  pausedUntil: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

/** The same of a row. */
export const stateOf = (row: Destination): DestinationStateDto => ({
  id: row.id,
  types: row.types,
  sessionIds: row.sessionIds,
  only: row.only as EventTrait[],
  skips: row.skips as EventTrait[],
  isEnabled: row.isEnabled,
  failures: row.failures,
  failingSince: row.failingSince?.toISOString() ?? null,
  pausedUntil: row.pausedUntil?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
