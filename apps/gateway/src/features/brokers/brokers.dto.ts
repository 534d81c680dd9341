import { brokerKinds, type BrokerKind, type Destination } from '@app/database/entities/destination.entity.js';
import { DestinationFiltersDto, DestinationStateDto, stateOf } from '@app/platform/events/destination-filters.dto.js';
import { Nested, Text } from '@app/platform/http/fields.js';
import { JsonObject } from '@app/platform/http/json.field.js';
import { ApiProperty } from '@nestjs/swagger';
import { PemText } from './broker-fields.js';

export class BrokerTlsDto {
  @PemText('Certificates to believe in place of the usual ones.') ca?: string;
  @PemText('Our certificate, for a broker that asks for one.') certificate?: string;
  @PemText('Key of our certificate; never shown again.') key?: string;
}

const merged = 'Fields that are given change, `null` is the default.';

export class UpdateBrokerDto extends DestinationFiltersDto {
  @Text({ max: 2048, optional: true, description: 'A password `***` keeps the one there is.' }) url?: string;
  @JsonObject({ maxBytes: 32_768, optional: true, description: `As at creation. ${merged}` })
  settings?: Record<string, unknown>;
  @JsonObject({ maxBytes: 32_768, optional: true, nullable: true, description: `As at creation. ${merged}` })
  credentials?: Record<string, unknown> | null;
  @Nested(() => BrokerTlsDto, { optional: true, nullable: true, description: '`null` removes it.' })
  tls?: BrokerTlsDto | null;
}

/** What is secret in it is `***`. */
export class BrokerDto extends DestinationStateDto {
  @ApiProperty({ enum: brokerKinds }) kind: BrokerKind;
  @ApiProperty({ example: 'amqps://user:***@rabbit.example.com/vhost' }) url: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) settings: object;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true }) credentials: object | null;
  @ApiProperty({ type: BrokerTlsDto, nullable: true }) tls: object | null;

  static from(this: void, row: Destination): BrokerDto {
    const { credentials = null, tls = null, ...settings } = row.settings as Shown;
    return { ...stateOf(row), kind: row.kind as BrokerKind, url: row.url, settings, credentials, tls };
  }
}

/** The settings of a row: what may be seen of its secrets lies beside those of its kind. */
export interface Shown {
  credentials?: Record<string, string> | null;
  tls?: Record<string, string> | null;
}

export class BrokerTestDto {
  @ApiProperty({ description: 'The `test` event that is on its way.' }) eventId: string;
}

export class BrokerCheckDto {
  @ApiProperty({ description: 'Whether it lets us in.' }) isReachable: boolean;
  @ApiProperty({ type: 'integer' }) latencyMs: number;
  @ApiProperty({ type: String, nullable: true, description: 'What is wrong, in a sentence.' }) error: string | null;
}

export class BrokerStatisticsDto {
  @ApiProperty({ description: 'Queue, stream or channel.' }) name: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'What waits in it; null: the broker does not tell.' })
  messages: number | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Who reads from it; null: the broker does not tell.' })
  consumers: number | null;
}
