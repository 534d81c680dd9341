/** What is to be asked for once a session is connected: everything after linking, else what is missing, and news. */
export const WANTED_OF_SESSION = {
  name: 'newsletters.wanted-of-session',
  text: `
SELECT (SELECT account_id FROM newsletter_syncs WHERE session_id = $1) AS "accountId",
  ARRAY(SELECT newsletter_id FROM wa_newsletters WHERE session_id = $1 AND wants_live AND role <> 'guest') AS live,
  ARRAY(SELECT newsletter_id FROM wa_newsletters WHERE session_id = $1 AND name IS NULL AND role <> 'guest' LIMIT 100)
    AS incomplete`,
};

/** That all newsletters of an account are known. */
export const RECORD_SYNC = {
  name: 'newsletters.record-sync',
  text: `
INSERT INTO newsletter_syncs (session_id, tenant_id, account_id, synced_at) VALUES ($1, $2, $3, now())
ON CONFLICT (session_id) DO UPDATE SET account_id = excluded.account_id, synced_at = excluded.synced_at`,
};
