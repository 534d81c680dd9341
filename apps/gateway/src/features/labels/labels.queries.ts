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
