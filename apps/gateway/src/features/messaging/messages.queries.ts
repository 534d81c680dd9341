/** Statements of the hot paths; every batch is one round trip. Arrays are columns, one element a message. */

/**
 * Leaves out messages that are there already, by WhatsApp's key or by idempotency key, and answers which went in, and
 * whether a file of the same chat must be uploaded before them.
 */
export const INSERT_MESSAGES = {
  name: 'messaging.insert',
  text: `
INSERT INTO messages (id, tenant_id, session_id, chat_id, message_id, sender_id, from_me, type, text, content, context,
  target_id, status, timeline, proto, timestamp, idempotency_key, request_hash, awaits_files,
  priority, typing_seconds, author_address, is_quiet)
SELECT id, tenant_id, session_id, chat_id, message_id, sender_id, from_me, type, text, content, context, target_id, status,
  jsonb_build_array(jsonb_build_object('status', status, 'at', at)), proto, timestamp, idempotency_key, request_hash, awaits_files,
  priority, typing_seconds, author_address, is_quiet
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::text[],
  $10::jsonb[], $11::jsonb[], $12::text[], $13::text[], $14::text[], $15::bytea[], $16::timestamptz[], $17::text[], $18::bytea[],
  $19::boolean[], $20::smallint[], $21::smallint[], $22::text[], $23::boolean[])
  AS m(id, tenant_id, session_id, chat_id, message_id, sender_id, from_me, type, text, content, context, target_id, status, at,
    proto, timestamp, idempotency_key, request_hash, awaits_files, priority, typing_seconds, author_address, is_quiet)
ON CONFLICT DO NOTHING
RETURNING id, status = 'pending' AND EXISTS (SELECT FROM messages f WHERE f.session_id = messages.session_id
  AND f.chat_id = messages.chat_id AND f.awaits_files AND f.status = 'pending' AND f.id < messages.id) AS "isBehindFile",
  EXISTS (SELECT FROM waiting_actions w
    WHERE w.session_id = messages.session_id AND w.target_message_id = messages.message_id) AS "isAwaited"`,
};

export const MARK_PROCESSED = {
  name: 'messaging.mark-processed',
  text: `
UPDATE inbound_journal j SET processed_at = now()
FROM unnest($1::text[], $2::text[]) AS p(session_id, key) WHERE j.session_id = p.session_id AND j.key = p.key`,
};

/** Own messages by WhatsApp's id, locked in one order for everybody. */
export const LOCK_OWN_MESSAGES = {
  name: 'messaging.lock-own',
  text: `
SELECT m.id, m.tenant_id AS "tenantId", m.session_id AS "sessionId", m.chat_id AS "chatId", m.message_id AS "messageId",
  m.sender_id AS "senderId", m.type, m.text, m.content, m.context, m.target_id AS "targetId", m.status, m.timestamp,
  m.is_quiet AS "isQuiet"
FROM messages m JOIN unnest($1::text[], $2::text[]) AS w(session_id, message_id)
  ON m.session_id = w.session_id AND m.message_id = w.message_id
WHERE m.from_me ORDER BY m.id FOR UPDATE OF m`,
};

export const UPDATE_STATUSES = {
  name: 'messaging.update-statuses',
  text: `
UPDATE messages m SET status = u.status, error_code = u.error_code, timeline = m.timeline || u.steps,
  not_before = u.not_before, wait_reason = u.wait_reason,
  sent_at = coalesce(u.sent_at, m.sent_at), updated_at = now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[], $7::text[])
  AS u(id, status, error_code, steps, sent_at, not_before, wait_reason)
WHERE m.id = u.id`,
};

/**
 * What a session still has to send after the place $2, $3, in the order of its line: everything as it was accepted, unless
 * a pace was in force meanwhile. Nothing overtakes a file of the same chat that is still uploaded.
 */
export const PENDING_MESSAGES = {
  name: 'messaging.pending',
  text: `
SELECT id, chat_id AS "chatId", message_id AS "messageId", status, proto, urgency,
  typing_seconds IS NOT NULL OR coalesce(not_before > now(), false) AS "isHeld"
FROM messages m
WHERE session_id = $1 AND from_me AND status = 'pending' AND (urgency, id) > ($2::smallint, $3) AND NOT awaits_files
  AND NOT EXISTS (SELECT FROM messages f WHERE f.session_id = m.session_id
    AND f.chat_id = m.chat_id AND f.awaits_files AND f.status = 'pending' AND f.id < m.id)
ORDER BY urgency, id LIMIT 200`,
};

/** What has been on the wire without an ack, after the message $3, as it was accepted. $2 is not for this one. */
export const UNACKNOWLEDGED_MESSAGES = {
  name: 'messaging.unacknowledged',
  text: `
SELECT id, chat_id AS "chatId", message_id AS "messageId", status, proto, urgency, false AS "isHeld"
FROM messages
WHERE session_id = $1 AND from_me AND status = 'sent' AND $2::smallint IS NOT NULL AND id > $3 AND NOT awaits_files
ORDER BY id LIMIT 200`,
};

/** Messages of the sessions $1 that went out before $2, for the last time, and have no ack. */
export const FIND_OVERDUE = {
  name: 'messaging.find-overdue',
  text: `
SELECT id, session_id AS "sessionId", chat_id AS "chatId", message_id AS "messageId", status, timeline, proto FROM messages
WHERE status = 'sent' AND sent_at < $2 AND session_id = ANY ($1) ORDER BY sent_at LIMIT 200`,
};

/** Those of the sessions $1 that have a message to send since before $2. */
export const FIND_STRANDED = {
  name: 'messaging.find-stranded',
  text: `
SELECT s.id AS "sessionId" FROM unnest($1::text[]) AS s(id)
WHERE EXISTS (SELECT FROM messages m WHERE m.session_id = s.id AND m.status = 'pending' AND m.created_at < $2)`,
};

/** People that the session $1 has a chat with. */
export const CORRESPONDENTS = `
SELECT DISTINCT chat_id AS "chatId" FROM messages
WHERE session_id = $1 AND chat_id !~ '@(g\\.us|newsletter|broadcast)$' ORDER BY 1 LIMIT $2`;

/** Which of the addresses $2 have messages. */
export const USED_CHATS = {
  name: 'messaging.used-chats',
  text: `
SELECT chat_id AS "chatId" FROM unnest($2::text[]) AS c(chat_id)
WHERE EXISTS (SELECT FROM messages m WHERE m.session_id = $1 AND m.chat_id = c.chat_id)`,
};

/** Puts a failed message back into the line. */
export const RESEND_MESSAGE = {
  name: 'messaging.resend',
  text: `
UPDATE messages SET status = 'pending', error_code = NULL, sent_at = NULL, timeline = timeline || $2::jsonb, updated_at = now()
WHERE id = $1 AND from_me AND status = 'failed' AND proto IS NOT NULL RETURNING id`,
};

/** How far messages got with single recipients. The first time counts; what was read has been delivered. Answers who read. */
export const RECORD_RECEIPTS = {
  name: 'messaging.record-receipts',
  text: `
WITH news AS (
  SELECT message_id, recipient_id, min(tenant_id) AS tenant_id, min(session_id) AS session_id, min(at) AS delivered_at,
    min(at) FILTER (WHERE status <> 'delivered') AS read_at, min(at) FILTER (WHERE status = 'played') AS played_at
  FROM jsonb_to_recordset($1::jsonb) AS n(message_id text, recipient_id text, tenant_id text, session_id text, status text, at timestamptz)
  GROUP BY message_id, recipient_id
), recorded AS (
  INSERT INTO message_receipts AS r (message_id, recipient_id, tenant_id, session_id, delivered_at, read_at, played_at)
  SELECT message_id, recipient_id, tenant_id, session_id, delivered_at, read_at, played_at
  FROM news ORDER BY message_id, recipient_id
  ON CONFLICT (message_id, recipient_id) DO UPDATE SET delivered_at = coalesce(r.delivered_at, excluded.delivered_at),
    read_at = coalesce(r.read_at, excluded.read_at), played_at = coalesce(r.played_at, excluded.played_at)
)
SELECT n.message_id AS "messageId", n.recipient_id AS "recipientId", n.read_at AS "readAt"
FROM news n LEFT JOIN message_receipts r USING (message_id, recipient_id)
WHERE n.read_at IS NOT NULL AND r.read_at IS NULL`,
};

/**
 * What is left of the protobuf of a message that is deleted: an own one may be asked for again by recipients who could not
 * read it, for two weeks; retention then takes it away.
 */
export const KEPT_PROTO = `CASE WHEN from_me AND timestamp > now() - interval '14 days' THEN proto END`;

/** Deleted for the account, as a single message is. */
export const CLEAR_CHAT = {
  name: 'messaging.clear-chat',
  text: `
UPDATE messages SET deleted_at = now(), text = NULL, content = NULL, context = NULL, starred_at = NULL, pinned_until = NULL,
  proto = ${KEPT_PROTO}, updated_at = now()
WHERE session_id = $1 AND chat_id = $2 AND timestamp <= $3 AND deleted_at IS NULL AND target_id IS NULL
  AND status NOT IN ('pending', 'sent') AND (starred_at IS NULL OR NOT $4)`,
};
