const COLUMNS = `e.id, e.tenant_id AS "tenantId", e.session_id AS "sessionId", e.sequence, e.type, e.timestamp, e.traits,
  e.data::text AS data, e.transaction_id::float8 AS transaction, e.position::float8 AS position`;

/**
 * No transaction of this database below it is still running. To be asked before rows are read, in a statement of its
 * own, and not by pg_snapshot_xmin: that is held back by every long transaction of the server, other databases included.
 */
export const HORIZON = {
  name: 'events.horizon',
  text: `
SELECT (pg_snapshot_xmax(pg_current_snapshot())::text::bigint - coalesce(max(age(backend_xid)), 0))::float8 AS horizon
FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL`,
};

/** $1 tenant, $2 and $3 after this place, $4 horizon, $5 types, $6 sessions, $7 only, $8 skips, $9 most. */
export const READ_LOG = {
  name: 'events.read',
  text: `
SELECT ${COLUMNS} FROM events e
WHERE e.tenant_id = $1 AND (e.transaction_id, e.position) > ($2::bigint, $3::bigint) AND e.transaction_id < $4::bigint
  AND ($5::text[] = '{}' OR $5 && ARRAY[e.type, split_part(e.type, '.', 1) || '.*', '*'])
  AND ($6::text[] = '{}' OR e.session_id = ANY ($6)) AND $7::text[] <@ e.traits AND NOT $8::text[] && e.traits
ORDER BY e.transaction_id, e.position LIMIT $9`,
};

/** What came in the logs of several tenants. $1 tenants, $2 and $3 after which place of each, $4 horizon, $5 most of each. */
export const READ_NEWS = {
  name: 'events.read-news',
  text: `
SELECT e.* FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS t(id, transaction, position)
CROSS JOIN LATERAL (
  SELECT ${COLUMNS} FROM events e
  WHERE e.tenant_id = t.id AND (e.transaction_id, e.position) > (t.transaction, t.position) AND e.transaction_id < $4::bigint
  ORDER BY e.transaction_id, e.position LIMIT $5
) e`,
};

/** $1 tenant, $2 id of an event. */
export const FIND_EVENT = {
  name: 'events.find',
  text: `SELECT ${COLUMNS} FROM events e WHERE e.tenant_id = $1 AND e.id = $2`,
};
