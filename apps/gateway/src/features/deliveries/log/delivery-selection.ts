import type { DeliveryStatus } from '@app/database/entities/delivery.entity.js';
import type { DestinationKind } from '@app/database/entities/destination.entity.js';

/** Which deliveries; what is absent does not matter. */
export interface DeliveryFilter {
  /** Of the events; for operators. */
  tenantId?: string;
  destinationId?: string;
  kind?: DestinationKind;
  status?: DeliveryStatus;
  /** An event type, or a group such as `message.*`. */
  type?: string;
  sessionId?: string;
  eventId?: string;
  from?: Date | string;
  to?: Date | string;
  ids?: string[];
  /** The last id. */
  upTo?: string;
}

export interface WalkOptions {
  /** Only finished ones, dead or delivered. */
  isFinished?: boolean;
  /** Only those that can be queued again: their destination is enabled, and no replay of them is under way. */
  isReplayable?: boolean;
}

/** Most rows that are looked at for one page, when the filter asks for what no index knows. */
const WINDOW = 20_000;
const END = '9223372036854775807';

/**
 * SQL that finds deliveries without looking at all of them: through the index of each destination that the asker may
 * see, of each lane for what waits, or by id. Ids rise with time, so times are turned into ids first.
 */
export class DeliverySelection {
  readonly values: unknown[] = [];
  private readonly targets: string[] = [];
  /** What an index answers, or what few rows are left out by. */
  private readonly narrow: string[] = [];
  private readonly residual: string[] = [];
  private readonly isDirect: boolean;

  /** `owner` is the tenant that asks; null: the operator, who sees everything. */
  constructor(owner: string | null, filter: DeliveryFilter, options: WalkOptions = {}) {
    const { tenantId, destinationId, kind, status } = filter;
    if (owner !== null) this.targets.push(`t.tenant_id = ${this.value(owner)}`);
    else if (tenantId !== undefined) {
      const tenant = this.value(tenantId);
      this.targets.push(`(t.tenant_id = ${tenant} OR t.tenant_id IS NULL)`);
      this.residual.push(`d.tenant_id = ${tenant}`);
    }
    if (destinationId !== undefined) this.targets.push(`t.id = ${this.value(destinationId)}`);
    if (kind !== undefined) this.targets.push(`t.kind = ${this.value(kind)}`);
    if (options.isReplayable) this.excludeUnreplayable();
    this.isDirect = this.targets.length === 0 && (status === undefined || status === 'delivered');
    this.addStatus(status, options);
    this.addRest(filter);
  }

  /** The next ids after one (before it when the newest come first), and where to go on when the window was too small. */
  page(after: string | null, limit: number, direction: 'ASC' | 'DESC'): string {
    const window = this.residual.length ? Math.max(WINDOW, limit) : limit;
    const beyond = after === null ? 'true' : `d.id ${direction === 'ASC' ? '>' : '<'} ${this.value(after)}::bigint`;
    return `
WITH walked AS MATERIALIZED (${this.walk(beyond, `ORDER BY d.id ${direction} LIMIT ${window}`)})
SELECT ARRAY(SELECT d.id FROM walked d WHERE ${this.all(this.residual)} ORDER BY d.id ${direction} LIMIT ${limit}) AS ids,
  (SELECT ${direction === 'ASC' ? 'max' : 'min'}(id) FROM walked HAVING count(*) >= ${window}) AS edge`;
  }

  /** How many there are, `most` at most. */
  count(most: number): string {
    return `
SELECT count(*)::int AS total
FROM (${this.walk(this.all(this.residual), '')} LIMIT ${most}) found`;
  }

  /** All of them as a table `d`, for what is told of them together. */
  rows(): string {
    return this.walk(this.all(this.residual), '');
  }

  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  private walk(condition: string, order: string): string {
    const columns = 'd.id, d.type, d.status, d.tenant_id, d.lane_id, d.destination_id, d.created_at';
    const where = this.all([...this.narrow, condition]);
    if (this.isDirect) return `SELECT ${columns} FROM deliveries d WHERE ${where} ${order}`;
    const { source, link } = this.source();
    return `
  SELECT ${columns} FROM ${source} CROSS JOIN LATERAL (
    SELECT d.* FROM deliveries d WHERE d.${link} AND ${where} ${order}
  ) d WHERE ${this.all(this.targets)} ${order}`;
  }

  /** What waits is found by lane: its index holds nothing else. */
  private source(): { source: string; link: string } {
    if (this.narrow.includes(`d.status = 'pending'`))
      return { source: 'destinations t JOIN delivery_lanes l ON l.destination_id = t.id', link: 'lane_id = l.id' };
    return { source: 'destinations t', link: 'destination_id = t.id' };
  }

  private addStatus(status: DeliveryStatus | undefined, { isFinished }: WalkOptions): void {
    // Spelt out: a partial index is used only for what the planner knows beforehand.
    if (status === 'pending' || status === 'dead') this.narrow.push(`d.status = '${status}'`);
    if (status === 'delivered') this.residual.push(`d.status = 'delivered'`);
    if (status === undefined && isFinished) this.residual.push(`d.status <> 'pending'`);
  }

  private addRest({ type, sessionId, eventId, from, to, ids, upTo }: DeliveryFilter): void {
    if (type !== undefined) {
      const given = this.value(type);
      this.residual.push(`${given}::text IN (d.type, split_part(d.type, '.', 1) || '.*', '*')`);
    }
    if (sessionId !== undefined)
      this.residual.push(`d.lane_id IN (SELECT id FROM delivery_lanes WHERE session_id = ${this.value(sessionId)})`);
    if (eventId !== undefined) this.narrow.push(`d.event_id = ${this.value(eventId)}`);
    if (ids) this.narrow.push(`d.id = ANY (${this.value(ids)}::bigint[])`);
    if (upTo !== undefined) this.narrow.push(`d.id <= ${this.value(upTo)}::bigint`);
    // A second more: ids are drawn a moment before the clock is read.
    if (from) {
      const time = `${this.value(from)}::timestamptz`;
      this.narrow.push(`d.created_at >= ${time}`, `d.id >= ${firstId(`>= ${time} - interval '1 second'`)}`);
    }
    if (to) {
      const time = `${this.value(to)}::timestamptz`;
      this.narrow.push(`d.created_at <= ${time}`, `d.id <= ${firstId(`> ${time} + interval '1 second'`)}`);
    }
  }

  private excludeUnreplayable(): void {
    this.targets.push('t.is_enabled');
    this.narrow.push(`NOT EXISTS (SELECT FROM deliveries r WHERE r.replay_of = d.id AND r.status = 'pending')`);
  }

  private all(conditions: string[]): string {
    return conditions.length ? conditions.join(' AND ') : 'true';
  }
}

const firstId = (bound: string) =>
  `coalesce((SELECT id FROM deliveries WHERE created_at ${bound} ORDER BY created_at LIMIT 1), ${END})`;
