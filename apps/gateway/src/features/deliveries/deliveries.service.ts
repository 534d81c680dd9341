import type { DeliveryStatus, FailedAttempt } from '@app/database/entities/delivery.entity.js';
import { destinationKinds, type DestinationKind } from '@app/database/entities/destination.entity.js';
import { conflict, invalid, notFound } from '@app/platform/errors/app-error.js';
import { toEnvelope, type EventEnvelope } from '@app/platform/events/envelope.js';
import { isEventFilter } from '@app/platform/events/event-map.js';
import { decodeCursor, encodeCursor, type Page } from '@app/platform/http/page.js';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DestinationsService, type Asker } from '../destinations/destinations.service.js';
import { DeliverySelection, type DeliveryFilter, type WalkOptions } from './log/delivery-selection.js';
import { DELIVERIES_BY_ID, EVENT_BY_ID } from './log/delivery-log.queries.js';

export interface LoggedDelivery {
  id: string;
  tenantId: string;
  destinationId: string;
  kind: DestinationKind;
  eventId: string;
  type: string;
  /** Null when the event is of no session. */
  sessionId: string | null;
  status: DeliveryStatus;
  attempts: number;
  latencyMs: number | null;
  responseStatus: number | null;
  responseExcerpt: string | null;
  lastError: string | null;
  failures: FailedAttempt[];
  replayOf: string | null;
  replays: number;
  lastReplayAt: Date | null;
  createdAt: Date;
  dueAt: Date | null;
  finishedAt: Date | null;
  isEnabled: boolean;
}

export interface DeliveryPageQuery extends DeliveryFilter {
  limit: number;
  cursor?: string;
}

/** The delivery log. Operators see all of it, tenants what goes to their own destinations. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: DataSource,
    private readonly destinations: DestinationsService,
  ) {}

  /**
   * The newest first. A page may be short, or empty, and have a cursor nevertheless: so many deliveries are looked at for
   * one page, and no more.
   */
  async list(asker: Asker, query: DeliveryPageQuery, options: WalkOptions = {}): Promise<Page<LoggedDelivery>> {
    const { limit, cursor, ...filter } = query;
    await this.check(asker, filter);
    const [before = null] = decodeCursor(cursor) ?? [];
    if (before !== null && !isDeliveryId(before))
      throw invalid('cursor.invalid', '/cursor', 'must be the nextCursor of an answer');
    const selection = new DeliverySelection(ownerOf(asker), filter, options);
    const sql = selection.page(before, limit + 1, 'DESC');
    const [found] = await this.database.query<{ ids: string[]; edge: string | null }[]>(sql, selection.values);
    const { ids = [], edge = null } = found ?? {};
    const items = await this.read(ids.slice(0, limit));
    const last = ids.length > limit ? items.at(-1)?.id : edge;
    return { items, nextCursor: last ? encodeCursor(last) : null };
  }

  /** `within` narrows down which deliveries there are, for whoever calls them by another name. */
  async get(asker: Asker, id: string, noun = 'delivery', within: DeliveryFilter & WalkOptions = {}) {
    const { isFinished, ...filter } = within;
    const query = { ...filter, ids: [id], limit: 1 };
    const { items } = isDeliveryId(id) ? await this.list(asker, query, { isFinished }) : { items: [] };
    const [found] = items;
    if (!found) throw notFound(noun, id);
    return found;
  }

  /** Has what waits be tried at once, and first whatever waits before it. */
  async retry(asker: Asker, id: string): Promise<LoggedDelivery> {
    const delivery = await this.get(asker, id);
    if (delivery.status !== 'pending')
      throw conflict('delivery.finished', 'The delivery is finished; what is finished is replayed.');
    assertEnabled(delivery);
    await this.database.transaction((tx) => this.destinations.tryAtOnce(tx, delivery.destinationId));
    return this.get(asker, id);
  }

  /** The event of a delivery as it is sent; null when it is deleted already. */
  async eventOf({ eventId }: LoggedDelivery): Promise<EventEnvelope | null> {
    const [event] = await this.database.query<Parameters<typeof toEnvelope>[0][]>(EVENT_BY_ID, [eventId]);
    return event ? toEnvelope(event) : null;
  }

  /** Throws for what a filter names and there is not. */
  async check(asker: Asker, { destinationId, type, ids }: DeliveryFilter): Promise<void> {
    const malformed = ids?.findIndex((id) => !isDeliveryId(id)) ?? -1;
    if (malformed >= 0) throw invalid('request.invalid', `/ids/${malformed}`, 'must be the id of a delivery');
    if (type !== undefined && !isEventFilter(type))
      throw invalid('event.unknown-type', '/type', `${type} is no event type`);
    if (destinationId === undefined) return;
    if (asker !== 'admin') await this.destinations.get(asker, destinationKinds, destinationId);
    else await this.destinations.find(destinationId);
  }

  private read(ids: string[]): Promise<LoggedDelivery[]> {
    return ids.length ? this.database.query<LoggedDelivery[]>(DELIVERIES_BY_ID, [ids]) : Promise.resolve([]);
  }
}

/** The tenant that asks; null: the operator. */
export const ownerOf = (asker: Asker): string | null => (asker === 'admin' ? null : asker.tenantId);

export const isDeliveryId = (text: string) => /^\d{1,18}$/.test(text);

/** A disabled destination takes nothing, so nothing is queued for it. */
export function assertEnabled({ kind, isEnabled }: { kind: DestinationKind; isEnabled: boolean }): void {
  if (isEnabled) return;
  const noun = kind === 'webhook' ? 'webhook' : 'destination';
  throw conflict(`${noun}.disabled`, `The ${noun} is disabled; enable it first.`);
}
