import { DELIVERIES_CHANNEL } from '@app/platform/events/channels.js';

/**
 * Makes deliveries of events that are in the log already; see ADD_EVENTS for the lanes. What has lost its event or its
 * destination meanwhile, or whose destination is disabled, is left out. $1 events, $2 destinations, $3 what each repeats.
 */
export const QUEUE_AGAIN = `
WITH matches AS MATERIALIZED (
  SELECT i.n, i.replay_of, e.id AS event_id, e.type, e.tenant_id, coalesce(e.session_id, '') AS session_id,
    t.id AS destination_id
  FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS i(event_id, destination_id, replay_of, n)
    JOIN events e ON e.id = i.event_id
    JOIN destinations t ON t.id = i.destination_id AND t.is_enabled
      AND (t.tenant_id IS NULL OR t.tenant_id = e.tenant_id)
),
wanted AS (
  SELECT destination_id, session_id, min(tenant_id) AS tenant_id FROM matches GROUP BY destination_id, session_id
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
)
SELECT (SELECT count(*) FROM queued)::int AS queued,
  ARRAY(SELECT replay_of FROM queued WHERE replay_of IS NOT NULL) AS repeated,
  pg_notify('${DELIVERIES_CHANNEL}', CASE WHEN length(ids) < 8000 THEN ids ELSE '' END)
FROM lanes`;

/** $1 deliveries. */
export const NOTE_REPLAYS = `
UPDATE deliveries SET replays = replays + 1, last_replay_at = now() WHERE id = ANY ($1::bigint[])`;

/** $1 deliveries. */
export const DELETE_FINISHED = `DELETE FROM deliveries WHERE id = ANY ($1::bigint[]) AND status <> 'pending'`;
