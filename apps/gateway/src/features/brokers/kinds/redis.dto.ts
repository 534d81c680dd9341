import { invalid } from '@app/platform/errors/app-error.js';
import { DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import { Integer, Nested, OneOf } from '@app/platform/http/fields.js';
import { ApiProperty } from '@nestjs/swagger';
import { BrokerName, BrokerUrl } from '../broker-fields.js';
import type { BrokerRules } from '../broker-kind.js';
import { BrokerDto, BrokerTlsDto } from '../brokers.dto.js';

const KEY = { pattern: /^[\x21-\x7e]+$/, message: 'a name of visible ASCII characters without spaces' };
const optional = { optional: true, nullable: true };

export class RedisSettingsDto {
  @OneOf(['stream', 'channel'], {
    ...optional,
    default: 'stream',
    description: 'A stream keeps events; a channel (pub/sub) reaches whoever listens at that moment.',
  })
  mode?: string | null;
  @BrokerName({
    ...KEY,
    isTemplate: true,
    default: 'switchboard:events',
    description: 'Key of the stream, or channel.',
  })
  key?: string | null;
  @Integer({ ...optional, min: 1, description: 'About so many of the newest stay in the stream; left out: all.' })
  maxLength?: number | null;
}

const URL_HINT = 'With user name and password if need be; the path is the number of the database.';

export class CreateRedisDto extends DestinationFiltersDto {
  @OneOf(['redis']) kind: 'redis';
  @BrokerUrl(['redis', 'rediss'], 'rediss://user:password@redis.example.com:6379/0', URL_HINT) url: string;
  @Nested(() => RedisSettingsDto, { optional: true }) settings?: RedisSettingsDto;
  @Nested(() => BrokerTlsDto, { optional: true, nullable: true }) tls?: BrokerTlsDto | null;
}

export class RedisDto extends BrokerDto {
  @ApiProperty({ enum: ['redis'] }) declare kind: 'redis';
  @ApiProperty({ type: RedisSettingsDto }) declare settings: RedisSettingsDto;
}

export const redis: BrokerRules<'redis'> = {
  kind: 'redis',
  input: CreateRedisDto,
  output: RedisDto,
  defaults: { mode: 'stream', key: 'switchboard:events', maxLength: null },
  assertConsistent({ mode, maxLength }, { url }) {
    if (!/^(\/\d{0,3})?$/.test(new URL(url).pathname))
      throw invalid('destination.invalid-settings', '/url', 'must end in the number of a database, or in none');
    if (mode === 'channel' && maxLength !== null)
      throw invalid('destination.invalid-settings', '/settings/maxLength', 'is not possible for a channel');
  },
};
