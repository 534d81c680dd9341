import type { DeliveryStatus } from '@app/database/entities/delivery.entity.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { conflict, invalid } from '@app/platform/errors/app-error.js';
import type { Page } from '@app/platform/http/page.js';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Asker } from '../../destinations/destinations.service.js';
import { assertEnabled, DeliveriesService, ownerOf } from '../deliveries.service.js';
import type { DeliveryPageQuery, LoggedDelivery } from '../deliveries.service.js';
import { deliveryStatistics, RETENTION } from '../log/delivery-log.queries.js';
import { DeliverySelection, type DeliveryFilter } from '../log/delivery-selection.js';
import { DELETE_FINISHED } from '../replays/replay.queries.js';
import { ReplaysService, type ReplayOptions, type ReplayState } from '../replays/replays.service.js';

/** Which of the finished deliveries: dead letters alone, or all. */
export type Shelf = 'dead-letter' | 'archive';

export interface RemoveOptions {
  dryRun?: boolean;
  confirm?: boolean;
}

export interface Removal {
  /** How many there were. */
  matched: number;
  deleted: number;
  /** Whether there are still some, because these were as many as one call deletes. */
  hasMore: boolean;
}

export interface StatisticsRow {
  grouped: number;
  destinationId: string | null;
  type: string | null;
  status: DeliveryStatus | null;
  age: string | null;
  count: number;
  oldest: Date | null;
  newest: Date | null;
}

const BATCH = 2000;
const MOST_AT_ONCE = 100_000;
const HOUR_MS = 3_600_000;
const FINISHED = { isFinished: true };

/** Deliveries that are finished: the archive, and, in it, the dead letters, which used up their attempts. */
@Injectable()
export class FinishedService {
  constructor(
    private readonly database: DataSource,
    private readonly deliveries: DeliveriesService,
    private readonly replays: ReplaysService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  list(asker: Asker, shelf: Shelf, query: DeliveryPageQuery): Promise<Page<LoggedDelivery>> {
    return this.deliveries.list(asker, { ...query, ...on(shelf) }, FINISHED);
  }

  private get(asker: Asker, shelf: Shelf, id: string): Promise<LoggedDelivery> {
    const noun = shelf === 'archive' ? 'delivery' : shelf;
    return this.deliveries.get(asker, id, noun, { ...on(shelf), ...FINISHED });
  }

  async getWithEvent(asker: Asker, shelf: Shelf, id: string) {
    const delivery = await this.get(asker, shelf, id);
    return { delivery, event: await this.deliveries.eventOf(delivery) };
  }

  /** Without a time, the archive is looked at for the last day. */
  async statistics(asker: Asker, shelf: Shelf, filter: DeliveryFilter): Promise<StatisticsRow[]> {
    await this.deliveries.check(asker, filter);
    const isOpen = shelf === 'archive' && !filter.from && !filter.to;
    const from = isOpen ? new Date(this.clock.now().getTime() - 24 * HOUR_MS) : filter.from;
    const selection = new DeliverySelection(ownerOf(asker), { ...filter, from, ...on(shelf) }, FINISHED);
    return this.database.query<StatisticsRow[]>(deliveryStatistics(selection.rows()), selection.values);
  }

  async replayOne(asker: Asker, shelf: Shelf, id: string, options: ReplayOptions): Promise<ReplayState> {
    const delivery = await this.get(asker, shelf, id);
    if (options.destinationId === undefined) assertEnabled(delivery);
    if (!(await this.deliveries.eventOf(delivery)))
      throw conflict('event.deleted', 'The event is deleted already and cannot be sent again.');
    const replay = await this.replays.ofDeliveries(asker, { ids: [id] }, options);
    if (replay.total === 0) throw conflict('replay.under-way', 'A replay of this delivery waits to be delivered.');
    return replay;
  }

  async replayMany(asker: Asker, shelf: Shelf, filter: DeliveryFilter, options: ReplayOptions): Promise<ReplayState> {
    await this.deliveries.check(asker, filter);
    assertFiltered(filter);
    return this.replays.ofDeliveries(asker, { ...filter, ...on(shelf) }, options);
  }

  async remove(asker: Asker, shelf: Shelf, id: string): Promise<void> {
    const { tenantId } = await this.get(asker, shelf, id);
    await this.database.transaction(async (tx) => {
      await tx.query(DELETE_FINISHED, [[id]]);
      await this.audit.record(tx, { actor: asker, tenantId, action: `${shelf}.delete`, target: id });
    });
  }

  /** What is older, or else what retention would delete by now. */
  async prune(asker: Asker, shelf: Shelf, olderThanHours?: number): Promise<Removal> {
    const { deliveryDays, deadLetterDays } = await this.retentionOf(ownerOf(asker));
    const before = (hours: number) => new Date(this.clock.now().getTime() - (olderThanHours ?? hours) * HOUR_MS);
    const confirm = { confirm: true };
    const dead = await this.removeMany(asker, 'dead-letter', { to: before(deadLetterDays * 24) }, confirm);
    if (shelf === 'dead-letter') return dead;
    const filter: DeliveryFilter = { status: 'delivered', to: before(deliveryDays * 24) };
    const delivered = await this.removeMany(asker, 'archive', filter, confirm);
    return {
      matched: dead.matched + delivered.matched,
      deleted: dead.deleted + delivered.deleted,
      hasMore: dead.hasMore || delivered.hasMore,
    };
  }

  /** In batches, so that nobody waits for a lock; what is deleted before a crash stays deleted. */
  async removeMany(asker: Asker, shelf: Shelf, filter: DeliveryFilter, options: RemoveOptions): Promise<Removal> {
    await this.deliveries.check(asker, filter);
    assertFiltered(filter);
    const selection = new DeliverySelection(ownerOf(asker), { ...filter, ...on(shelf) }, FINISHED);
    const sql = selection.count(MOST_AT_ONCE + 1);
    const [found] = await this.database.query<{ total: number }[]>(sql, selection.values);
    const total = found?.total ?? 0;
    const matched = Math.min(total, MOST_AT_ONCE);
    const hasMore = total > MOST_AT_ONCE;
    if (options.dryRun) return { matched, deleted: 0, hasMore };
    if (!options.confirm)
      throw invalid('delivery.unconfirmed', '/confirm', `This deletes ${matched} deliveries; say that you mean it.`);
    const deleted = await this.removeAll(asker, shelf, filter);
    const tenantId = asker === 'admin' ? (filter.tenantId ?? null) : asker.tenantId;
    const fact = { actor: asker, tenantId, action: `${shelf}.delete-many`, target: null };
    await this.database.transaction((tx) => this.audit.record(tx, fact));
    return { matched, deleted, hasMore };
  }

  private async retentionOf(tenantId: string | null): Promise<{ deliveryDays: number; deadLetterDays: number }> {
    const days = this.config.eventRetentionDays;
    const [own] = await this.database.query<{ deliveryDays: number; deadLetterDays: number }[]>(RETENTION, [
      tenantId,
      days,
    ]);
    return own ?? { deliveryDays: days, deadLetterDays: days };
  }

  private async removeAll(asker: Asker, shelf: Shelf, filter: DeliveryFilter): Promise<number> {
    let deleted = 0;
    for (let after: string | null = '0'; after !== null && deleted < MOST_AT_ONCE;) {
      const selection = new DeliverySelection(ownerOf(asker), { ...filter, ...on(shelf) }, FINISHED);
      const sql = selection.page(after, BATCH, 'ASC');
      const [found] = await this.database.query<{ ids: string[]; edge: string | null }[]>(sql, selection.values);
      const { ids = [], edge = null } = found ?? {};
      const [, count] = await this.database.query<[unknown, number]>(DELETE_FINISHED, [ids]);
      deleted += count;
      after = ids.length === BATCH ? (ids.at(-1) ?? null) : edge;
    }
    return deleted;
  }
}

const on = (shelf: Shelf): DeliveryFilter => (shelf === 'dead-letter' ? { status: 'dead' } : {});

/** So that a forgotten filter does not take everything. */
function assertFiltered(filter: DeliveryFilter): void {
  if (Object.values(filter).every((value) => value === undefined))
    throw invalid('delivery.no-filter', '', 'Say which: name at least one filter, or the ids.');
}
