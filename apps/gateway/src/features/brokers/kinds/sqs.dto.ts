import { DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import { Field, Nested, OneOf, Text } from '@app/platform/http/fields.js';
import { ApiProperty } from '@nestjs/swagger';
import { SecretText } from '../broker-fields.js';
import type { BrokerRules } from '../broker-kind.js';
import { BrokerDto } from '../brokers.dto.js';

const QUEUE_URL = /^https?:\/\/[^\s/?#@]+(\/[\w.-]+)*\/[\w-]{1,80}(\.fifo)?$/;
const REGION_OF_HOST = /^(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com/;
const REGION = { pattern: /^[a-z0-9-]+$/, allowed: 'the name of a region', max: 40 };
const URL_HINT = 'Of the queue; a queue whose name ends in .fifo keeps the order of each session.';

export class SqsSettingsDto {
  @Text({ ...REGION, optional: true, nullable: true, description: 'Left out: as the URL says, else us-east-1.' })
  region?: string | null;
}

export class SqsCredentialsDto {
  @Text({ max: 128, example: 'AKIA…' }) accessKeyId: string;
  @Text({ max: 256, description: 'Never shown again.', example: '***' }) secretAccessKey: string;
  @SecretText(4096) sessionToken?: string;
}

export class CreateSqsDto extends DestinationFiltersDto {
  @OneOf(['sqs']) kind: 'sqs';
  @Field(
    {
      type: String,
      format: 'uri',
      maxLength: 512,
      example: 'https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo',
    },
    {
      check: (value) =>
        typeof value === 'string' && value.length <= 512 && URL.canParse(value) && QUEUE_URL.test(value),
      message: 'must be the URL of a queue, such as https://sqs.eu-west-1.amazonaws.com/123456789012/events',
    },
    { description: URL_HINT },
  )
  url: string;
  @Nested(() => SqsSettingsDto, { optional: true }) settings?: SqsSettingsDto;
  @Nested(() => SqsCredentialsDto) credentials: SqsCredentialsDto;
}

export class SqsDto extends BrokerDto {
  @ApiProperty({ enum: ['sqs'] }) declare kind: 'sqs';
  @ApiProperty({ type: SqsSettingsDto }) declare settings: SqsSettingsDto;
  @ApiProperty({ type: SqsCredentialsDto }) declare credentials: SqsCredentialsDto;
}

export const sqs: BrokerRules<'sqs'> = {
  kind: 'sqs',
  input: CreateSqsDto,
  output: SqsDto,
  defaults: ({ url }) => {
    const [, first, second] = REGION_OF_HOST.exec(new URL(url).hostname) ?? [];
    return { region: first ?? second ?? 'us-east-1' };
  },
};
