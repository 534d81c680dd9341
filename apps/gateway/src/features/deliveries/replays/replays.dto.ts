import { Flag, Nested, Text, Timestamp } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import type { ReplayState } from './replays.service.js';

const replayStatuses = ['dry-run', 'running', 'finished', 'cancelled'] as const;

/** How a replay is done; for events and deliveries alike. */
export class ReplayOptionsDto {
  @Text({ max: 100, optional: true, description: 'Where to; otherwise to where each was sent before.' })
  destinationId?: string;

  @Flag({ optional: true, default: false, description: 'Only counts.' }) dryRun: boolean = false;

  @Flag({ optional: true, default: false, description: 'Says that you mean it; needed for more than 1000 deliveries.' })
  confirm: boolean = false;
}

class EventRangeDto {
  @Timestamp({ optional: true, description: 'Recorded at this time or later.' }) from?: Date;
  @Timestamp({ optional: true, description: 'Recorded at this time or earlier; otherwise now.' }) to?: Date;

  @Text({ max: 500, optional: true, description: 'Events behind this one: a cursor of the event log, or an event id.' })
  after?: string;

  @List({ max: 50, optional: true, description: 'Event types, also groups such as `message.*`.' }) types?: string[];
  @List({ max: 200, optional: true, description: 'Events of these sessions alone.' }) sessionIds?: string[];
}

export class ReplayEventsDto extends ReplayOptionsDto {
  @List({ min: 1, max: 1000, optional: true, description: 'These events; either this or `range`.' })
  eventIds?: string[];

  @Nested(() => EventRangeDto, { optional: true, description: 'All events of a part of the log.' })
  range?: EventRangeDto;
}

class TenantOfReplayDto {
  @Text({ max: 100, description: 'Whose events.' }) tenantId: string;
}

export class AdminReplayEventsDto extends IntersectionType(ReplayEventsDto, TenantOfReplayDto) {}

export class ReplayDto {
  @ApiProperty({ type: String, nullable: true, description: 'Null for a dry run.' }) id: string | null;
  @ApiProperty({ enum: replayStatuses }) status: (typeof replayStatuses)[number];
  @ApiProperty({ type: 'integer', description: 'How many deliveries there were to make at the start.' }) total: number;
  @ApiProperty({ type: 'integer', description: 'How many are made; each then goes its way like any other.' })
  queued: number;
  @ApiProperty({ type: String, nullable: true }) destinationId: string | null;
  @ApiProperty() removeAfter: boolean;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) finishedAt: string | null;

  static from(this: void, replay: ReplayState): ReplayDto {
    const { id, total, queued, destinationId, removeAfter, createdAt, finishedAt } = replay;
    return {
      id,
      status: statusOf(replay),
      total,
      queued,
      destinationId,
      removeAfter,
      createdAt: createdAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
    };
  }
}

function statusOf({ id, isCancelled, finishedAt }: ReplayState): ReplayDto['status'] {
  if (id === null) return 'dry-run';
  if (isCancelled) return 'cancelled';
  return finishedAt ? 'finished' : 'running';
}
