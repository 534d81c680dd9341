import { invalid } from '@app/platform/errors/app-error.js';
import { DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import { Field, Flag, Nested, OneOf, Text } from '@app/platform/http/fields.js';
import { ApiProperty } from '@nestjs/swagger';
import { BrokerName } from '../broker-fields.js';
import type { BrokerRules } from '../broker-kind.js';
import { BrokerDto, BrokerTlsDto } from '../brokers.dto.js';

const BROKERS = /^kafka(\+ssl)?:\/\/(([\w.-]+|\[[0-9a-f:.]+\]):\d{1,5},?\b)+$/i;
const optional = { optional: true, nullable: true };

export class KafkaSettingsDto {
  @BrokerName({
    pattern: /^(?!\.{1,2}$)[\w.-]+$/,
    message: 'a name of letters, digits and . _ -',
    isTemplate: true,
    default: 'switchboard.events',
  })
  topic?: string | null;
  @Flag({
    ...optional,
    default: true,
    description: 'Lets the broker make the topic when it is missing, if it does that.',
  })
  isDeclared?: boolean | null;
  @Flag({
    ...optional,
    default: true,
    description: 'The broker drops repeats; false for one that cannot, or forbids it.',
  })
  isIdempotent?: boolean | null;
  @OneOf(['plain', 'scram-sha-256', 'scram-sha-512'], { ...optional, default: 'plain', description: 'Of SASL.' })
  mechanism?: string | null;
}

export class KafkaCredentialsDto {
  @Text({ max: 256 }) username: string;
  @Text({ max: 1024, description: 'Never shown again.', example: '***' }) password: string;
}

export class CreateKafkaDto extends DestinationFiltersDto {
  @OneOf(['kafka']) kind: 'kafka';
  @Field(
    { type: String, maxLength: 2048, example: 'kafka+ssl://one.example.com:9093,two.example.com:9093' },
    {
      check: (value) => typeof value === 'string' && value.length <= 2048 && BROKERS.test(value),
      message: 'must be kafka:// or kafka+ssl:// and brokers as host:port, separated by commas',
    },
    { description: 'The brokers to begin with, each with its port; kafka+ssl:// speaks TLS.' },
  )
  url: string;
  @Nested(() => KafkaSettingsDto, { optional: true }) settings?: KafkaSettingsDto;
  @Nested(() => KafkaCredentialsDto, { ...optional, description: 'Left out: nobody in particular.' })
  credentials?: KafkaCredentialsDto | null;
  @Nested(() => BrokerTlsDto, optional) tls?: BrokerTlsDto | null;
}

export class KafkaDto extends BrokerDto {
  @ApiProperty({ enum: ['kafka'] }) declare kind: 'kafka';
  @ApiProperty({ type: KafkaSettingsDto }) declare settings: KafkaSettingsDto;
  @ApiProperty({ type: KafkaCredentialsDto, nullable: true }) declare credentials: KafkaCredentialsDto | null;
}

export const kafka: BrokerRules<'kafka'> = {
  kind: 'kafka',
  input: CreateKafkaDto,
  output: KafkaDto,
  defaults: { topic: 'switchboard.events', isDeclared: true, isIdempotent: true, mechanism: 'plain' },
  assertConsistent(_settings, { url, credentials }) {
    if (credentials.username !== undefined && credentials.password === undefined)
      throw invalid('destination.invalid-settings', '/credentials/password', 'is needed with a username');
    const ports = [...url.matchAll(/:(\d{1,5})(?=,|$)/g)].map(([, port]) => Number(port));
    if (ports.some((port) => port < 1 || port > 65_535))
      throw invalid('destination.invalid-settings', '/url', 'must have ports from 1 to 65535');
  },
};
