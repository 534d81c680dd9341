import { NOTIFY_LANES, QUEUE_MATCHES } from './lane.queries.js';
import { QUIET } from './quiet.js';

/**
 * Everything one batch of events needs, in one round trip. What its order rests on:
 * - Sequence rows are locked in session-id order, so transactions with several sessions cannot deadlock.
 * - Sorting makes each insert wait for all sequence locks before it draws its first number, so that positions and
 *   delivery ids of one session rise in the order in which transactions commit.
 */
export const ADD_EVENTS = `
WITH input AS (
  SELECT * FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (
    "id" text, "tenantId" text, "sessionId" text, "type" text, "data" jsonb, "traits" text[], "destinationId" text
  )) WITH ORDINALITY AS input(id, tenant_id, session_id, type, data, traits, destination_id, n)
),
counts AS (
  SELECT session_id, count(*) AS amount FROM input WHERE session_id IS NOT NULL GROUP BY session_id
),
sequences AS (
  INSERT INTO event_sequences AS s (session_id, last, transaction_id)
  SELECT session_id, amount, pg_current_xact_id()::text::bigint FROM counts ORDER BY session_id
  ON CONFLICT (session_id) DO UPDATE
    SET last = s.last + EXCLUDED.last, transaction_id = greatest(s.transaction_id, EXCLUDED.transaction_id)
  RETURNING s.session_id, s.last, s.transaction_id
),
numbered AS MATERIALIZED (
  SELECT i.*, coalesce(s.transaction_id, pg_current_xact_id()::text::bigint) AS transaction_id,
    s.last - c.amount + row_number() OVER (PARTITION BY i.session_id ORDER BY i.n) AS sequence
  FROM input i LEFT JOIN counts c USING (session_id) LEFT JOIN sequences s USING (session_id)
),
logged AS (
  INSERT INTO events (id, tenant_id, session_id, sequence, type, data, traits, timestamp, transaction_id)
  SELECT id, tenant_id, session_id, sequence, type, data, traits, clock_timestamp(), transaction_id
  FROM numbered ORDER BY n
),
matches AS (
  SELECT e.n, e.id AS event_id, e.type, e.tenant_id, coalesce(e.session_id, '') AS session_id, d.id AS destination_id,
    NULL::bigint AS replay_of
  FROM numbered e JOIN destinations d ON (d.tenant_id = e.tenant_id OR d.tenant_id IS NULL) AND d.is_enabled
    LEFT JOIN sessions s ON s.id = e.session_id
  WHERE NOT '${QUIET}' = ANY (e.traits) AND CASE WHEN e.destination_id IS NOT NULL THEN d.id = e.destination_id ELSE
    (d.types = '{}' OR d.types && ARRAY[e.type, split_part(e.type, '.', 1) || '.*', '*'])
    AND (d.session_ids = '{}' OR e.session_id = ANY (d.session_ids))
    AND d.only <@ e.traits AND NOT d.skips && e.traits
    AND NOT coalesce(s.settings->'skips' ?| e.traits, false)
    AND (d.tenant_id IS NOT NULL OR NOT coalesce(s.settings->'globalSkips' ? d.kind, false))
  END
),${QUEUE_MATCHES}
SELECT ${NOTIFY_LANES}
FROM lanes WHERE ids IS NOT NULL`;
