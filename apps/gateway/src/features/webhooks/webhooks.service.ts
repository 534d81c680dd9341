import { randomBytes } from 'node:crypto';
import { DeliveryLane } from '@app/database/entities/delivery-lane.entity.js';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Destination } from '@app/database/entities/destination.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { conflict, invalid, notFound } from '@app/platform/errors/app-error.js';
import { DESTINATION_CHANGED_CHANNEL } from '@app/platform/events/channels.js';
import { isEventFilter } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository, type EntityManager } from 'typeorm';
import { SessionsService } from '../sessions/sessions.service.js';

const MOST_PER_TENANT = 20;

export interface WebhookSettings {
  url: string;
  types: string[];
  sessionIds: string[];
  isEnabled: boolean;
}

/** Webhooks of a tenant. What they are sent, and how, is the business of deliveries. */
@Injectable()
export class WebhooksService {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly sessions: SessionsService,
    private readonly outbound: OutboundClient,
    private readonly outbox: Outbox,
    private readonly keys: KeyRing,
    private readonly audit: AuditLog,
  ) {}

  /** The secret is in the answer and nowhere else. */
  async create(actor: Actor, input: Partial<WebhookSettings> & { url: string }) {
    const settings = await this.checked(actor, input);
    const id = newId('webhook');
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const sealedSecret = this.keys.seal(Buffer.from(secret), secretContext(id));
    const { tenantId } = actor;
    const webhook = await this.destinations.manager.transaction(async (tx) => {
      await this.makeRoom(tx, tenantId);
      await tx.save(tx.create(Destination, { id, tenantId, kind: 'webhook', sealedSecret, ...settings }));
      await this.audit.record(tx, { actor, tenantId, action: 'webhook.create', target: id });
      return tx.findOneByOrFail(Destination, { id });
    });
    return { webhook, secret };
  }

  /** Oldest first. */
  async list({ tenantId }: Actor, { limit, cursor }: PageQuery): Promise<Page<Destination>> {
    const [after = ''] = decodeCursor(cursor) ?? [];
    const where = { tenantId, kind: 'webhook' as const, id: MoreThan(after) };
    const rows = await this.destinations.find({ where, order: { id: 'ASC' }, take: limit + 1 });
    return toPage(rows, limit, ({ id }) => id);
  }

  async get({ tenantId }: Actor, id: string): Promise<Destination> {
    const webhook = await this.destinations.findOneBy({ id, tenantId, kind: 'webhook' });
    if (!webhook) throw notFound('webhook', id);
    return webhook;
  }

  /** Merges; what waits for another attempt is tried at once, since the reason of the failure may be gone. */
  async update(actor: Actor, id: string, input: Partial<WebhookSettings>): Promise<Destination> {
    await this.get(actor, id);
    const changes = await this.checked(actor, input);
    const { tenantId } = actor;
    return this.destinations.manager.transaction(async (tx) => {
      await tx.update(Destination, { id, tenantId }, { ...changes, failingSince: null });
      // A lane that is locked is being worked, and needs no push.
      await tx.query(
        `UPDATE delivery_lanes SET due_at = now() WHERE id IN (SELECT id FROM delivery_lanes
           WHERE destination_id = $1 AND due_at > now() FOR UPDATE SKIP LOCKED)`,
        [id],
      );
      await this.audit.record(tx, { actor, tenantId, action: 'webhook.update', target: id });
      await announceChange(tx, id);
      return tx.findOneByOrFail(Destination, { id, tenantId });
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const { tenantId } = actor;
    await this.destinations.manager.transaction(async (tx) => {
      const { affected } = await tx.delete(Destination, { id, tenantId, kind: 'webhook' });
      if (!affected) throw notFound('webhook', id);
      await tx.delete(Delivery, { destinationId: id });
      await tx.delete(DeliveryLane, { destinationId: id });
      await this.audit.record(tx, { actor, tenantId, action: 'webhook.delete', target: id });
      await announceChange(tx, id);
    });
  }

  /** Sends a `test` event to this webhook, whatever its filters; returns the id of the event. */
  async test(actor: Actor, id: string): Promise<string> {
    const { isEnabled, tenantId } = await this.get(actor, id);
    if (!isEnabled) throw conflict('webhook.disabled', 'The webhook is disabled.');
    const data = { webhookId: id, text: 'This is a test.' };
    const [eventId = ''] = await this.destinations.manager.transaction((tx) =>
      this.outbox.add(tx, [{ tenantId, sessionId: null, type: 'test', data, destinationId: id }]),
    );
    return eventId;
  }

  private async makeRoom(tx: EntityManager, tenantId: string): Promise<void> {
    // Creations of one tenant take turns, or two could both find the last place free.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('destinations:' || $1, 0))`, [tenantId]);
    if ((await tx.countBy(Destination, { tenantId })) >= MOST_PER_TENANT)
      throw conflict('webhook.limit-reached', `A tenant can have ${MOST_PER_TENANT} webhooks.`);
  }

  private async checked<T extends Partial<WebhookSettings>>(actor: Actor, input: T): Promise<T> {
    const { url, types, sessionIds } = input;
    if (url !== undefined) this.outbound.assertAllowed(url, '/url');
    const unknown = types?.findIndex((type) => !isEventFilter(type)) ?? -1;
    if (unknown >= 0)
      throw invalid('webhook.unknown-type', `/types/${unknown}`, `${types?.[unknown]} is no event type.`);
    if (sessionIds?.length) {
      const owned = await this.sessions.owned(actor, sessionIds);
      const foreign = sessionIds.findIndex((id) => !owned.has(id));
      if (foreign >= 0)
        throw invalid(
          'webhook.unknown-session',
          `/sessionIds/${foreign}`,
          `There is no session ${sessionIds[foreign]}.`,
        );
    }
    return {
      ...input,
      ...(types && { types: [...new Set(types)] }),
      ...(sessionIds && { sessionIds: [...new Set(sessionIds)] }),
    };
  }
}

/** Ties a sealed secret to its row. */
export const secretContext = (id: string) => `destination:${id}`;

/** Lets the workers of all processes forget what they know of a destination, once the transaction is committed. */
export const announceChange = (tx: EntityManager, id: string) =>
  tx.query('SELECT pg_notify($1, $2)', [DESTINATION_CHANGED_CHANNEL, id]);
