import { OneOf, Text } from '@app/platform/http/fields.js';
import { ApiProperty } from '@nestjs/swagger';
import type { MonitoringFigures, StreamFilter } from './monitoring.service.js';

export class MonitoringTokenInput {
  @Text({ max: 100, optional: true, description: 'The stream then shows this tenant alone.' }) tenantId?: string;
}

export class MonitoringTokenDto {
  @ApiProperty({ description: 'For `?token=` of the stream, within five minutes.' }) token: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;
}

export class MonitoringStreamQuery implements StreamFilter {
  @Text({ max: 500, optional: true, description: 'From `POST /v1/admin/monitoring/tokens`; else the bearer token.' })
  token?: string;

  @Text({ max: 100, optional: true, description: 'Of this tenant alone.' }) tenantId?: string;
  @Text({ max: 100, optional: true, description: 'Of this session alone.' }) sessionId?: string;
  @Text({ max: 100, optional: true, description: 'An event type, or a group such as `message.*`.' }) type?: string;

  @OneOf(['delivered', 'failed', 'dead'], { optional: true, description: 'Deliveries that went like that alone.' })
  status?: 'delivered' | 'failed' | 'dead';
}

export class MonitoringStatisticsQuery {
  @Text({ max: 100, optional: true, description: 'Of this tenant alone.' }) tenantId?: string;
}

class DestinationBacklogDto {
  @ApiProperty() destinationId: string;
  @ApiProperty({ type: String, nullable: true, description: 'Null: the operator’s.' }) tenantId: string | null;
  @ApiProperty() kind: string;
  @ApiProperty({ type: 'integer' }) pending: number;
  @ApiProperty({ description: 'Age of the one that waits longest.' }) oldestSeconds: number;
}

class LatencyDto {
  @ApiProperty() p50: number;
  @ApiProperty() p95: number;
  @ApiProperty() p99: number;
}

class DestinationHourDto {
  @ApiProperty() destinationId: string;
  @ApiProperty({ type: 'integer' }) delivered: number;
  @ApiProperty({ type: 'integer' }) dead: number;
  @ApiProperty({ type: 'integer' }) failedAttempts: number;
  @ApiProperty({ type: LatencyDto, nullable: true, description: 'Of last attempts, in milliseconds.' })
  latencyMs: LatencyDto | null;
}

class EventsOfTypeDto {
  @ApiProperty() type: string;
  @ApiProperty({ type: 'integer' }) count: number;
}

export class MonitoringStatisticsDto {
  @ApiProperty({ type: [DestinationBacklogDto], description: 'What waits now, by destination.' })
  backlog: DestinationBacklogDto[];
  @ApiProperty({ type: [DestinationHourDto], description: 'Deliveries made in the last hour, by destination.' })
  lastHour: DestinationHourDto[];
  @ApiProperty({ type: [EventsOfTypeDto], description: 'Events of the last hour, by type.' }) events: EventsOfTypeDto[];

  static from(this: void, { backlogs, hours, types }: MonitoringFigures): MonitoringStatisticsDto {
    return {
      backlog: backlogs.map(({ destinationId, tenantId, kind, pending, oldestSeconds }) => ({
        destinationId,
        tenantId,
        kind,
        pending,
        oldestSeconds,
      })),
      lastHour: hours.map(({ latency, destinationId, delivered, dead, failedAttempts }) => {
        const [p50, p95, p99] = latency ?? [];
        const isKnown = p50 !== undefined && p95 !== undefined && p99 !== undefined;
        return { destinationId, delivered, dead, failedAttempts, latencyMs: isKnown ? { p50, p95, p99 } : null };
      }),
      events: types,
    };
  }
}
