import { KEPT_PROTO } from './messages.queries.js';

/** What is done with a message changes the row of it. Each statement answers the row when it changed something. */
const RETURNING = 'RETURNING id, text, content';

/** Messages by WhatsApp's id, locked in one order for everybody; the protobuf only where it is asked for. */
export const LOCK_TARGETS = {
  name: 'messaging.lock-targets',
  text: `
SELECT m.id, m.tenant_id AS "tenantId", m.session_id AS "sessionId", m.chat_id AS "chatId", m.message_id AS "messageId",
  m.sender_id AS "senderId", m.author_address AS "authorAddress", m.from_me AS "fromMe", m.type,
  m.revoked_at IS NOT NULL AS "isRevoked",
  CASE WHEN w.with_proto THEN m.proto END AS proto
FROM messages m JOIN (
  SELECT session_id, message_id, bool_or(with_proto) AS with_proto
  FROM unnest($1::text[], $2::text[], $3::boolean[]) AS a(session_id, message_id, with_proto) GROUP BY 1, 2
) w ON m.session_id = w.session_id AND m.message_id = w.message_id
WHERE m.target_id IS NULL AND m.deleted_at IS NULL ORDER BY m.id FOR UPDATE OF m`,
};

/** The same by our own id. */
export const LOCK_TARGETS_BY_ID = {
  name: 'messaging.lock-targets-by-id',
  text: `
SELECT m.id, m.tenant_id AS "tenantId", m.session_id AS "sessionId", m.chat_id AS "chatId", m.message_id AS "messageId",
  m.sender_id AS "senderId", m.author_address AS "authorAddress", m.from_me AS "fromMe", m.type,
  m.revoked_at IS NOT NULL AS "isRevoked",
  CASE WHEN w.with_proto THEN m.proto END AS proto
FROM messages m JOIN (
  SELECT id, bool_or(with_proto) AS with_proto FROM unnest($1::text[], $2::boolean[]) AS a(id, with_proto) GROUP BY 1
) w ON m.id = w.id
WHERE m.deleted_at IS NULL ORDER BY m.id FOR UPDATE OF m`,
};

export const FIND_PROTOS = {
  name: 'messaging.find-protos',
  text: 'SELECT id, proto FROM messages WHERE id = ANY ($1)',
};

/** Other words, with what it said before as an entry of its own. An edit that comes twice or late changes nothing. */
export const EDIT_MESSAGE = {
  name: 'messaging.edit',
  text: `
WITH before AS (
  SELECT id, tenant_id, session_id, text, content FROM messages
  WHERE id = $1 AND revoked_at IS NULL AND coalesce(edited_at, '-infinity') <= $3
), kept AS (
  INSERT INTO message_edits (message_id, edit_id, tenant_id, session_id, text, content, replaced_at)
  SELECT id, $2, tenant_id, session_id, text, content, $3 FROM before ON CONFLICT DO NOTHING RETURNING message_id
)
UPDATE messages SET text = $4, proto = $6, edited_at = $3, updated_at = now(),
  content = CASE WHEN type = 'text' THEN NULL WHEN $5::jsonb IS NULL THEN content ELSE coalesce(content, '{}') || $5::jsonb END
WHERE id = (SELECT message_id FROM kept) ${RETURNING}`,
};

export const REVOKE_MESSAGE = {
  name: 'messaging.revoke',
  text: `UPDATE messages SET revoked_at = $2, pinned_until = NULL, updated_at = now() WHERE id = $1 AND revoked_at IS NULL ${RETURNING}`,
};

export const STAR_MESSAGE = {
  name: 'messaging.star',
  text: `
UPDATE messages SET starred_at = $2::timestamptz, updated_at = now()
WHERE id = $1 AND (starred_at IS NULL) <> ($2::timestamptz IS NULL) ${RETURNING}`,
};

export const PIN_MESSAGE = {
  name: 'messaging.pin',
  text: `
UPDATE messages SET pinned_until = $2::timestamptz, updated_at = now()
WHERE id = $1 AND pinned_until IS DISTINCT FROM $2::timestamptz ${RETURNING}`,
};

export const KEEP_MESSAGE = {
  name: 'messaging.keep',
  text: `
UPDATE messages SET kept_at = $2::timestamptz, updated_at = now()
WHERE id = $1 AND (kept_at IS NULL) <> ($2::timestamptz IS NULL) ${RETURNING}`,
};

/** What it said goes; the row stays, so that the same message is not taken in again. */
export const DELETE_MESSAGE = {
  name: 'messaging.delete',
  text: `
UPDATE messages SET deleted_at = $2, text = NULL, content = NULL, context = NULL, starred_at = NULL, pinned_until = NULL,
  proto = ${KEPT_PROTO}, updated_at = now()
WHERE id = $1 AND deleted_at IS NULL ${RETURNING}`,
};

/** What a message said before, the oldest first. */
export const EDITS_OF = {
  name: 'messaging.edits-of',
  text: 'SELECT text, content, replaced_at AS "replacedAt" FROM message_edits WHERE message_id = $1 ORDER BY replaced_at',
};
