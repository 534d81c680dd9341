/** Statements of the hot path, and long ones; arrays are columns. */

const PAIRS = 'unnest($1::text[], $2::text[], $3::text[]) AS i(session_id, lid, phone)';

/** Names people go by; what is not told stays. Answers those that changed. */
export const LEARN_NAMES = {
  name: 'contacts.learn-names',
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
    coalesce(excluded.verified_name, w.verified_name)) IS DISTINCT FROM (w.name, w.push_name, w.verified_name)
RETURNING session_id AS "sessionId", contact_id AS "contactId", tenant_id AS "tenantId", name, push_name AS "pushName",
  verified_name AS "verifiedName", xmax = 0 AS "isNew"`,
};

/** The names of the same people. */
export const MERGE_NAMES = {
  name: 'contacts.merge-names',
  text: `
WITH old AS (
  DELETE FROM wa_contacts w USING ${PAIRS} WHERE w.session_id = i.session_id AND w.contact_id = i.lid RETURNING w.*, i.phone
)
INSERT INTO wa_contacts AS w (session_id, contact_id, tenant_id, name, push_name, verified_name, is_blocked)
SELECT session_id, phone, tenant_id, name, push_name, verified_name, is_blocked FROM old ORDER BY session_id, phone
ON CONFLICT (session_id, contact_id) DO UPDATE SET name = coalesce(w.name, excluded.name),
  push_name = coalesce(w.push_name, excluded.push_name), verified_name = coalesce(w.verified_name, excluded.verified_name),
  is_blocked = coalesce(w.is_blocked, excluded.is_blocked)`,
};

/** People who are no longer in the address book. */
export const FORGET_NAMES = {
  name: 'contacts.forget-names',
  text: `
UPDATE wa_contacts SET name = NULL, updated_at = now()
WHERE session_id = $1 AND contact_id = ANY ($2) AND name IS NOT NULL
RETURNING session_id AS "sessionId", contact_id AS "contactId", tenant_id AS "tenantId", name, push_name AS "pushName",
  verified_name AS "verifiedName", false AS "isNew"`,
};

/** Whom the account blocks, one element a person; answers those of whom something else was known, or nothing. */
export const RECORD_BLOCKS = {
  name: 'contacts.record-blocks',
  text: `
INSERT INTO wa_contacts AS w (session_id, tenant_id, contact_id, is_blocked)
SELECT $1, $2, b.* FROM unnest($3::text[], $4::boolean[]) AS b(contact_id, is_blocked) ORDER BY contact_id
ON CONFLICT (session_id, contact_id) DO UPDATE SET is_blocked = excluded.is_blocked, updated_at = now()
WHERE w.is_blocked IS DISTINCT FROM excluded.is_blocked
RETURNING contact_id AS "contactId"`,
};

/**
 * Everybody whom the account blocks, as WhatsApp said at $4; what became of somebody since then is newer and stays. Answers
 * those of whom something else was known, or nothing.
 */
export const RECORD_BLOCK_LIST = {
  name: 'contacts.record-block-list',
  text: `
WITH blocked AS (
  INSERT INTO wa_contacts AS w (session_id, tenant_id, contact_id, is_blocked)
  SELECT $1, $2, b, true FROM unnest($3::text[]) AS b ORDER BY b
  ON CONFLICT (session_id, contact_id) DO UPDATE SET is_blocked = true, updated_at = now()
  WHERE w.is_blocked IS DISTINCT FROM true AND (w.is_blocked IS NULL OR w.updated_at < $4)
  RETURNING contact_id
), unblocked AS (
  UPDATE wa_contacts SET is_blocked = false, updated_at = now()
  WHERE session_id = $1 AND is_blocked AND NOT contact_id = ANY ($3) AND updated_at < $4 RETURNING contact_id
)
SELECT contact_id AS "contactId", true AS "isBlocked" FROM blocked
UNION ALL SELECT contact_id, false FROM unblocked`,
};

/** People by the name they are shown under, those without one at the end. */
export const CONTACT_SORT_KEY = `coalesce('0' || lower(coalesce(name, verified_name, push_name)), '1') COLLATE "C"`;

/** Whom a session knows. */
export const SELECT_CONTACTS = `
SELECT contact_id AS "contactId", name, push_name AS "pushName", verified_name AS "verifiedName",
  is_blocked AS "isBlocked", updated_at AS "updatedAt", ${CONTACT_SORT_KEY} AS "sortKey" FROM wa_contacts`;
