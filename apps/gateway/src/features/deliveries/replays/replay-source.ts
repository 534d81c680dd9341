import { QUIET } from '@app/platform/events/quiet.js';
import { DeliverySelection, type DeliveryFilter } from '../log/delivery-selection.js';

/** Events of the log, in its order. */
export interface EventRange {
  eventIds?: string[];
  from?: Date | string;
  to?: Date | string;
  types?: string[];
  sessionIds?: string[];
}

/** What is replayed: it is stored with the replay, so that any process can go on with it. */
export type ReplaySource =
  | { of: 'events'; tenantId: string; range: EventRange }
  | { of: 'deliveries'; tenantId: string | null; filter: DeliveryFilter };

/** A statement with its values. */
export interface Query {
  sql: string;
  values: unknown[];
}

/** A delivery to be made. */
export interface Pair {
  eventId: string;
  destinationId: string;
  replayOf: string | null;
}

const FINISHED = { isFinished: true, isReplayable: true };

export const countDeliveries = (source: ReplaySource & { of: 'deliveries' }, most: number): Query => {
  const selection = new DeliverySelection(source.tenantId, source.filter, FINISHED);
  return { sql: selection.count(most), values: selection.values };
};

/** Answers `ids`, and `edge`, from where to go on when there are fewer than `limit`. */
export function nextDeliveries(
  source: ReplaySource & { of: 'deliveries' },
  after: string | null,
  limit: number,
): Query {
  const selection = new DeliverySelection(source.tenantId, source.filter, FINISHED);
  return { sql: selection.page(after, limit, 'ASC'), values: selection.values };
}

export const countEvents = (source: ReplaySource & { of: 'events' }, after: string[] | null, most: number): Query => {
  const { where, values } = eventConditions(source, after);
  return { sql: `SELECT count(*)::int AS total FROM (SELECT FROM events e WHERE ${where} LIMIT ${most}) e`, values };
};

/** Events times the destinations that each was sent to before. */
export const countEventDeliveries = (source: ReplaySource & { of: 'events' }, after: string[] | null): Query => {
  const { where, values } = eventConditions(source, after);
  return {
    sql: `SELECT count(*)::int AS total FROM (SELECT DISTINCT e.id, d.destination_id FROM events e
      JOIN deliveries d ON d.event_id = e.id JOIN destinations t ON t.id = d.destination_id
      WHERE ${where} AND t.tenant_id = $1 AND t.is_enabled) e`,
    values,
  };
};

export const nextEvents = (source: ReplaySource & { of: 'events' }, after: string[] | null, limit: number): Query => {
  const { where, values } = eventConditions(source, after);
  return {
    sql: `SELECT e.id, e.transaction_id AS "transactionId", e.position FROM events e WHERE ${where}
      ORDER BY e.transaction_id, e.position LIMIT ${limit}`,
    values,
  };
};

function eventConditions({ tenantId, range }: ReplaySource & { of: 'events' }, after: string[] | null) {
  const values: unknown[] = [tenantId];
  const conditions = ['e.tenant_id = $1'];
  const add = (value: unknown, condition: (place: string) => string) => {
    if (value === undefined || value === null) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  add(after, (place) => `(e.transaction_id, e.position) > ((${place}::bigint[])[1], (${place}::bigint[])[2])`);
  add(range.eventIds, (place) => `e.id = ANY (${place})`);
  // Who names an event wants it, also when it was to go nowhere.
  if (!range.eventIds) conditions.push(`NOT '${QUIET}' = ANY (e.traits)`);
  add(range.from, (place) => `e.timestamp >= ${place}::timestamptz`);
  add(range.to, (place) => `e.timestamp <= ${place}::timestamptz`);
  add(range.sessionIds, (place) => `e.session_id = ANY (${place})`);
  add(range.types, (place) => `${place}::text[] && ARRAY[e.type, split_part(e.type, '.', 1) || '.*', '*']`);
  return { where: conditions.join(' AND '), values };
}

/** Where each event was sent before, the operator's own destinations aside. $1 tenant, $2 events in order. */
export const SENT_BEFORE = `
SELECT i.event_id AS "eventId", d.destination_id AS "destinationId", NULL AS "replayOf"
FROM unnest($2::text[]) WITH ORDINALITY AS i(event_id, n)
CROSS JOIN LATERAL (SELECT DISTINCT destination_id FROM deliveries WHERE event_id = i.event_id) d
JOIN destinations t ON t.id = d.destination_id AND t.tenant_id = $1
ORDER BY i.n, d.destination_id`;

/** $1 ids of deliveries. */
export const PAIRS_OF_DELIVERIES = `
SELECT event_id AS "eventId", destination_id AS "destinationId", id AS "replayOf"
FROM deliveries WHERE id = ANY ($1::bigint[]) ORDER BY id`;
