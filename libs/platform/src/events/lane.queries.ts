import { DELIVERIES_CHANNEL } from './channels.js';

/**
 * Common table expressions that turn `matches` (n, event_id, type, tenant_id, session_id, destination_id, replay_of)
 * into deliveries, `queued`, each on the lane of its destination and session. A lane made by a transaction that committed
 * while this one waited for a lock is not in this statement's snapshot; only DO UPDATE gives its id, DO NOTHING would
 * lose the delivery.
 */
export const QUEUE_MATCHES = `
wanted AS (
  SELECT DISTINCT ON (session_id, destination_id) tenant_id, destination_id, session_id FROM matches
),
known AS (
  SELECT l.id, destination_id, session_id FROM wanted JOIN delivery_lanes l USING (destination_id, session_id)
),
made AS (
  INSERT INTO delivery_lanes AS l (tenant_id, destination_id, session_id)
  SELECT tenant_id, destination_id, session_id FROM wanted w
  WHERE NOT EXISTS (SELECT FROM known k WHERE (k.destination_id, k.session_id) = (w.destination_id, w.session_id))
  ORDER BY session_id, destination_id
  ON CONFLICT (destination_id, session_id) DO UPDATE SET tenant_id = EXCLUDED.tenant_id
  RETURNING l.id, l.destination_id, l.session_id
),
queued AS (
  INSERT INTO deliveries (tenant_id, lane_id, destination_id, event_id, type, replay_of)
  SELECT m.tenant_id, l.id, m.destination_id, m.event_id, m.type, m.replay_of
  FROM matches m JOIN (TABLE known UNION ALL TABLE made) l USING (destination_id, session_id)
  ORDER BY m.n, m.destination_id
  RETURNING lane_id, replay_of
),
lanes AS (
  SELECT string_agg(DISTINCT lane_id::text, ',') AS ids FROM queued
)`;

/** Tells the workers which `lanes` have more to do, or that many have. */
export const NOTIFY_LANES = `pg_notify('${DELIVERIES_CHANNEL}', CASE WHEN length(ids) < 8000 THEN ids ELSE '' END)`;
