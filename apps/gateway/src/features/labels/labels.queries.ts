/** Labels as they are now; answers those that changed. What is older than what is known is history read again. */
export const APPLY_LABELS = {
  name: 'labels.apply',
  text: `
INSERT INTO labels AS l (session_id, label_id, tenant_id, name, color, is_deleted, changed_at)
SELECT $1, n.* FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[], $6::boolean[], $7::timestamptz[])
  AS n(label_id, tenant_id, name, color, is_deleted, changed_at)
ORDER BY n.label_id
ON CONFLICT (session_id, label_id) DO UPDATE SET name = excluded.name, color = excluded.color,
  is_deleted = excluded.is_deleted, changed_at = excluded.changed_at
WHERE l.changed_at < excluded.changed_at
  AND (l.name, l.color, l.is_deleted) IS DISTINCT FROM (excluded.name, excluded.color, excluded.is_deleted)
RETURNING label_id AS "labelId", name, color, is_deleted AS "isDeleted", changed_at AS "changedAt", xmax = 0 AS "isNew"`,
};

/** The same for what labels are on. */
export const APPLY_ASSIGNMENTS = {
  name: 'labels.apply-assignments',
  text: `
INSERT INTO label_assignments AS a (session_id, label_id, chat_id, message_id, tenant_id, is_assigned, changed_at)
SELECT $1, n.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::timestamptz[])
  AS n(label_id, chat_id, message_id, tenant_id, is_assigned, changed_at)
ORDER BY n.label_id, n.chat_id, n.message_id
ON CONFLICT (session_id, label_id, chat_id, message_id) DO UPDATE SET is_assigned = excluded.is_assigned,
  changed_at = excluded.changed_at
WHERE a.changed_at < excluded.changed_at AND a.is_assigned <> excluded.is_assigned
RETURNING label_id AS "labelId", chat_id AS "chatId", message_id AS "messageId", is_assigned AS "isAssigned",
  changed_at AS "changedAt", xmax = 0 AS "isNew"`,
};

/** What is on a chat under an opaque id goes over to the phone number behind it. */
export const MERGE_ASSIGNMENTS = {
  name: 'labels.merge-assignments',
  text: `
WITH old AS (
  DELETE FROM label_assignments a USING unnest($1::text[], $2::text[], $3::text[]) AS i(session_id, lid, phone)
  WHERE a.session_id = i.session_id AND a.chat_id = i.lid RETURNING a.*, i.phone
)
INSERT INTO label_assignments AS a (session_id, label_id, chat_id, message_id, tenant_id, is_assigned, changed_at)
SELECT session_id, label_id, phone, message_id, tenant_id, is_assigned, changed_at FROM old
ORDER BY session_id, label_id, phone, message_id
ON CONFLICT (session_id, label_id, chat_id, message_id) DO UPDATE SET is_assigned = excluded.is_assigned,
  changed_at = excluded.changed_at
WHERE a.changed_at < excluded.changed_at`,
};

const ASSIGNED = `
SELECT chat_id AS "chatId", nullif(message_id, '') AS "messageId", changed_at AS "at" FROM label_assignments
WHERE tenant_id = $1 AND session_id = $2 AND label_id = $3 AND is_assigned`;

/** The chats that have a label, after one. */
export const CHATS_OF_LABEL = {
  name: 'labels.chats-of',
  text: `${ASSIGNED} AND message_id = '' AND chat_id > $4 ORDER BY chat_id LIMIT $5`,
};

/** The messages that have a label, after one. */
export const MESSAGES_OF_LABEL = {
  name: 'labels.messages-of',
  text: `${ASSIGNED} AND message_id <> '' AND (chat_id, message_id) > ($4, $5) ORDER BY chat_id, message_id LIMIT $6`,
};

/** The labels that are on chats. */
export const LABELS_OF_CHATS = {
  name: 'labels.of-chats',
  text: `
SELECT a.chat_id AS "chatId", l.label_id AS "labelId", l.name, l.color, l.changed_at AS "changedAt"
FROM label_assignments a JOIN labels l USING (session_id, label_id)
WHERE a.session_id = $1 AND a.chat_id = ANY ($2) AND a.message_id = '' AND a.is_assigned AND NOT l.is_deleted
ORDER BY a.chat_id, l.label_id`,
};
