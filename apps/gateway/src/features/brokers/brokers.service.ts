import { brokerKinds, type BrokerKind, type Destination } from '@app/database/entities/destination.entity.js';
import { filtersOf, type DestinationFiltersDto } from '@app/platform/events/destination-filters.dto.js';
import { InputPipe } from '@app/platform/http/input.pipe.js';
import type { Page, PageQuery } from '@app/platform/http/page.js';
import { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { Injectable } from '@nestjs/common';
import { BrokerChecksService, type BrokerCheck } from '../deliveries/broker-checks.service.js';
import { DestinationsService, type Asker } from '../destinations/destinations.service.js';
import type { DeliveryTarget } from '../destinations/targets.service.js';
import { rulesOf } from './all-kinds.js';
import { changed, draftOf, hostsOf, type BrokerPatch } from './broker-draft.js';
import type { BrokerInput } from './broker-kind.js';

export type NewBroker = BrokerInput & DestinationFiltersDto;
export type ChangedBroker = BrokerPatch & DestinationFiltersDto;

/** Destinations that are brokers: what gets in there is what their kind asks for, checked as a whole. */
@Injectable()
export class BrokersService {
  private readonly input = new InputPipe();

  constructor(
    private readonly destinations: DestinationsService,
    private readonly checks: BrokerChecksService,
    private readonly sockets: OutboundSockets,
  ) {}

  async create(asker: Asker, input: NewBroker): Promise<Destination> {
    const draft = this.drafted(input);
    return this.destinations.create(asker, input.kind as BrokerKind, { ...filtersOf(input), ...draft });
  }

  list(asker: Asker, query: PageQuery): Promise<Page<Destination>> {
    return this.destinations.list(asker, brokerKinds, query);
  }

  get(asker: Asker, id: string): Promise<Destination> {
    return this.destinations.get(asker, brokerKinds, id);
  }

  /** Merges. A change is fine when somebody could have asked for what comes out of it. */
  async update(asker: Asker, id: string, patch: ChangedBroker): Promise<Destination> {
    const broker = await this.get(asker, id);
    const rules = rulesOf(broker.kind as BrokerKind);
    const whole = changed(broker, patch);
    await this.input.transform(whole, { type: 'body', metatype: rules.input });
    this.assertAllowed(whole.url);
    return this.destinations.update(asker, broker, (row, secrets) => ({
      ...filtersOf(patch),
      ...draftOf(rules, changed(row, patch), { row, secrets }),
    }));
  }

  async remove(asker: Asker, id: string): Promise<void> {
    await this.destinations.remove(asker, await this.get(asker, id));
  }

  /** Sends a `test` event to this one alone; returns the id of the event. */
  async test(asker: Asker, id: string): Promise<string> {
    return this.destinations.test(await this.get(asker, id));
  }

  /** Tries out what is not stored. */
  checkDraft(asker: Asker, input: BrokerInput): Promise<BrokerCheck> {
    const { secrets, ...draft } = this.drafted(input);
    const tenantId = asker === 'admin' ? null : asker.tenantId;
    const kind = input.kind as BrokerKind;
    const target = { id: '', tenantId, kind, ...draft, secrets, failingSince: null, pausedUntil: null };
    return this.checks.check(target);
  }

  async check(asker: Asker, id: string): Promise<BrokerCheck> {
    return this.checks.check(await this.targetOf(asker, id));
  }

  async statistics(asker: Asker, id: string) {
    return this.checks.statistics(await this.targetOf(asker, id));
  }

  private async targetOf(asker: Asker, id: string): Promise<DeliveryTarget> {
    const broker = await this.get(asker, id);
    return { ...broker, secrets: await this.destinations.secretsOf(broker) };
  }

  private drafted(input: BrokerInput) {
    this.assertAllowed(input.url);
    return draftOf(rulesOf(input.kind as BrokerKind), input);
  }

  private assertAllowed(url: string): void {
    for (const host of hostsOf(url)) this.sockets.assertAllowed(host, '/url');
  }
}
