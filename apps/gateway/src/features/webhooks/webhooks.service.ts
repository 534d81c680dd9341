import { randomBytes } from 'node:crypto';
import type { Destination } from '@app/database/entities/destination.entity.js';
import { filtersOf, type DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import type { Page, PageQuery } from '@app/platform/http/page.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { Injectable } from '@nestjs/common';
import { DestinationsService, type Asker } from '../destinations/destinations.service.js';

const KINDS = ['webhook'] as const;

/** What can be told of a webhook; what is absent stays as it is. */
export interface WebhookInput extends DestinationFiltersDto {
  url?: string;
}

/** Webhooks: destinations that get each event as a signed POST. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly destinations: DestinationsService,
    private readonly outbound: OutboundClient,
  ) {}

  /** The secret is in the answer and nowhere else. */
  async create(asker: Asker, input: WebhookInput & { url: string }) {
    this.outbound.assertAllowed(input.url, '/url');
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const draft = { ...filtersOf(input), url: input.url, secrets: { signing: secret } };
    const webhook = await this.destinations.create(asker, 'webhook', draft);
    return { webhook, secret };
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
    if (input.url !== undefined) this.outbound.assertAllowed(input.url, '/url');
    return this.destinations.update(asker, webhook, () => ({ ...filtersOf(input), url: input.url }));
  }

  async remove(asker: Asker, id: string): Promise<void> {
    await this.destinations.remove(asker, await this.get(asker, id));
  }

  /** Sends a `test` event to this webhook, whatever its filters; returns the id of the event. */
  async test(asker: Asker, id: string): Promise<string> {
    return this.destinations.test(await this.get(asker, id));
  }
}
