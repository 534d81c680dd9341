import { Destination } from '@app/database/entities/destination.entity.js';
import { Clock } from '@app/platform/clock/clock.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { IsNull, Not, Repository } from 'typeorm';
import { announceChange, secretContext } from './webhooks.service.js';

/** What a delivery needs to know of a webhook. */
export interface WebhookTarget {
  id: string;
  tenantId: string;
  url: string;
  /** Key of the signature. */
  key: Buffer;
  failingSince: Date | null;
}

const DISABLE_AFTER_MS = 3 * 24 * 3_600_000;

/** Webhooks as the delivery workers see them: kept in memory for moments, and watched for how they do. */
@Injectable()
export class WebhookTargetsService {
  private readonly known = new LRUCache<string, Promise<WebhookTarget | null>>({ max: 1000, ttl: 10_000 });

  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly keys: KeyRing,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Null when it is disabled or gone. */
  find(id: string): Promise<WebhookTarget | null> {
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

  async noteSuccess(target: WebhookTarget): Promise<void> {
    if (!target.failingSince) return;
    target.failingSince = null;
    await this.destinations.update({ id: target.id, failingSince: Not(IsNull()) }, { failingSince: null });
  }

  /** A webhook that has failed for days is disabled, and its tenant hears of it. */
  async noteFailure(target: WebhookTarget): Promise<void> {
    if (!target.failingSince) {
      target.failingSince = this.clock.now();
      await this.destinations.update({ id: target.id, failingSince: IsNull() }, { failingSince: () => 'now()' });
      return;
    }
    if (this.clock.now().getTime() - target.failingSince.getTime() > DISABLE_AFTER_MS) await this.disable(target);
  }

  private async disable({ id, tenantId }: WebhookTarget): Promise<void> {
    await this.destinations.manager.transaction(async (tx) => {
      const { affected } = await tx.update(Destination, { id, isEnabled: true }, { isEnabled: false });
      if (!affected) return;
      const { url, failingSince } = await tx.findOneByOrFail(Destination, { id });
      const data = { webhookId: id, url, failingSince: (failingSince ?? this.clock.now()).toISOString() };
      await this.outbox.add(tx, [{ tenantId, sessionId: null, type: 'webhook.disabled', data }]);
      await announceChange(tx, id);
    });
    this.forget(id);
  }

  private async load(id: string): Promise<WebhookTarget | null> {
    const row = await this.destinations.findOne({
      where: { id, isEnabled: true },
      select: { id: true, tenantId: true, url: true, sealedSecret: true, failingSince: true },
    });
    if (!row) return null;
    const { tenantId, url, sealedSecret, failingSince } = row;
    const secret = this.keys.open(sealedSecret, secretContext(id)).toString();
    return { id, tenantId, url, key: Buffer.from(secret.replace(/^whsec_/, ''), 'base64'), failingSince };
  }
}
