import { runPrepared } from '@app/database/prepared.js';
import { Destination, type DestinationKind } from '@app/database/entities/destination.entity.js';
import { Clock } from '@app/platform/clock/clock.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { IsNull, Not, Repository } from 'typeorm';
import { openSecrets, type DestinationSecrets } from './destination-secrets.js';
import { announceChange, TRY_AT_ONCE } from './destinations.service.js';

/** What a delivery needs to know of a destination. */
export interface DeliveryTarget {
  id: string;
  /** Null: the operator's. */
  tenantId: string | null;
  kind: DestinationKind;
  url: string;
  /** As its kind has them. */
  settings: object;
  secrets: DestinationSecrets;
  failingSince: Date | null;
  /** Nothing is tried before. */
  pausedUntil: Date | null;
}

type Failing = { failingSince: Date; pausedUntil: Date | null };

const DISABLE_AFTER_MS = 3 * 24 * 3_600_000;

/**
 * $1 fails again. From the tenth failure in a row on nothing is tried for a tenth of the time that it has failed, whichever
 * session it is of; what is tried then shows whether to go on.
 */
const NOTE_FAILURE = {
  name: 'destinations.note-failure',
  text: `
UPDATE destinations SET failures = failures + 1, failing_since = coalesce(failing_since, now()),
  paused_until = CASE WHEN failures >= 9 THEN
    now() + least('5 minutes', greatest('5 seconds', (now() - coalesce(failing_since, now())) / 10)) END
WHERE id = $1 RETURNING failing_since AS "failingSince", paused_until AS "pausedUntil"`,
};

/** Destinations as the delivery workers see them: kept in memory for moments, and watched for how they do. */
@Injectable()
export class TargetsService {
  private readonly known = new LRUCache<string, Promise<DeliveryTarget | null>>({ max: 1000, ttl: 10_000 });

  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly keys: KeyRing,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Null when it is disabled or gone. */
  find(id: string): Promise<DeliveryTarget | null> {
    const known = this.known.get(id);
    if (known) return known;
    const target = this.load(id);
    this.known.set(id, target);
    target.catch(() => this.known.delete(id));
    return target;
  }

  /** An empty id stands for all: changes may have gone unheard. */
  forget(id: string): void {
    if (id === '') this.known.clear();
    else this.known.delete(id);
  }

  /** What waits because of earlier failures need not wait any longer. */
  async noteSuccess(target: DeliveryTarget): Promise<void> {
    if (!target.failingSince) return;
    target.failingSince = target.pausedUntil = null;
    await this.destinations.manager.transaction(async (tx) => {
      const failing = { id: target.id, failingSince: Not(IsNull()) };
      const { affected } = await tx.update(Destination, failing, {
        failures: 0,
        failingSince: null,
        pausedUntil: null,
      });
      if (affected) await tx.query(TRY_AT_ONCE, [target.id]);
    });
  }

  /** One that fails again and again gets a pause, one that has failed for days is disabled, and its tenant hears of it. */
  async noteFailure(target: DeliveryTarget): Promise<void> {
    const [noted] = await runPrepared<Failing>(this.destinations.manager, NOTE_FAILURE, [target.id]);
    if (!noted) return;
    Object.assign(target, noted);
    if (this.clock.now().getTime() - noted.failingSince.getTime() > DISABLE_AFTER_MS) await this.disable(target);
  }

  private async disable({ id }: DeliveryTarget): Promise<void> {
    await this.destinations.manager.transaction(async (tx) => {
      const { affected } = await tx.update(Destination, { id, isEnabled: true }, { isEnabled: false });
      if (!affected) return;
      const { tenantId, url, failingSince } = await tx.findOneByOrFail(Destination, { id });
      const data = { webhookId: id, url, failingSince: (failingSince ?? this.clock.now()).toISOString() };
      await this.outbox.add(tx, [{ tenantId: tenantId ?? '', sessionId: null, type: 'webhook.disabled', data }]);
      await announceChange(tx, id);
    });
    this.forget(id);
  }

  private async load(id: string): Promise<DeliveryTarget | null> {
    const row = await this.destinations
      .createQueryBuilder('destination')
      .addSelect('destination.sealedSecrets')
      .where({ id, isEnabled: true })
      .getOne();
    if (!row) return null;
    const { tenantId, kind, url, settings, failingSince, pausedUntil, sealedSecrets } = row;
    const secrets = openSecrets(this.keys, id, sealedSecrets);
    return { id, tenantId, kind, url, settings, secrets, failingSince, pausedUntil };
  }
}
