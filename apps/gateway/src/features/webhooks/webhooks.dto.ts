import type { Destination } from '@app/database/entities/destination.entity.js';
import { Flag, UrlField } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { ApiProperty } from '@nestjs/swagger';

const types = 'Event types it wants, also groups such as `message.*`; empty means all.';
const sessionIds = 'Sessions it listens to; empty means all, and events of no session too.';

export class CreateWebhookDto {
  @UrlField({ description: 'Gets a POST for each event.' }) url: string;
  @List({ max: 50, optional: true, description: types, example: ['message.*', 'session.status'] }) types?: string[];
  @List({ max: 1000, optional: true, description: sessionIds, example: [] }) sessionIds?: string[];
}

export class UpdateWebhookDto {
  @UrlField({ optional: true }) url?: string;
  @List({ max: 50, optional: true, description: types }) types?: string[];
  @List({ max: 1000, optional: true, description: sessionIds }) sessionIds?: string[];
  @Flag({ optional: true, description: 'A disabled webhook keeps what it has not delivered and gets nothing new.' })
  isEnabled?: boolean;
}

export class WebhookDto {
  @ApiProperty() id: string;
  @ApiProperty() url: string;
  @ApiProperty({ type: [String] }) types: string[];
  @ApiProperty({ type: [String] }) sessionIds: string[];
  @ApiProperty() isEnabled: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Since when every attempt fails.' })
  failingSince: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;

  static from(this: void, row: Destination): WebhookDto {
    return {
      id: row.id,
      url: row.url,
      types: row.types,
      sessionIds: row.sessionIds,
      isEnabled: row.isEnabled,
      failingSince: row.failingSince?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
    };
  }
}

export class CreatedWebhookDto extends WebhookDto {
  @ApiProperty({ description: 'Signs each delivery (Standard Webhooks). Shown only here.', example: 'whsec_…' })
  secret: string;
}

export class TestEventDto {
  @ApiProperty({ description: 'The `test` event that is on its way.' }) eventId: string;
}
