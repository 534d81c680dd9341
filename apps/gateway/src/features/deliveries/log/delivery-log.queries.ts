/** $1 ids. The newest first, with all that is told of them but the event's data. */
export const DELIVERIES_BY_ID = `
SELECT d.id, d.tenant_id AS "tenantId", d.destination_id AS "destinationId", t.kind, t.is_enabled AS "isEnabled",
  d.event_id AS "eventId", d.type, nullif(l.session_id, '') AS "sessionId", d.status, d.attempts, d.latency_ms AS "latencyMs",
  d.response_status AS "responseStatus", d.response_excerpt AS "responseExcerpt", d.last_error AS "lastError", d.failures,
  d.replay_of AS "replayOf", d.replays, d.last_replay_at AS "lastReplayAt", d.created_at AS "createdAt",
  l.due_at AS "dueAt", d.finished_at AS "finishedAt"
FROM deliveries d
JOIN destinations t ON t.id = d.destination_id
LEFT JOIN delivery_lanes l ON l.id = d.lane_id
WHERE d.id = ANY ($1::bigint[])
ORDER BY d.id DESC`;

/** $1 id. */
export const EVENT_BY_ID = `
SELECT id, type, tenant_id AS "tenantId", session_id AS "sessionId", sequence, timestamp, data FROM events WHERE id = $1`;

/** How old the deliveries of each group are at most; the last has no end. */
export const AGES = ['1 hour', '1 day', '7 days'] as const;

/** Counts of deliveries by what they have in common; `rows` is a table `d`. */
export const deliveryStatistics = (rows: string) => `
SELECT grouping(d.destination_id, d.type, d.status, age.name)::int AS grouped, d.destination_id AS "destinationId",
  d.type, d.status, age.name AS age, count(*)::int AS count, min(d.created_at) AS oldest, max(d.created_at) AS newest
FROM (${rows}) d CROSS JOIN LATERAL (
  SELECT CASE ${AGES.map((age) => `WHEN d.created_at > now() - interval '${age}' THEN '${age}'`).join(' ')} ELSE 'older' END
) age(name)
GROUP BY GROUPING SETS ((), (d.destination_id), (d.type), (d.status), (age.name))
ORDER BY count DESC, "destinationId", type, age`;

/** $1 tenant, $2 days that the installation keeps everything; nothing outlives its event. */
export const RETENTION = `
SELECT least(delivery_days, event_days, $2::int) AS "deliveryDays", least(dead_letter_days, event_days, $2::int) AS "deadLetterDays"
FROM tenants WHERE id = $1`;

/** What waits, by destination, through the index that has nothing else. */
export const PENDING_BY_DESTINATION = `
SELECT t.id AS "destinationId", t.tenant_id AS "tenantId", t.kind, sum(w.pending)::int AS pending,
  max(w.seconds)::float8 AS "oldestSeconds"
FROM (
  SELECT d.lane_id, count(*) AS pending, min(d.id) AS first FROM deliveries d WHERE d.status = 'pending' GROUP BY d.lane_id
) lanes
JOIN delivery_lanes l ON l.id = lanes.lane_id
JOIN destinations t ON t.id = l.destination_id
CROSS JOIN LATERAL (
  SELECT lanes.pending, extract(epoch FROM clock_timestamp() - d.created_at) AS seconds FROM deliveries d WHERE d.id = lanes.first
) w
GROUP BY t.id, t.tenant_id, t.kind`;

export const LOG_LAG = `
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(xact_start)), 0)::float8 AS seconds
FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL`;

/** $1 time, $2 most. */
export const EVENTS_SINCE = `
SELECT id, type, tenant_id AS "tenantId", session_id AS "sessionId", sequence, timestamp
FROM events WHERE timestamp > $1 ORDER BY timestamp LIMIT $2`;
