import { invalid } from '@app/platform/errors/app-error.js';
import { DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import { Flag, Integer, Nested, OneOf } from '@app/platform/http/fields.js';
import { JsonObject } from '@app/platform/http/json.field.js';
import { ApiProperty } from '@nestjs/swagger';
import type { RabbitmqSettings } from '@app/database/broker-settings.js';
import { BrokerName, BrokerUrl } from '../broker-fields.js';
import type { BrokerRules } from '../broker-kind.js';
import { BrokerDto, BrokerTlsDto } from '../brokers.dto.js';

const NAME = { pattern: /^(?!amq\.)[\w.:/@#*-]+$/, message: 'a name of letters, digits and . : / @ _ -' };
const optional = { optional: true, nullable: true };
const argumentsOf = (what: string) => ({ maxBytes: 8192, ...optional, description: `Further arguments of ${what}.` });

export class RabbitmqSettingsDto {
  @BrokerName({
    pattern: /^[\w.:/@-]*$/,
    message: 'a name of letters, digits and . : / @ _ -',
    default: 'switchboard.events',
    description: 'Empty: the default exchange, which leads to the queue.',
  })
  exchange?: string | null;
  @OneOf(['topic', 'direct', 'fanout', 'headers'], { ...optional, default: 'topic' }) exchangeType?: string | null;
  @JsonObject(argumentsOf('the exchange')) exchangeArguments?: Record<string, unknown> | null;
  @BrokerName({ ...NAME, isTemplate: true, default: '{type}' }) routingKey?: string | null;
  @BrokerName({ ...NAME, isTemplate: true, description: 'Declared and bound as events arrive; left out: none is.' })
  queue?: string | null;
  @OneOf(['classic', 'quorum', 'stream'], { ...optional, default: 'classic' }) queueType?: string | null;
  @JsonObject(argumentsOf('the queue')) queueArguments?: Record<string, unknown> | null;
  @BrokerName({ ...NAME, isTemplate: true, description: 'What the queue is bound with; left out: the routing key.' })
  bindingKey?: string | null;
  @JsonObject(argumentsOf('the binding')) bindingArguments?: Record<string, unknown> | null;
  @Flag({ ...optional, default: true, description: 'Exchange and queue survive a restart of the broker.' })
  isDurable?: boolean | null;
  @Flag({ ...optional, default: true, description: 'Events survive a restart of the broker (delivery mode 2).' })
  isPersistent?: boolean | null;
  @Flag({ ...optional, default: true, description: 'Makes exchange, queue and binding when they are missing.' })
  isDeclared?: boolean | null;
  @Flag({ ...optional, default: true, description: 'An event that no queue takes counts as failed.' })
  isMandatory?: boolean | null;
  @Integer({ ...optional, min: 1, description: 'How long an event stays in the queue.' }) messageTtlMs?: number | null;
  @Integer({ ...optional, min: 1, description: 'Most events in the queue.' }) maxLength?: number | null;
  @Integer({ ...optional, min: 1, description: 'Most bytes in the queue.' }) maxLengthBytes?: number | null;
  @BrokerName({ ...NAME, description: 'Where the queue sends what it drops.' }) deadLetterExchange?: string | null;
  @BrokerName(NAME) deadLetterRoutingKey?: string | null;
}

const URL_HINT = 'With user name and password; the path is the virtual host.';

export class CreateRabbitmqDto extends DestinationFiltersDto {
  @OneOf(['rabbitmq']) kind: 'rabbitmq';
  @BrokerUrl(['amqp', 'amqps'], 'amqps://user:password@rabbit.example.com/vhost', URL_HINT) url: string;
  @Nested(() => RabbitmqSettingsDto, { optional: true }) settings?: RabbitmqSettingsDto;
  @Nested(() => BrokerTlsDto, { optional: true, nullable: true }) tls?: BrokerTlsDto | null;
}

export class RabbitmqDto extends BrokerDto {
  @ApiProperty({ enum: ['rabbitmq'] }) declare kind: 'rabbitmq';
  @ApiProperty({ type: RabbitmqSettingsDto }) declare settings: RabbitmqSettingsDto;
}

export const rabbitmq: BrokerRules<'rabbitmq'> = {
  kind: 'rabbitmq',
  input: CreateRabbitmqDto,
  output: RabbitmqDto,
  defaults: {
    exchange: 'switchboard.events',
    exchangeType: 'topic',
    exchangeArguments: {},
    routingKey: '{type}',
    queue: null,
    queueType: 'classic',
    queueArguments: {},
    bindingKey: null,
    bindingArguments: {},
    isDurable: true,
    isPersistent: true,
    isDeclared: true,
    isMandatory: true,
    messageTtlMs: null,
    maxLength: null,
    maxLengthBytes: null,
    deadLetterExchange: null,
    deadLetterRoutingKey: null,
  },
  assertConsistent(settings) {
    const { exchange, queue, queueType, isDurable, deadLetterExchange, deadLetterRoutingKey } = settings;
    if (exchange === '' && queue === null) throw wrong('queue', 'is needed without an exchange');
    if (queueType !== 'classic' && !isDurable) throw wrong('isDurable', `must be true for a ${queueType} queue`);
    if (deadLetterRoutingKey !== null && deadLetterExchange === null)
      throw wrong('deadLetterExchange', 'is needed with a deadLetterRoutingKey');
    if (queueType !== 'stream') return;
    const forbidden = (['messageTtlMs', 'maxLength', 'deadLetterExchange'] as const).find(
      (name) => settings[name] !== null,
    );
    if (forbidden) throw wrong(forbidden, 'is not possible for a stream, which has maxLengthBytes and x-max-age alone');
  },
};

const wrong = (field: keyof RabbitmqSettings, detail: string) =>
  invalid('destination.invalid-settings', `/settings/${field}`, detail);
