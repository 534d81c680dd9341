/** Arrays are columns, one element a pair. */

/** Answers the pairs that were not known before. */
export const LEARN_IDENTITIES = {
  name: 'messaging.learn-identities',
  text: `
INSERT INTO wa_identities AS w (session_id, lid, tenant_id, phone)
SELECT DISTINCT ON (session_id, lid) session_id, lid, tenant_id, phone
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS i(session_id, lid, tenant_id, phone) ORDER BY session_id, lid
ON CONFLICT (session_id, lid) DO UPDATE SET phone = excluded.phone, updated_at = now() WHERE w.phone <> excluded.phone
RETURNING session_id AS "sessionId", lid, tenant_id AS "tenantId", phone`,
};

export const FIND_PHONES = {
  name: 'messaging.find-phones',
  text: `
SELECT w.session_id AS "sessionId", w.lid, w.phone FROM wa_identities w
JOIN unnest($1::text[], $2::text[]) AS q(session_id, lid) ON w.session_id = q.session_id AND w.lid = q.lid`,
};

export const LIST_IDENTITIES = {
  name: 'messaging.list-identities',
  text: `
SELECT lid, phone, updated_at AS "updatedAt" FROM wa_identities WHERE session_id = $1 AND lid > $2 ORDER BY lid LIMIT $3`,
};

/** The LID by which a person is known best: the one that was learnt last. */
export const FIND_LIDS = {
  name: 'messaging.find-lids',
  text: `
SELECT DISTINCT ON (phone) phone, lid FROM wa_identities WHERE session_id = $1 AND phone = ANY ($2)
ORDER BY phone, updated_at DESC`,
};

/** Whether any message is known under the LID of one of the pairs. */
export const FIND_LID_MESSAGES = {
  name: 'messaging.find-lid-messages',
  text: `
SELECT 1 FROM unnest($1::text[], $2::text[]) AS i(session_id, lid)
WHERE EXISTS (SELECT FROM messages m WHERE m.session_id = i.session_id AND m.chat_id = i.lid) LIMIT 1`,
};

/** Messages that came under both addresses: the one under the phone number stays. */
export const DROP_TWINS = {
  name: 'messaging.drop-twins',
  text: `
DELETE FROM messages m USING unnest($1::text[], $2::text[], $3::text[]) AS i(session_id, lid, phone), messages twin
WHERE m.session_id = i.session_id AND m.chat_id = i.lid
  AND twin.session_id = i.session_id AND twin.message_id = m.message_id AND twin.chat_id = i.phone
  AND twin.sender_id = CASE WHEN m.sender_id = i.lid THEN i.phone ELSE m.sender_id END`,
};

/** Receipts still have to name the sender by the address that WhatsApp used. */
export const MOVE_MESSAGES = {
  name: 'messaging.move-messages',
  text: `
UPDATE messages m SET chat_id = i.phone, sender_id = CASE WHEN m.sender_id = i.lid THEN i.phone ELSE m.sender_id END,
  author_address = CASE WHEN m.sender_id = i.lid THEN coalesce(m.author_address, i.lid) ELSE m.author_address END
FROM unnest($1::text[], $2::text[], $3::text[]) AS i(session_id, lid, phone)
WHERE m.session_id = i.session_id AND m.chat_id = i.lid`,
};

/** The pairs that people are in, by either address. */
export const FIND_ADDRESSES = {
  name: 'messaging.find-addresses',
  text: `
SELECT w.session_id AS "sessionId", w.lid, w.phone FROM unnest($1::text[], $2::text[]) AS q(session_id, wa_id)
JOIN wa_identities w ON w.session_id = q.session_id AND w.lid = q.wa_id
UNION
SELECT w.session_id AS "sessionId", w.lid, w.phone FROM unnest($1::text[], $2::text[]) AS q(session_id, wa_id)
JOIN wa_identities w ON w.session_id = q.session_id AND w.phone = q.wa_id`,
};
