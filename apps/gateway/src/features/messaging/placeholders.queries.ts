/** Adds an unreadable message, unless it is there in full or on the list. The library itself asks the phone first. */
export const ADD_PLACEHOLDER = {
  name: 'placeholders.add',
  text: `
INSERT INTO message_placeholders (session_id, message_id, tenant_id, chat_id, sender_id, key, reason, timestamp, next_at)
SELECT $1, $2, $3, $4, $5, $6::jsonb, $7, $8, now() + interval '15 seconds'
WHERE NOT EXISTS (SELECT FROM messages WHERE session_id = $1 AND message_id = $2 AND NOT from_me)
ON CONFLICT DO NOTHING RETURNING message_id`,
};

/** The session is connected again, and so may be its phone. */
export const ASK_SOON = {
  name: 'placeholders.ask-soon',
  text: `UPDATE message_placeholders SET next_at = now() WHERE session_id = $1 AND resolved_at IS NULL AND requests < 30`,
};

/** Those whose message has come are done. */
export const RESOLVE_PLACEHOLDERS = {
  name: 'placeholders.resolve',
  text: `
UPDATE message_placeholders p SET resolved_at = now()
WHERE p.resolved_at IS NULL AND p.next_at <= now() AND p.session_id = ANY ($1)
  AND EXISTS (SELECT FROM messages m WHERE m.session_id = p.session_id AND m.message_id = p.message_id AND NOT m.from_me)`,
};

/** What the phone is to be asked for now; each time the pause doubles, to half a day at most. */
export const DUE_PLACEHOLDERS = {
  name: 'placeholders.due',
  text: `
UPDATE message_placeholders p
SET requests = requests + 1, next_at = now() + least(interval '12 hours', interval '15 seconds' * power(2, least(requests, 20)))
WHERE (p.session_id, p.message_id) IN (
  SELECT session_id, message_id FROM message_placeholders
  WHERE resolved_at IS NULL AND next_at <= now() AND created_at > now() - interval '14 days' AND session_id = ANY ($1)
  ORDER BY next_at LIMIT 50)
RETURNING p.session_id AS "sessionId", p.key`,
};
