import type { Destination } from '@app/database/entities/destination.entity.js';
import { DestinationFiltersDto, DestinationStateDto, stateOf } from '@app/platform/events/destination-filters.dto.js';
import {
  webhookFormats,
  webhookMedia,
  type WebhookFormat,
  type WebhookMedia,
  type WebhookSettings,
} from '@app/platform/events/webhook-settings.js';
import { Integer, Nested, OneOf, Text, UrlField } from '@app/platform/http/fields.js';
import { JsonObject } from '@app/platform/http/json.field.js';
import { ApiProperty } from '@nestjs/swagger';

const unset = { optional: true, nullable: true };
const format = 'Payload and signature: ours, or those of another gateway, so that its receivers go on working.';
const media =
  'How files come: `link` to the library, `base64` in the event up to WEBHOOK_MEDIA_MAX_BYTES, or `none` of both.';
const headers = 'Sent with each request. `null` takes one away. The values are never shown again.';
const secret = 'Signs each delivery. `whsec_` and 24 to 64 bytes as base64; 8 to 200 characters for other formats.';
const pem = { min: 1, max: 20_000, ...unset };

export class TlsDto {
  @Text({ ...pem, description: 'PEM of the authority to believe, in place of the well-known ones.' })
  ca?: string | null;
  @Text({ ...pem, description: 'PEM of the certificate to show, with those that lead to its authority.' })
  certificate?: string | null;
  @Text({ ...pem, description: 'PEM of its private key, without a passphrase. Never shown again.' })
  key?: string | null;
}

export class WebhookFieldsDto extends DestinationFiltersDto {
  @OneOf(webhookFormats, { ...unset, description: format }) format?: WebhookFormat | null;
  @OneOf(webhookMedia, { ...unset, description: media }) media?: WebhookMedia | null;
  @JsonObject({ maxBytes: 50_000, ...unset, description: headers, example: { authorization: 'Bearer …' } })
  headers?: Record<string, unknown> | null;
  @Nested(() => TlsDto, { ...unset, description: 'What is left out stays; `null` takes a part away, or all of it.' })
  tls?: TlsDto | null;
}

export class CreateWebhookDto extends WebhookFieldsDto {
  @UrlField({ description: 'Gets a POST for each event.' }) url: string;
  @Text({ max: 200, optional: true, description: `${secret} Made when left out.` }) secret?: string;
}

export class UpdateWebhookDto extends WebhookFieldsDto {
  @UrlField({ optional: true }) url?: string;
}

export class RotateSecretDto {
  @Text({ max: 200, optional: true, description: `${secret} Made when left out.` }) secret?: string;
  @Integer({ max: 168, optional: true, default: 24, description: 'How long the old one signs as well; 0: not at all.' })
  keepHours?: number;
}

export class ShownCertificateDto {
  @ApiProperty({ example: 'CN=acme' }) subject: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;
}

export class ShownTlsDto {
  @ApiProperty({ description: 'An authority of its own is believed.' }) hasAuthority: boolean;
  @ApiProperty({ type: ShownCertificateDto, nullable: true }) certificate: ShownCertificateDto | null;
}

export class WebhookDto extends DestinationStateDto {
  @ApiProperty() url: string;
  @ApiProperty({ enum: webhookFormats }) format: WebhookFormat;
  @ApiProperty({ enum: webhookMedia }) media: WebhookMedia;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The names; values are not shown.',
    example: { authorization: '***' },
  })
  headers: Record<string, string>;
  @ApiProperty({ type: ShownTlsDto, nullable: true }) tls: ShownTlsDto | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when the old secret signs too.',
  })
  previousSecretUntil: string | null;

  static from(this: void, row: Destination): WebhookDto {
    const settings = row.settings as WebhookSettings;
    const { certificate = null, hasAuthority = false, previousSecretUntil: until = null } = settings;
    return {
      ...stateOf(row),
      url: row.url,
      format: settings.format ?? 'native',
      media: settings.media ?? 'link',
      headers: Object.fromEntries((settings.headers ?? []).map((name) => [name, '***'])),
      tls: hasAuthority || certificate ? { hasAuthority, certificate } : null,
      previousSecretUntil: until !== null && new Date(until) > new Date() ? until : null,
    };
  }
}

export class CreatedWebhookDto extends WebhookDto {
  @ApiProperty({ description: 'Signs each delivery. Shown only here.', example: 'whsec_…' }) secret: string;
}

export class RotatedSecretDto {
  @ApiProperty({ description: 'Signs from now on. Shown only here.', example: 'whsec_…' }) secret: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Until when the old one signs too.' })
  previousSecretUntil: string | null;
}

export class TestEventDto {
  @ApiProperty({ description: 'The `test` event that is on its way.' }) eventId: string;
}
