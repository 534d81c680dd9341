import { invalid } from '@app/platform/errors/app-error.js';
import { DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import { Flag, Integer, Nested, OneOf } from '@app/platform/http/fields.js';
import { ApiProperty } from '@nestjs/swagger';
import { BrokerName, BrokerUrl, SecretText } from '../broker-fields.js';
import type { BrokerRules } from '../broker-kind.js';
import { BrokerDto, BrokerTlsDto } from '../brokers.dto.js';

const optional = { optional: true, nullable: true };

export class NatsSettingsDto {
  @BrokerName({
    pattern: /^[\w-]+(\.[\w-]+)*$/,
    message: 'words of letters, digits, _ and - with dots between them',
    isTemplate: true,
    default: 'switchboard.{tenantId}.{sessionId}.{type}',
  })
  subject?: string | null;
  @BrokerName({
    pattern: /^[\w-]+$/,
    message: 'a name of letters, digits, _ and -',
    max: 32,
    description: 'The JetStream stream that must take it; left out: whichever does.',
  })
  stream?: string | null;
  @Flag({ ...optional, default: true, description: 'Makes the stream when it is missing.' }) isDeclared?:
    boolean | null;
  @Integer({ ...optional, min: 1, description: 'Of a stream that is made: how long it keeps events.' })
  maxAgeSeconds?: number | null;
  @Integer({ ...optional, min: 1, description: 'Of a stream that is made: most events in it.' })
  maxLength?: number | null;
}

export class NatsCredentialsDto {
  @SecretText(1024) token?: string;
  @SecretText(16_384, 'Content of a .creds file.') creds?: string;
}

const URL_HINT = 'With user name and password if need be; tls:// speaks TLS.';

export class CreateNatsDto extends DestinationFiltersDto {
  @OneOf(['nats']) kind: 'nats';
  @BrokerUrl(['nats', 'tls'], 'tls://user:password@nats.example.com:4222', URL_HINT) url: string;
  @Nested(() => NatsSettingsDto, { optional: true }) settings?: NatsSettingsDto;
  @Nested(() => NatsCredentialsDto, optional) credentials?: NatsCredentialsDto | null;
  @Nested(() => BrokerTlsDto, optional) tls?: BrokerTlsDto | null;
}

export class NatsDto extends BrokerDto {
  @ApiProperty({ enum: ['nats'] }) declare kind: 'nats';
  @ApiProperty({ type: NatsSettingsDto }) declare settings: NatsSettingsDto;
  @ApiProperty({ type: NatsCredentialsDto, nullable: true }) declare credentials: NatsCredentialsDto | null;
}

export const nats: BrokerRules<'nats'> = {
  kind: 'nats',
  input: CreateNatsDto,
  output: NatsDto,
  defaults: {
    subject: 'switchboard.{tenantId}.{sessionId}.{type}',
    stream: null,
    isDeclared: true,
    maxAgeSeconds: null,
    maxLength: null,
  },
  assertConsistent({ subject, stream, isDeclared }, { url }) {
    const { username, password, pathname } = new URL(url);
    const wrong = (pointer: string, detail: string) => invalid('destination.invalid-settings', pointer, detail);
    // It would be a token, and be shown.
    if (username !== '' && password === '')
      throw wrong('/url', 'must have a password; a token goes to credentials.token');
    if (!/^\/?$/.test(pathname)) throw wrong('/url', 'must have no path');
    if (stream !== null && isDeclared && subject.startsWith('{'))
      throw wrong(
        '/settings/subject',
        'must begin with a word of its own, or the stream would take the subjects of others',
      );
  },
};
