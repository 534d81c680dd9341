import { LIVING_PROCESSES, processLockOf } from '@app/platform/cluster/process-presence.js';

const LEASE = `interval '30 seconds'`;

const CLAIM = `
UPDATE delivery_lanes l SET claimed_by = $1, claimed_until = now() + ${LEASE} FROM picked WHERE l.id = picked.id
RETURNING l.id, l.destination_id AS "destinationId"`;

/** Neither disabled nor paused. */
const IS_OPEN = 'd.is_enabled AND (d.paused_until IS NULL OR d.paused_until <= now())';
const IS_FREE = 'l.claimed_by IS NULL OR l.claimed_by = $1 OR l.claimed_until < now()';

/** Of the candidates those that fit. $3 destinations that are being worked, $4 with how many lanes, $5 most of each. */
const FITTING = `
fitting AS (
  SELECT c.id FROM (
    SELECT id, due_at, destination_id, row_number() OVER (PARTITION BY destination_id ORDER BY due_at, id) AS place
    FROM candidates
  ) c LEFT JOIN unnest($3::text[], $4::int[]) AS busy(destination_id, lanes) USING (destination_id)
  WHERE c.place + coalesce(busy.lanes, 0) <= $5 ORDER BY c.due_at LIMIT $6
)`;

/** Claims lanes that a notification named. $1 process, $2 lanes, $3 to $5 as above, $6 most in all. */
export const CLAIM_NAMED = {
  name: 'deliveries.claim-named',
  text: `
WITH candidates AS (
  SELECT l.id, l.due_at, l.destination_id FROM delivery_lanes l
  JOIN destinations d ON d.id = l.destination_id AND ${IS_OPEN}
  WHERE l.id = ANY ($2::bigint[]) AND l.due_at <= now() AND (${IS_FREE})
),
${FITTING},
picked AS (
  SELECT l.id FROM delivery_lanes l
  WHERE l.id IN (TABLE fitting) AND l.due_at <= now() AND (${IS_FREE}) FOR UPDATE SKIP LOCKED
)
${CLAIM}`,
};

/**
 * Claims whatever is due, the longest waiting first. A claim of a process that is gone does not count.
 * $1 process, $2 lanes that it holds already, $3 to $6 as above.
 * Jumps from lane to lane through the index of pending deliveries, however long the lanes are.
 */
export const CLAIM_DUE = {
  name: 'deliveries.claim-due',
  text: `
WITH RECURSIVE pending AS (
  (SELECT lane_id FROM deliveries WHERE status = 'pending' ORDER BY lane_id LIMIT 1)
  UNION ALL
  SELECT (SELECT lane_id FROM deliveries WHERE status = 'pending' AND lane_id > p.lane_id ORDER BY lane_id LIMIT 1)
  FROM pending p WHERE p.lane_id IS NOT NULL
),
alive AS MATERIALIZED (${LIVING_PROCESSES}),
candidates AS (
  SELECT l.id, l.due_at, l.destination_id FROM pending p JOIN delivery_lanes l ON l.id = p.lane_id
    JOIN destinations d ON d.id = l.destination_id AND ${IS_OPEN}
  WHERE l.id <> ALL ($2::bigint[]) AND l.due_at <= now()
    AND (${IS_FREE} OR NOT EXISTS (SELECT FROM alive WHERE lock = ${processLockOf('l.claimed_by')}))
),
${FITTING},
picked AS (
  SELECT l.id FROM delivery_lanes l
  WHERE l.id IN (TABLE fitting) AND l.due_at <= now()
    AND (${IS_FREE} OR NOT EXISTS (SELECT FROM alive WHERE lock = ${processLockOf('l.claimed_by')})) FOR UPDATE SKIP LOCKED
)
${CLAIM}`,
};

/** $1 process, $2 lanes; answers those that it still holds. */
export const RENEW = {
  name: 'deliveries.renew',
  text: `
UPDATE delivery_lanes SET claimed_until = now() + ${LEASE} WHERE claimed_by = $1 AND id = ANY ($2::bigint[])
RETURNING id`,
};

/** $1 process, $2 lanes, $3 how many milliseconds each has to wait (null: none). */
export const RELEASE = {
  name: 'deliveries.release',
  text: `
UPDATE delivery_lanes l SET claimed_by = NULL, claimed_until = NULL,
  due_at = coalesce(now() + r.delay_ms * interval '1 millisecond', l.due_at)
FROM unnest($2::bigint[], $3::float8[]) AS r(id, delay_ms)
WHERE l.id = r.id AND l.claimed_by = $1`,
};

/** The next deliveries of several lanes with their events. $1 lanes, $2 most a lane. */
export const READ_PAGES = {
  name: 'deliveries.read-pages',
  text: `
SELECT lane.id AS "laneId", d.id AS "deliveryId", d.attempts, e.id, e.tenant_id AS "tenantId", e.session_id AS "sessionId",
  e.sequence, e.type, e.timestamp, e.data::text AS data
FROM unnest($1::bigint[]) AS lane(id)
CROSS JOIN LATERAL (
  SELECT id, event_id, attempts FROM deliveries WHERE lane_id = lane.id AND status = 'pending' ORDER BY id LIMIT $2
) d
JOIN events e ON e.id = d.event_id
ORDER BY d.id`,
};

/** $1 deliveries, $2 their status, $3 status codes of the answers, $4 errors, $5 milliseconds, $6 beginnings of the answers. */
export const RECORD = {
  name: 'deliveries.record',
  text: `
UPDATE deliveries d SET attempts = d.attempts + 1, status = o.status, response_status = o.response_status,
  last_error = o.error, latency_ms = o.latency_ms, response_excerpt = o.excerpt,
  finished_at = CASE WHEN o.status <> 'pending' THEN now() END,
  failures = CASE WHEN o.status = 'delivered' THEN d.failures ELSE d.failures || jsonb_build_object(
    'at', now(), 'latencyMs', o.latency_ms, 'responseStatus', o.response_status, 'error', o.error) END
FROM unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::int[], $6::text[])
  AS o(id, status, response_status, error, latency_ms, excerpt)
WHERE d.id = o.id AND d.status = 'pending'`,
};
