/** The last word of each person counts; what comes late, twice or unchanged answers no row. Arrays are columns. */
export const ANSWER_MESSAGES = {
  name: 'message-actions.answer',
  text: `
INSERT INTO message_answers AS a (message_id, kind, person_id, tenant_id, session_id, value, at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[])
ON CONFLICT (message_id, kind, person_id) DO UPDATE SET value = excluded.value, at = excluded.at
  WHERE excluded.at >= a.at AND a.value IS DISTINCT FROM excluded.value
RETURNING message_id AS "messageId", kind, person_id AS "personId"`,
};

/** What people said about a message: the last word of each, under the phone number where that is known by now. */
export const ANSWERS_OF = {
  name: 'message-actions.answers-of',
  text: `
SELECT DISTINCT ON (a.kind, coalesce(w.phone, a.person_id)) a.kind, coalesce(w.phone, a.person_id) AS "personId", a.value, a.at
FROM message_answers a LEFT JOIN wa_identities w ON w.session_id = a.session_id AND w.lid = a.person_id
WHERE a.message_id = $1 ORDER BY a.kind, coalesce(w.phone, a.person_id), a.at DESC`,
};

export const FORGET_ANSWERS = {
  name: 'message-actions.forget-answers',
  text: `WITH edits AS (DELETE FROM message_edits WHERE message_id = $1) DELETE FROM message_answers WHERE message_id = $1`,
};

/** Something that cannot be applied yet. Of what comes twice the last stays. */
export const WAIT = {
  name: 'message-actions.wait',
  text: `
INSERT INTO waiting_actions (session_id, target_message_id, message_id, tenant_id, waits_for, action, proto)
SELECT DISTINCT ON (session_id, target_message_id, message_id) *
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::bytea[])
  AS w(session_id, target_message_id, message_id, tenant_id, waits_for, action, proto)
ON CONFLICT (session_id, target_message_id, message_id)
  DO UPDATE SET waits_for = excluded.waits_for, action = excluded.action, proto = excluded.proto`,
};

/** Takes out what waits for messages that have come. Oldest first, as it was done. */
export const TAKE_WAITING_FOR_MESSAGES = {
  name: 'message-actions.take-for-messages',
  text: `
WITH taken AS (
  DELETE FROM waiting_actions w USING unnest($1::text[], $2::text[]) AS m(session_id, message_id)
  WHERE w.session_id = m.session_id AND w.target_message_id = m.message_id RETURNING w.*
)
SELECT session_id AS "sessionId", action, proto FROM taken ORDER BY created_at`,
};

/** Takes out what may be possible now that more addresses are known, or because its message came unnoticed. */
export const TAKE_WAITING = {
  name: 'message-actions.take',
  text: `
WITH taken AS (
  DELETE FROM waiting_actions w WHERE w.session_id = $1 AND (w.waits_for = 'address' OR EXISTS (
    SELECT FROM messages m WHERE m.session_id = w.session_id AND m.message_id = w.target_message_id)) RETURNING w.*
)
SELECT session_id AS "sessionId", action, proto FROM taken ORDER BY created_at`,
};

/** How far an own message got with each recipient, under the phone number where that is known by now. */
export const RECEIPTS_OF = {
  name: 'message-actions.receipts-of',
  text: `
SELECT coalesce(w.phone, r.recipient_id) AS "recipientId", min(r.delivered_at) AS "deliveredAt", min(r.read_at) AS "readAt",
  min(r.played_at) AS "playedAt"
FROM message_receipts r LEFT JOIN wa_identities w ON w.session_id = r.session_id AND w.lid = r.recipient_id
WHERE r.message_id = $1 GROUP BY 1 ORDER BY 1`,
};
