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

/** Rows for newsletters that an account follows; answers those that had none. */
export const ADD_NEWSLETTERS = {
  name: 'newsletters.add',
  text: `
INSERT INTO wa_newsletters (session_id, tenant_id, newsletter_id)
SELECT $1, $2, newsletter_id FROM unnest($3::text[]) AS newsletter_id
ON CONFLICT (session_id, newsletter_id) DO NOTHING RETURNING newsletter_id AS "newsletterId"`,
};

/** Newsletters as they are from now on, all columns of each. */
export const UPDATE_NEWSLETTERS = {
  name: 'newsletters.update',
  text: `
UPDATE wa_newsletters n SET name = c.name, description = c.description, invite_code = c."inviteCode",
  subscribers = c.subscribers, is_verified = c."isVerified", state = c.state, role = c.role, is_muted = c."isMuted",
  reactions = c.reactions, picture_url = c."pictureUrl", founded_at = c."foundedAt", wants_live = c."wantsLive",
  updated_at = now()
FROM jsonb_to_recordset($2::jsonb) AS c("newsletterId" text, name text, description text, "inviteCode" text,
  subscribers integer, "isVerified" boolean, state text, role text, "isMuted" boolean, reactions text, "pictureUrl" text,
  "foundedAt" timestamptz, "wantsLive" boolean)
WHERE n.session_id = $1 AND n.newsletter_id = c."newsletterId"`,
};
