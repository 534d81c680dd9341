/** What the session $1 still has to send; read by the partial indexes of pending and unacknowledged messages. */
export const MEASURE_QUEUE = {
  name: 'session-health.queue',
  text: `
WITH pending AS (
  SELECT created_at, wait_reason, not_before FROM messages WHERE session_id = $1 AND status = 'pending'),
held AS (
  SELECT wait_reason AS reason, count(*)::int AS count, max(not_before) AS until FROM pending
  WHERE wait_reason IS NOT NULL GROUP BY wait_reason)
SELECT (SELECT count(*)::int FROM pending) AS pending, (SELECT min(created_at) FROM pending) AS "oldestPendingAt",
  coalesce((SELECT jsonb_agg(held ORDER BY reason) FROM held), '[]') AS waiting,
  (SELECT count(*)::int FROM messages WHERE session_id = $1 AND status = 'sent') AS unacknowledged`,
};

/** When WhatsApp confirmed the newest message that it confirmed. */
export const FIND_LAST_ACK = {
  name: 'session-health.last-ack',
  text: `
SELECT (SELECT step->>'at' FROM jsonb_array_elements(m.timeline) AS step WHERE step->>'status' = 'server_ack' LIMIT 1) AS at
FROM messages m WHERE m.session_id = $1 AND m.from_me AND m.status IN ('server_ack', 'delivered', 'read', 'played')
ORDER BY m.id DESC LIMIT 1`,
};
