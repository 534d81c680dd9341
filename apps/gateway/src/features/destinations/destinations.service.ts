import { DeliveryLane } from '@app/database/entities/delivery-lane.entity.js';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Destination, type DestinationKind } from '@app/database/entities/destination.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { conflict, invalid, notFound } from '@app/platform/errors/app-error.js';
import { DESTINATION_CHANGED_CHANNEL } from '@app/platform/events/channels.js';
import { isEventFilter } from '@app/platform/events/event-map.js';
import type { EventTrait } from '@app/platform/events/event-traits.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, MoreThan, Repository, type EntityManager } from 'typeorm';
import { SessionsService } from '../sessions/sessions.service.js';
import { openSecrets, sealSecrets, type DestinationSecrets } from './destination-secrets.js';

const MOST_PER_TENANT = 20;
const UNTRIED = { failures: 0, failingSince: null, pausedUntil: null };

/** Whose destinations: those of a tenant, or the operator's. */
export type Asker = Actor | 'admin';

/** What every kind of destination can be told. */
export interface DestinationFilters {
  types: string[];
  sessionIds: string[];
  only: EventTrait[];
  skips: EventTrait[];
  isEnabled: boolean;
}

/** A destination as its kind has made it; what is absent stays as it is. */
export interface DestinationDraft extends Partial<DestinationFilters> {
  url?: string;
  settings?: object;
  secrets?: DestinationSecrets;
}

/** Where events are sent. What they are sent, and how, is the business of deliveries. */
@Injectable()
export class DestinationsService {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly sessions: SessionsService,
    private readonly outbox: Outbox,
    private readonly keys: KeyRing,
    private readonly audit: AuditLog,
  ) {}

  async create(asker: Asker, kind: DestinationKind, draft: DestinationDraft & { url: string }): Promise<Destination> {
    const { secrets = {}, ...settings } = await this.checked(asker, kind, draft);
    const id = newId(kind === 'webhook' ? 'webhook' : 'destination');
    const tenantId = tenantOf(asker);
    const sealedSecrets = sealSecrets(this.keys, id, secrets);
    return this.destinations.manager.transaction(async (tx) => {
      await this.makeRoom(tx, tenantId);
      await tx.save(tx.create(Destination, { id, tenantId, kind, sealedSecrets, ...settings }));
      await this.audit.record(tx, { actor: asker, tenantId, action: `${nameOf(kind)}.create`, target: id });
      return tx.findOneByOrFail(Destination, { id });
    });
  }

  /** Oldest first. */
  async list(
    asker: Asker,
    kinds: readonly DestinationKind[],
    { limit, cursor }: PageQuery,
  ): Promise<Page<Destination>> {
    const [after = ''] = decodeCursor(cursor) ?? [];
    const where = { ...ownedBy(asker), kind: In(kinds), id: MoreThan(after) };
    const rows = await this.destinations.find({ where, order: { id: 'ASC' }, take: limit + 1 });
    return toPage(rows, limit, ({ id }) => id);
  }

  async get(asker: Asker, kinds: readonly DestinationKind[], id: string): Promise<Destination> {
    const found = await this.destinations.findOneBy({ id, ...ownedBy(asker), kind: In(kinds) });
    if (!found) throw notFound(kinds.includes('webhook') && !id.startsWith('dst_') ? 'webhook' : 'destination', id);
    return found;
  }

  /** Whoever it belongs to; for the operator. */
  async find(id: string): Promise<Destination> {
    const found = await this.destinations.findOneBy({ id });
    if (!found) throw notFound('destination', id);
    return found;
  }

  /** Has everything that waits for it be tried at once, as if it had not failed. */
  async tryAtOnce(tx: EntityManager, id: string): Promise<void> {
    await tx.update(Destination, { id }, { pausedUntil: null });
    await tx.query(TRY_AT_ONCE, [id]);
    await announceChange(tx, id);
  }

  /**
   * Merges; what waits for another attempt is tried at once, since the reason of the failure may be gone. `change` gets
   * the destination as it is, with its secrets, locked.
   */
  async update(
    asker: Asker,
    { id, kind }: Destination,
    change: (current: Destination, secrets: DestinationSecrets) => DestinationDraft,
    action = 'update',
  ): Promise<Destination> {
    const tenantId = tenantOf(asker);
    return this.destinations.manager.transaction(async (tx) => {
      const current = await tx.findOneOrFail(Destination, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const { sealedSecrets } = await tx.findOneOrFail(Destination, { where: { id }, select: { sealedSecrets: true } });
      const { secrets, ...changes } = await this.checked(
        asker,
        kind,
        change(current, openSecrets(this.keys, id, sealedSecrets)),
      );
      const sealed = secrets && { sealedSecrets: sealSecrets(this.keys, id, secrets) };
      await tx.update(Destination, { id }, { ...changes, ...sealed, ...UNTRIED });
      await tx.query(TRY_AT_ONCE, [id]);
      await this.audit.record(tx, { actor: asker, tenantId, action: `${nameOf(kind)}.${action}`, target: id });
      await announceChange(tx, id);
      return tx.findOneByOrFail(Destination, { id });
    });
  }

  /** What of it is kept sealed, to try it out. */
  async secretsOf({ id }: Destination): Promise<DestinationSecrets> {
    const { sealedSecrets } = await this.destinations.findOneOrFail({ where: { id }, select: { sealedSecrets: true } });
    return openSecrets(this.keys, id, sealedSecrets);
  }

  async remove(asker: Asker, { id, kind }: Destination): Promise<void> {
    const tenantId = tenantOf(asker);
    await this.destinations.manager.transaction(async (tx) => {
      const { affected } = await tx.delete(Destination, { id });
      if (!affected) throw notFound(nameOf(kind), id);
      await tx.delete(Delivery, { destinationId: id });
      await tx.delete(DeliveryLane, { destinationId: id });
      await this.audit.record(tx, { actor: asker, tenantId, action: `${nameOf(kind)}.delete`, target: id });
      await announceChange(tx, id);
    });
  }

  /** Sends a `test` event to this destination, whatever its filters; returns the id of the event. */
  async test({ id, kind, tenantId, isEnabled }: Destination): Promise<string> {
    if (!isEnabled) throw conflict(`${nameOf(kind)}.disabled`, `The ${nameOf(kind)} is disabled.`);
    const data = { webhookId: id, text: 'This is a test.' };
    const [eventId = ''] = await this.destinations.manager.transaction((tx) =>
      // Events of the operator's own belong to no tenant, so that no tenant's log shows them.
      this.outbox.add(tx, [{ tenantId: tenantId ?? '', sessionId: null, type: 'test', data, destinationId: id }]),
    );
    return eventId;
  }

  private async makeRoom(tx: EntityManager, tenantId: string | null): Promise<void> {
    // Creations of one tenant take turns, or two could both find the last place free.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('destinations:' || $1, 0))`, [tenantId ?? '']);
    if ((await tx.countBy(Destination, { tenantId: tenantId ?? IsNull() })) >= MOST_PER_TENANT)
      throw conflict('destination.limit-reached', `There can be ${MOST_PER_TENANT} destinations, webhooks included.`);
  }

  private async checked(asker: Asker, kind: DestinationKind, draft: DestinationDraft): Promise<DestinationDraft> {
    const { types, sessionIds, only, skips } = draft;
    const unknown = types?.findIndex((type) => !isEventFilter(type)) ?? -1;
    if (unknown >= 0)
      throw invalid(`${nameOf(kind)}.unknown-type`, `/types/${unknown}`, `${types?.[unknown]} is no event type.`);
    if (sessionIds?.length && asker !== 'admin') {
      const owned = await this.sessions.owned(asker, sessionIds);
      const foreign = sessionIds.findIndex((id) => !owned.has(id));
      const detail = `There is no session ${sessionIds[foreign]}.`;
      if (foreign >= 0) throw invalid(`${nameOf(kind)}.unknown-session`, `/sessionIds/${foreign}`, detail);
    }
    const lists = { types, sessionIds, only, skips };
    const given = Object.entries(lists).flatMap(([name, list]) => (list ? [[name, [...new Set<string>(list)]]] : []));
    return { ...draft, ...(Object.fromEntries(given) as typeof lists) };
  }
}

const tenantOf = (asker: Asker): string | null => (asker === 'admin' ? null : asker.tenantId);
const ownedBy = (asker: Asker) => ({ tenantId: tenantOf(asker) ?? IsNull() });
const nameOf = (kind: DestinationKind): 'webhook' | 'destination' => (kind === 'webhook' ? kind : 'destination');

/** A lane that is locked is being worked, and needs no push. */
export const TRY_AT_ONCE = `
UPDATE delivery_lanes SET due_at = now() WHERE id IN (SELECT id FROM delivery_lanes
  WHERE destination_id = $1 AND due_at > now() FOR UPDATE SKIP LOCKED)`;

/** Lets the workers of all processes forget what they know of a destination, once the transaction is committed. */
export const announceChange = (tx: EntityManager, id: string) =>
  tx.query('SELECT pg_notify($1, $2)', [DESTINATION_CHANGED_CHANNEL, id]);
