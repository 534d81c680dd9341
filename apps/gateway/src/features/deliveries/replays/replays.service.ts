import { destinationKinds, type Destination } from '@app/database/entities/destination.entity.js';
import { Replay } from '@app/database/entities/replay.entity.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { conflict, invalid, notFound } from '@app/platform/errors/app-error.js';
import { REPLAYS_WAIT } from '@app/platform/events/channels.js';
import { isEventFilter } from '@app/platform/events/event-map.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, Repository } from 'typeorm';
import { DestinationsService, type Asker } from '../../destinations/destinations.service.js';
import { assertEnabled, ownerOf } from '../deliveries.service.js';
import type { DeliveryFilter } from '../log/delivery-selection.js';
import { ReplayRunner } from './replay-runner.service.js';
import {
  countDeliveries,
  countEventDeliveries,
  countEvents,
  type EventRange,
  type Query,
  type ReplaySource,
} from './replay-source.js';

const MOST_AT_ONCE = 10;

export interface ReplayOptions {
  /** Where to; absent: where each was sent before. */
  destinationId?: string;
  dryRun?: boolean;
  confirm?: boolean;
  /** Of deliveries: those that are repeated are deleted. */
  removeAfter?: boolean;
}

/** Either some events or a part of the log. */
export interface EventReplay extends ReplayOptions {
  eventIds?: string[];
  range?: Omit<EventRange, 'eventIds'> & { after?: string };
}

/** With `dryRun` nothing is stored, and there is no id. */
export type ReplayState = Omit<Replay, 'id' | 'source' | 'position'> & { id: string | null };

/** Queues what was sent before, or might have been, once more. */
@Injectable()
export class ReplaysService {
  constructor(
    @InjectRepository(Replay) private readonly replays: Repository<Replay>,
    private readonly destinations: DestinationsService,
    private readonly runner: ReplayRunner,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Events of a tenant's log. `after` is a cursor of the log, or the id of an event. */
  async ofEvents(
    asker: Asker,
    tenantId: string,
    { eventIds, range: wanted, ...options }: EventReplay,
  ): Promise<ReplayState> {
    if (Boolean(eventIds) === Boolean(wanted))
      throw invalid('replay.no-events', '/eventIds', 'either eventIds or range, and not both');
    const { after, ...range } = { ...wanted, eventIds };
    const unknown = range.types?.find((type) => !isEventFilter(type));
    if (unknown !== undefined) throw invalid('event.unknown-type', '/range/types', `${unknown} is no event type`);
    const target = await this.target(asker, options.destinationId);
    if (target?.tenantId && target.tenantId !== tenantId) throw notFound('destination', target.id);
    const position = await this.positionOf(tenantId, after);
    if (range.eventIds) await this.assertThere(tenantId, range.eventIds);
    const source: ReplaySource = { of: 'events', tenantId, range: { ...range, to: this.bounded(range.to) } };
    const events = await this.count(countEvents(source, position, this.config.replayMost + 1));
    if (events > this.config.replayMost) throw this.tooMany();
    const total = target ? events : await this.count(countEventDeliveries(source, position));
    return this.begin(asker, { source, position, total }, options);
  }

  /** Finished deliveries, each to the destination it was for or all to another. */
  async ofDeliveries(asker: Asker, filter: DeliveryFilter, options: ReplayOptions): Promise<ReplayState> {
    const target = await this.target(asker, options.destinationId);
    if (target?.tenantId && (filter.tenantId ?? target.tenantId) !== target.tenantId)
      throw notFound('destination', target.id);
    const tenantId = target?.tenantId ?? filter.tenantId;
    // What it makes itself is not replayed again.
    const [newest] = await this.replays.query<{ id: string }[]>('SELECT coalesce(max(id), 0) AS id FROM deliveries');
    const own = asker === 'admin' ? { ...filter, tenantId } : filter;
    const source: ReplaySource = { of: 'deliveries', tenantId: ownerOf(asker), filter: { ...own, upTo: newest?.id } };
    const total = await this.count(countDeliveries(source, this.config.replayMost + 1));
    return this.begin(asker, { source, position: null, total }, options);
  }

  /** The newest first. */
  async list(asker: Asker, { limit, cursor }: PageQuery): Promise<Page<Replay>> {
    const [before] = decodeCursor(cursor) ?? [];
    const where = { ...ownedBy(asker), ...(before ? { id: LessThan(before) } : {}) };
    const rows = await this.replays.find({ where, order: { id: 'DESC' }, take: limit + 1 });
    return toPage(rows, limit, ({ id }) => id);
  }

  async get(asker: Asker, id: string): Promise<Replay> {
    const found = await this.replays.findOneBy({ id, ...ownedBy(asker) });
    if (!found) throw notFound('replay', id);
    return found;
  }

  /** What is queued already stays queued. */
  async cancel(asker: Asker, id: string): Promise<Replay> {
    await this.get(asker, id);
    await this.replays.update({ id, finishedAt: IsNull() }, { isCancelled: true, finishedAt: () => 'now()' });
    return this.get(asker, id);
  }

  private async begin(
    asker: Asker,
    { source, position, total }: { source: ReplaySource; position: string[] | null; total: number },
    {
      destinationId = null,
      removeAfter = false,
      dryRun = false,
      confirm = false,
    }: { [K in keyof ReplayOptions]: ReplayOptions[K] | null },
  ): Promise<ReplayState> {
    if (total > this.config.replayMost) throw this.tooMany();
    const isLarge = total > this.config.replayConfirmAbove;
    const plan = { tenantId: ownerOf(asker) ?? '', destinationId, removeAfter: removeAfter ?? false, total };
    const none = { queued: 0, isCancelled: false, createdAt: this.clock.now(), finishedAt: null };
    if (dryRun) return { id: null, ...plan, ...none };
    if (isLarge && !confirm)
      throw invalid('replay.unconfirmed', '/confirm', `These are ${total} deliveries; say that you mean it.`);
    const id = newId('replay');
    await this.replays.manager.transaction(async (tx) => {
      if ((await tx.countBy(Replay, { tenantId: plan.tenantId, finishedAt: IsNull() })) >= MOST_AT_ONCE)
        throw conflict('replay.limit-reached', `${MOST_AT_ONCE} replays are under way; wait for one to finish.`);
      await tx.insert(Replay, { id, ...plan, source, position });
      await this.audit.record(tx, {
        actor: asker,
        tenantId: plan.tenantId || null,
        action: 'replay.create',
        target: id,
      });
      if (isLarge) await tx.query('SELECT pg_notify($1, $2)', [REPLAYS_WAIT, id]);
    });
    if (!isLarge) await this.runner.run(id);
    return this.get(asker, id);
  }

  private async target(asker: Asker, id: string | undefined): Promise<Destination | null> {
    if (id === undefined) return null;
    const target =
      asker === 'admin' ? await this.destinations.find(id) : await this.destinations.get(asker, destinationKinds, id);
    assertEnabled(target);
    return target;
  }

  private async positionOf(tenantId: string, after: string | undefined): Promise<string[] | null> {
    if (!after?.startsWith('evt_')) {
      const position = decodeCursor(after, 2);
      if (position?.every((part) => /^\d{1,18}$/.test(part)) ?? true) return position;
      throw invalid('cursor.invalid', '/range/after', 'must be a cursor of the event log');
    }
    const found = await this.replays.query<{ transactionId: string; position: string }[]>(
      'SELECT transaction_id AS "transactionId", position FROM events WHERE id = $1 AND tenant_id = $2',
      [after, tenantId],
    );
    if (!found[0]) throw notFound('event', after);
    return [found[0].transactionId, found[0].position];
  }

  private async assertThere(tenantId: string, ids: string[]): Promise<void> {
    const [missing] = await this.replays.query<{ id: string }[]>(
      `SELECT id FROM unnest($1::text[]) AS given(id)
       WHERE NOT EXISTS (SELECT FROM events e WHERE e.id = given.id AND e.tenant_id = $2) LIMIT 1`,
      [ids, tenantId],
    );
    if (missing) throw notFound('event', missing.id);
  }

  /** What happens from now on is delivered anyway. */
  private bounded(to: Date | string | undefined): Date {
    const now = this.clock.now();
    return to === undefined || new Date(to) > now ? now : new Date(to);
  }

  private async count({ sql, values }: Query): Promise<number> {
    const [found] = await this.replays.query<{ total: number }[]>(sql, values);
    return found?.total ?? 0;
  }

  private tooMany = () =>
    invalid('replay.too-large', '', `At most ${this.config.replayMost} deliveries can be replayed at once.`);
}

const ownedBy = (asker: Asker) => (asker === 'admin' ? {} : { tenantId: asker.tenantId });
