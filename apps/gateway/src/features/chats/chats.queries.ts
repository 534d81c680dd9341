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

/** Names people go by; what is not told stays. Answers those that changed. */
export const LEARN_NAMES = {
  name: 'chats.learn-names',
  text: `
INSERT INTO wa_contacts AS w (session_id, contact_id, tenant_id, name, push_name, verified_name)
SELECT DISTINCT ON (session_id, contact_id) *
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
  AS n(session_id, contact_id, tenant_id, name, push_name, verified_name)
ORDER BY session_id, contact_id
ON CONFLICT (session_id, contact_id) DO UPDATE SET name = coalesce(excluded.name, w.name),
  push_name = coalesce(excluded.push_name, w.push_name), verified_name = coalesce(excluded.verified_name, w.verified_name),
  updated_at = now()
WHERE (coalesce(excluded.name, w.name), coalesce(excluded.push_name, w.push_name),
    coalesce(excluded.verified_name, w.verified_name)) IS DISTINCT FROM (w.name, w.push_name, w.verified_name)`,
};

/** A chat as it is shown. Its sort keys are texts, since a JavaScript date would round them. */
export const SELECT_CHATS = `
SELECT c.session_id AS "sessionId", c.chat_id AS "chatId", c.kind,
  coalesce(c.name, w.name, w.verified_name, w.push_name) AS name,
  c.last_message_id AS "lastMessageId", c.last_message_at AS "lastMessageAt", c.unread_count AS "unreadCount",
  c.is_marked_unread AS "isMarkedUnread", c.is_archived AS "isArchived", c.pinned_at AS "pinnedAt",
  c.is_muted AND coalesce(c.muted_until > now(), true) AS "isMuted", c.muted_until AS "mutedUntil",
  c.disappearing_seconds AS "disappearingSeconds", c.is_read_only AS "isReadOnly", c.is_locked AS "isLocked",
  c.has_media AS "hasMedia", c.cleared_at AS "clearedAt",
  coalesce(c.pinned_at, '-infinity')::text AS "pinKey", coalesce(c.last_message_at, '-infinity')::text AS "timeKey"
FROM chats c LEFT JOIN wa_contacts w ON w.session_id = c.session_id AND w.contact_id = c.chat_id`;
