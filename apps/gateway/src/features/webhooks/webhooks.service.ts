import type { Destination } from '@app/database/entities/destination.entity.js';
import { Clock } from '@app/platform/clock/clock.js';
import { filtersOf, type DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import type { WebhookFormat, WebhookMedia, WebhookSettings } from '@app/platform/events/webhook-settings.js';
import type { Page, PageQuery } from '@app/platform/http/page.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { Injectable } from '@nestjs/common';
import { DestinationsService, type Asker, type DestinationDraft } from '../destinations/destinations.service.js';
import { mergedHeaders } from './webhook-headers.js';
import { assertFits, newSecret } from './webhook-secret.js';
import { assertMediaFits, assertTlsFits } from './webhook-rules.js';
import { mergedTls, shownOf, type TlsChanges } from './webhook-tls.js';

type Secrets = NonNullable<DestinationDraft['secrets']>;

const KINDS = ['webhook'] as const;
const HOUR_MS = 3_600_000;

/** What can be told of a webhook; what is absent stays as it is, null takes it away. */
export interface WebhookInput extends DestinationFiltersDto {
  url?: string;
  format?: WebhookFormat | null;
  media?: WebhookMedia | null;
  headers?: Record<string, unknown> | null;
  tls?: TlsChanges | null;
}

/** Webhooks: destinations that get each event as a signed POST. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly destinations: DestinationsService,
    private readonly outbound: OutboundClient,
    private readonly clock: Clock,
  ) {}

  /** The secret is in the answer and nowhere else. */
  async create(asker: Asker, { secret = newSecret(), ...input }: WebhookInput & { url: string; secret?: string }) {
    assertFits(secret, input.format ?? 'native', '/secret');
    const { secrets, ...draft } = this.drafted(input, input.url, {}, {});
    const made = { ...draft, url: input.url, secrets: { ...secrets, signing: secret } };
    return { webhook: await this.destinations.create(asker, 'webhook', made), secret };
  }

  list(asker: Asker, query: PageQuery): Promise<Page<Destination>> {
    return this.destinations.list(asker, KINDS, query);
  }

  get(asker: Asker, id: string): Promise<Destination> {
    return this.destinations.get(asker, KINDS, id);
  }

  /** Merges. */
  async update(asker: Asker, id: string, input: WebhookInput): Promise<Destination> {
    const webhook = await this.get(asker, id);
    return this.destinations.update(asker, webhook, ({ url, settings }, secrets) => {
      if (input.format !== undefined) assertFits(secrets.signing ?? '', input.format ?? 'native', '/format');
      return this.drafted(input, url, settings, secrets);
    });
  }

  /** Another secret from now on; the one before signs as well for so many hours. */
  async rotateSecret(
    asker: Asker,
    id: string,
    { secret = newSecret(), keepHours }: { secret?: string; keepHours: number },
  ): Promise<{ secret: string; webhook: Destination }> {
    const until = new Date(this.clock.now().getTime() + keepHours * HOUR_MS).toISOString();
    const webhook = await this.destinations.update(
      asker,
      await this.get(asker, id),
      (current, { signing, ...others }) => {
        const settings = current.settings as WebhookSettings;
        assertFits(secret, settings.format ?? 'native', '/secret');
        const previous = keepHours > 0 && signing !== undefined ? { secret: signing, until } : undefined;
        return {
          settings: { ...settings, previousSecretUntil: previous?.until },
          secrets: { ...others, signing: secret, previous },
        };
      },
      'rotate-secret',
    );
    return { secret, webhook };
  }

  async remove(asker: Asker, id: string): Promise<void> {
    await this.destinations.remove(asker, await this.get(asker, id));
  }

  /** Sends a `test` event to this webhook, whatever its filters; returns the id of the event. */
  async test(asker: Asker, id: string): Promise<string> {
    return this.destinations.test(await this.get(asker, id));
  }

  private drafted(
    input: WebhookInput,
    currentUrl: string,
    current: WebhookSettings,
    secrets: Secrets,
  ): DestinationDraft {
    const { url, format = current.format, media = current.media } = input;
    if (url !== undefined) this.outbound.assertAllowed(url, '/url');
    const headers = mergedHeaders(secrets.headers, input.headers);
    const tls = mergedTls(secrets.tls, input.tls);
    assertTlsFits(tls, url ?? currentUrl);
    assertMediaFits(media ?? 'link', format ?? 'native');
    const settings: WebhookSettings = {
      ...(current.previousSecretUntil && { previousSecretUntil: current.previousSecretUntil }),
      format: format ?? 'native',
      media: media ?? 'link',
      headers: Object.keys(headers),
      ...shownOf(tls),
    };
    return { ...filtersOf(input), url, settings, secrets: { ...secrets, headers, tls } };
  }
}
