import { deliveryStatuses, type DeliveryStatus } from '@app/database/entities/delivery.entity.js';
import { OneOf, Text } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';
import { ApiProperty } from '@nestjs/swagger';
import type { LoggedDelivery } from './deliveries.service.js';

export class ListDeliveriesQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Deliveries to this webhook alone.' }) webhookId?: string;
  @OneOf(deliveryStatuses, { optional: true }) status?: DeliveryStatus;
}

export class DeliveryDto {
  @ApiProperty() id: string;
  @ApiProperty() webhookId: string;
  @ApiProperty() eventId: string;
  @ApiProperty({ type: String, nullable: true }) type: string | null;
  @ApiProperty({ type: String, nullable: true }) sessionId: string | null;
  @ApiProperty({ enum: deliveryStatuses }) status: DeliveryStatus;
  @ApiProperty({ type: 'integer', description: 'Attempts made so far.' }) attempts: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status of the last answer.' })
  responseStatus: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why the last attempt failed.' }) lastError: string | null;
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
    const { dueAt, createdAt, finishedAt, ...rest } = row;
    return {
      id: rest.id,
      webhookId: rest.webhookId,
      eventId: rest.eventId,
      type: rest.type,
      sessionId: rest.sessionId,
      status: rest.status,
      attempts: rest.attempts,
      responseStatus: rest.responseStatus,
      lastError: rest.lastError,
      createdAt: createdAt.toISOString(),
      nextAttemptAt: rest.status === 'pending' && dueAt ? dueAt.toISOString() : null,
      finishedAt: finishedAt?.toISOString() ?? null,
    };
  }
}
