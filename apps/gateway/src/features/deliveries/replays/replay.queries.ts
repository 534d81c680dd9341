import { NOTIFY_LANES, QUEUE_MATCHES } from '@app/platform/events/lane.queries.js';

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
),${QUEUE_MATCHES}
SELECT (SELECT count(*) FROM queued)::int AS queued,
  ARRAY(SELECT replay_of FROM queued WHERE replay_of IS NOT NULL) AS repeated,
  ${NOTIFY_LANES}
FROM lanes`;

/** $1 deliveries. */
export const NOTE_REPLAYS = `
UPDATE deliveries SET replays = replays + 1, last_replay_at = now() WHERE id = ANY ($1::bigint[])`;

/** $1 deliveries. */
export const DELETE_FINISHED = `DELETE FROM deliveries WHERE id = ANY ($1::bigint[]) AND status <> 'pending'`;
