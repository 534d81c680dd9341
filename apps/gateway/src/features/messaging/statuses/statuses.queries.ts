/** Who has posted statuses since $2, the latest first; with $3 and $4 those after that time and person. */
export const POSTERS = {
  name: 'messaging.status-posters',
  text: `
SELECT p.*, w.name AS "contactName", coalesce(w.verified_name, w.push_name) AS "ownName" FROM (
  SELECT m.sender_id AS "senderId", bool_or(m.from_me) AS "fromMe", count(*)::integer AS count,
    max(m.timestamp) AS "latestAt", max(m.timestamp)::text AS "latestKey"
  FROM messages m
  WHERE m.session_id = $1 AND m.chat_id = 'status@broadcast' AND m.target_id IS NULL AND m.deleted_at IS NULL
    AND m.revoked_at IS NULL AND m.status <> 'failed' AND m.timestamp >= $2
  GROUP BY m.sender_id
) p LEFT JOIN wa_contacts w ON w.session_id = $1 AND w.contact_id = p."senderId"
WHERE $3::timestamptz IS NULL OR (p."latestAt", p."senderId") < ($3, $4)
ORDER BY p."latestAt" DESC, p."senderId" DESC LIMIT $5`,
};
