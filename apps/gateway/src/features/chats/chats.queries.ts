/** Statements of the hot path, and long ones; arrays are columns. */

/** Counts messages into their chats, one row a chat; a chat that was deleted comes back. */
export const COUNT_MESSAGES = {
  name: 'chats.count-messages',
  text: `
INSERT INTO chats AS c (session_id, chat_id, tenant_id, kind, last_message_id, last_message_at, unread_count, has_media)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::integer[], $8::boolean[])
  AS m(session_id, chat_id, tenant_id, kind, last_message_id, last_message_at, unread_count, has_media)
ORDER BY session_id, chat_id
ON CONFLICT (session_id, chat_id) DO UPDATE SET
  last_message_id = CASE WHEN c.last_message_at > excluded.last_message_at THEN c.last_message_id ELSE excluded.last_message_id END,
  last_message_at = greatest(c.last_message_at, excluded.last_message_at),
  unread_count = c.unread_count + excluded.unread_count, has_media = c.has_media OR excluded.has_media,
  deleted_at = NULL, updated_at = now()`,
};

/** A chat as it is shown. Its sort keys are texts, since a JavaScript date would round them. */
export const SELECT_CHATS = `
SELECT c.session_id AS "sessionId", c.chat_id AS "chatId", c.kind,
  coalesce(g.subject, c.name, w.name, w.verified_name, w.push_name) AS name,
  c.last_message_id AS "lastMessageId", c.last_message_at AS "lastMessageAt", c.unread_count AS "unreadCount",
  c.is_marked_unread AS "isMarkedUnread", c.is_archived AS "isArchived", c.pinned_at AS "pinnedAt",
  c.is_muted AND coalesce(c.muted_until > now(), true) AS "isMuted", c.muted_until AS "mutedUntil",
  c.disappearing_seconds AS "disappearingSeconds", c.is_read_only AS "isReadOnly", c.is_locked AS "isLocked",
  c.has_media AS "hasMedia", c.cleared_at AS "clearedAt", c.deleted_at AS "deletedAt",
  coalesce(c.pinned_at, '-infinity')::text AS "pinKey", coalesce(c.last_message_at, '-infinity')::text AS "timeKey"
FROM chats c LEFT JOIN wa_contacts w ON w.session_id = c.session_id AND w.contact_id = c.chat_id
LEFT JOIN wa_groups g ON g.session_id = c.session_id AND g.group_id = c.chat_id`;

/** Chats that are named by a setting alone; not listed before there is anything in them. */
export const MAKE_CHATS = {
  name: 'chats.make',
  text: `
INSERT INTO chats (session_id, tenant_id, chat_id, kind, deleted_at)
SELECT $1, $2, chat_id, kind, now() FROM unnest($3::text[], $4::text[]) AS s(chat_id, kind) ORDER BY chat_id
ON CONFLICT DO NOTHING`,
};

/** One row a chat; null leaves a column as it is. Messages are read or cleared up to a time. */
export const APPLY_SETTINGS = {
  name: 'chats.apply-settings',
  text: `
WITH s AS MATERIALIZED (
  SELECT s.* FROM jsonb_to_recordset($2::jsonb) AS s("chatId" text, name text, "isArchived" boolean, "isMuted" boolean,
    "mutedUntil" timestamptz, "isPinned" boolean, "pinnedAt" timestamptz, "isMarkedUnread" boolean, "readAt" timestamptz,
    "isLocked" boolean, "isReadOnly" boolean, "disappearingSeconds" integer, "clearedAt" timestamptz, "deletedAt" timestamptz)
  JOIN chats c ON c.session_id = $1 AND c.chat_id = s."chatId" ORDER BY c.chat_id FOR UPDATE OF c
)
UPDATE chats c SET name = coalesce(s.name, c.name), is_archived = coalesce(s."isArchived", c.is_archived),
  is_muted = coalesce(s."isMuted", c.is_muted),
  muted_until = CASE WHEN s."isMuted" IS NULL THEN c.muted_until ELSE s."mutedUntil" END,
  pinned_at = CASE WHEN s."isPinned" IS NULL THEN c.pinned_at WHEN s."isPinned" THEN s."pinnedAt" END,
  is_marked_unread = coalesce(s."isMarkedUnread", c.is_marked_unread), is_locked = coalesce(s."isLocked", c.is_locked),
  is_read_only = coalesce(s."isReadOnly", c.is_read_only),
  disappearing_seconds = coalesce(s."disappearingSeconds", c.disappearing_seconds),
  unread_count = CASE WHEN c.unread_count = 0 OR s."readAt" IS NULL THEN c.unread_count ELSE least(c.unread_count, (
    SELECT count(*) FROM messages m WHERE m.session_id = c.session_id AND m.chat_id = c.chat_id AND NOT m.from_me
      AND m.target_id IS NULL AND m.timestamp > s."readAt")) END,
  cleared_at = greatest(c.cleared_at, s."clearedAt"),
  deleted_at = CASE WHEN s."deletedAt" >= coalesce(c.last_message_at, '-infinity') THEN s."deletedAt" ELSE c.deleted_at END,
  updated_at = now()
FROM s WHERE c.session_id = $1 AND c.chat_id = s."chatId"
RETURNING c.chat_id AS "chatId", c.kind, c.unread_count AS "unreadCount", c.is_marked_unread AS "isMarkedUnread",
  c.is_archived AS "isArchived", c.pinned_at IS NOT NULL AS "isPinned", c.is_muted AS "isMuted", c.muted_until AS "mutedUntil",
  c.is_locked AS "isLocked", c.is_read_only AS "isReadOnly", c.disappearing_seconds AS "disappearingSeconds",
  c.deleted_at AS "deletedAt"`,
};

/** When the newest of some messages was written, by chat. */
export const NEWEST_BY_CHAT = {
  name: 'chats.newest-by-chat',
  text: `
SELECT chat_id AS "chatId", max(timestamp) AS "readAt" FROM messages
WHERE session_id = $1 AND message_id = ANY ($2) AND NOT from_me GROUP BY chat_id`,
};

/** Chats as the phone remembers them. What is known here of one that has messages stays; a count only grows. */
export const REMEMBER_CHATS = {
  name: 'chats.remember',
  text: `
INSERT INTO chats AS c (session_id, tenant_id, chat_id, kind, name, unread_count, is_marked_unread, is_archived, pinned_at,
  is_read_only, disappearing_seconds)
SELECT $1, $2, h."chatId", h.kind, h.name, h."unreadCount", h."isMarkedUnread", h."isArchived", h."pinnedAt", h."isReadOnly",
  h."disappearingSeconds"
FROM jsonb_to_recordset($3::jsonb) AS h("chatId" text, kind text, name text, "unreadCount" integer, "isMarkedUnread" boolean,
  "isArchived" boolean, "pinnedAt" timestamptz, "isReadOnly" boolean, "disappearingSeconds" integer)
ORDER BY h."chatId"
ON CONFLICT (session_id, chat_id) DO UPDATE SET name = coalesce(excluded.name, c.name),
  unread_count = greatest(c.unread_count, excluded.unread_count),
  disappearing_seconds = CASE WHEN c.last_message_at IS NULL THEN excluded.disappearing_seconds ELSE c.disappearing_seconds END,
  is_read_only = excluded.is_read_only, deleted_at = NULL, updated_at = now()`,
};

/** Adds a part to the transfer it belongs to. */
export const ADD_PART = {
  name: 'chats.add-history-part',
  text: `
UPDATE history_syncs SET state = $2, progress = greatest(progress, $3), chats = chats + $4, messages = messages + $5,
  updated_at = now()
WHERE id = $1 RETURNING id, kind, state, chat_id AS "chatId", progress, chats, messages`,
};

const PAIRS = 'unnest($1::text[], $2::text[], $3::text[]) AS i(session_id, lid, phone)';

/** Chats under an opaque id whose phone number is known now go on under that. Answers those that did. */
export const MERGE_CHATS = {
  name: 'chats.merge',
  text: `
WITH old AS (
  DELETE FROM chats c USING ${PAIRS} WHERE c.session_id = i.session_id AND c.chat_id = i.lid RETURNING c.*, i.lid, i.phone
), merged AS (
  INSERT INTO chats AS c (session_id, chat_id, tenant_id, kind, name, last_message_id, last_message_at, unread_count,
    is_marked_unread, is_archived, pinned_at, is_muted, muted_until, disappearing_seconds, is_read_only, is_locked, has_media,
    cleared_at, deleted_at)
  SELECT session_id, phone, tenant_id, kind, name, last_message_id, last_message_at, unread_count, is_marked_unread, is_archived,
    pinned_at, is_muted, muted_until, disappearing_seconds, is_read_only, is_locked, has_media, cleared_at, deleted_at
  FROM old ORDER BY session_id, phone
  ON CONFLICT (session_id, chat_id) DO UPDATE SET
    last_message_id = CASE WHEN c.last_message_at > excluded.last_message_at THEN c.last_message_id
      ELSE coalesce(excluded.last_message_id, c.last_message_id) END,
    last_message_at = greatest(c.last_message_at, excluded.last_message_at),
    unread_count = c.unread_count + excluded.unread_count,
    is_marked_unread = c.is_marked_unread OR excluded.is_marked_unread, is_archived = c.is_archived OR excluded.is_archived,
    pinned_at = coalesce(c.pinned_at, excluded.pinned_at), is_muted = c.is_muted OR excluded.is_muted,
    muted_until = CASE WHEN c.is_muted THEN c.muted_until ELSE excluded.muted_until END,
    disappearing_seconds = greatest(c.disappearing_seconds, excluded.disappearing_seconds),
    is_locked = c.is_locked OR excluded.is_locked, has_media = c.has_media OR excluded.has_media,
    deleted_at = CASE WHEN c.deleted_at IS NULL OR excluded.deleted_at IS NULL THEN NULL ELSE c.deleted_at END,
    updated_at = now()
)
SELECT session_id AS "sessionId", tenant_id AS "tenantId", lid, phone FROM old`,
};
