import type { Destination } from '@app/database/entities/destination.entity.js';
import { DestinationFiltersDto, DestinationStateDto, stateOf } from '@app/platform/events/destination-filters.dto.js';
import { UrlField } from '@app/platform/http/fields.js';
import { ApiProperty } from '@nestjs/swagger';

export class CreateWebhookDto extends DestinationFiltersDto {
  @UrlField({ description: 'Gets a POST for each event.' }) url: string;
}

export class UpdateWebhookDto extends DestinationFiltersDto {
  @UrlField({ optional: true }) url?: string;
}

export class WebhookDto extends DestinationStateDto {
  @ApiProperty() url: string;

  static from(this: void, row: Destination): WebhookDto {
    return { ...stateOf(row), url: row.url };
  }
}

export class CreatedWebhookDto extends WebhookDto {
  @ApiProperty({ description: 'Signs each delivery (Standard Webhooks). Shown only here.', example: 'whsec_…' })
  secret: string;
}

export class TestEventDto {
  @ApiProperty({ description: 'The `test` event that is on its way.' }) eventId: string;
}
