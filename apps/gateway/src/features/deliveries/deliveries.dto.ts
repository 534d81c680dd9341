import { deliveryStatuses, type DeliveryStatus } from '@app/database/entities/delivery.entity.js';
import { destinationKinds, type DestinationKind } from '@app/database/entities/destination.entity.js';
import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { OneOf, Text, Timestamp } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import type { LoggedDelivery } from './deliveries.service.js';

/** What deliveries are found by, wherever they are. */
export class DeliveryFilterDto {
  @Text({ max: 100, optional: true, description: 'Deliveries to this webhook or other destination alone.' })
  destinationId?: string;

  @OneOf(destinationKinds, { optional: true, description: 'Deliveries to destinations of this kind.' })
  kind?: DestinationKind;

  @Text({ max: 100, optional: true, description: 'Type of the event, or a group such as `message.*`.' }) type?: string;
  @Text({ max: 100, optional: true, description: 'Events of this session alone.' }) sessionId?: string;
  @Text({ max: 100, optional: true, description: 'Deliveries of this event alone.' }) eventId?: string;
  @Timestamp({ optional: true, description: 'Made at this time or later.' }) from?: Date;
  @Timestamp({ optional: true, description: 'Made at this time or earlier.' }) to?: Date;
}

class StatusFilterDto {
  @OneOf(deliveryStatuses, { optional: true, description: 'How it stands with them.' }) status?: DeliveryStatus;
}

/** What operators ask with besides: they see all tenants. */
export class TenantFilterDto {
  @Text({ max: 100, optional: true, description: 'Events of this tenant alone.' }) tenantId?: string;
}

export class ListDeliveriesQuery extends IntersectionType(PageQuery, DeliveryFilterDto, StatusFilterDto) {}
export class AdminListDeliveriesQuery extends IntersectionType(ListDeliveriesQuery, TenantFilterDto) {}

export class DeliveryDto {
  @ApiProperty() id: string;
  @ApiProperty({ description: 'Whose the event is.' }) tenantId: string;
  @ApiProperty() destinationId: string;
  @ApiProperty({ enum: destinationKinds, description: 'Of the destination.' }) kind: DestinationKind;
  @ApiProperty() eventId: string;
  @ApiProperty({ description: 'Of the event.' }) type: string;
  @ApiProperty({ type: String, nullable: true }) sessionId: string | null;
  @ApiProperty({ enum: deliveryStatuses, description: '`dead`: it used up its attempts.' }) status: DeliveryStatus;
  @ApiProperty({ type: 'integer', description: 'Attempts made so far.' }) attempts: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'How long the last attempt took.' })
  latencyMs: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status of the last answer.' })
  responseStatus: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last attempt failed.' }) lastError: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The delivery that it repeats.' }) replayOf: string | null;
  @ApiProperty({ type: 'integer', description: 'How often it was replayed.' }) replays: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) lastReplayAt: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Not before then; null when finished.',
  })
  nextAttemptAt: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) finishedAt: string | null;

  static from(this: void, row: LoggedDelivery): DeliveryDto {
    return {
      id: row.id,
      tenantId: row.tenantId,
      destinationId: row.destinationId,
      kind: row.kind,
      eventId: row.eventId,
      type: row.type,
      sessionId: row.sessionId,
      status: row.status,
      attempts: row.attempts,
      latencyMs: row.latencyMs,
      responseStatus: row.responseStatus,
      lastError: row.lastError,
      replayOf: row.replayOf,
      replays: row.replays,
      lastReplayAt: row.lastReplayAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
      nextAttemptAt: row.status === 'pending' && row.dueAt ? row.dueAt.toISOString() : null,
      finishedAt: row.finishedAt?.toISOString() ?? null,
    };
  }
}

export class AttemptDto {
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ type: 'integer', nullable: true }) latencyMs: number | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status of the answer.' })
  responseStatus: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Null when it succeeded.' }) error: string | null;
}

export class DeliveryDetailDto extends DeliveryDto {
  @ApiProperty({ type: [AttemptDto], description: 'In order.' }) attemptLog: AttemptDto[];
  @ApiProperty({ type: String, nullable: true, description: 'The first kilobyte of the last answer.' })
  responseExcerpt: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The event as it is sent; null when it is deleted already.',
  })
  event: EventEnvelope | null;

  static of(this: void, row: LoggedDelivery, event: EventEnvelope | null): DeliveryDetailDto {
    const { latencyMs, responseStatus, finishedAt } = row;
    const at = finishedAt?.toISOString();
    const success = row.status === 'delivered' && at ? [{ at, latencyMs, responseStatus, error: null }] : [];
    const failures = row.failures.map((failure) => ({ ...failure, at: new Date(failure.at).toISOString() }));
    return {
      ...DeliveryDto.from(row),
      attemptLog: [...failures, ...success],
      responseExcerpt: row.responseExcerpt,
      event,
    };
  }
}
