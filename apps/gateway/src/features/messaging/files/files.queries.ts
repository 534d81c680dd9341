import { isAliveSql } from '@app/platform/cluster/process-presence.js';

/** Messages of the session $1 whose files are to be uploaded, without those that are being dealt with ($2), oldest first. */
export const AWAITING_FILES = {
  name: 'files.awaiting',
  text: `
SELECT id, chat_id AS "chatId", message_id AS "messageId", proto FROM messages
WHERE session_id = $1 AND awaits_files AND status = 'pending' AND NOT id = ANY ($2) ORDER BY id LIMIT $3`,
};

/** The files are where the message says from now on; it can be sent. */
export const FILES_UPLOADED = {
  name: 'files.uploaded',
  text: `UPDATE messages SET proto = $2, awaits_files = false, updated_at = now() WHERE id = $1 AND awaits_files`,
};

/** Remembers an upload, and forgets what WhatsApp may not keep any longer. */
export const KEEP_UPLOAD = {
  name: 'files.keep-upload',
  text: `
WITH old AS (DELETE FROM file_uploads WHERE uploaded_at < $10 AND NOT (session_id = $1 AND sha256 = $2 AND kind = $3))
INSERT INTO file_uploads (session_id, sha256, kind, tenant_id, url, direct_path, media_key, file_enc_sha256, uploaded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (session_id, sha256, kind) DO UPDATE SET url = excluded.url, direct_path = excluded.direct_path,
  media_key = excluded.media_key, file_enc_sha256 = excluded.file_enc_sha256, uploaded_at = excluded.uploaded_at`,
};

/**
 * Notes which files of the messages $1 are to be downloaded, and wakes those who do that: the types that the session
 * wants, or $3 when it has not said; with null for $3 all, and of those the card $4 unless that is null. A
 * carousel has ten cards; what a stranger puts beyond them is not fetched.
 */
export const QUEUE_DOWNLOADS = {
  name: 'files.queue-downloads',
  text: `
WITH files AS (
  SELECT id, tenant_id, session_id, -1 AS card, coalesce(content->'header'->'media'->>'type', type) AS kind FROM messages
  WHERE id = ANY ($1) AND content->'media'->>'status' = 'waiting'
  UNION ALL
  SELECT id, tenant_id, session_id, shown.place - 1, shown.card->'header'->'media'->>'type' FROM messages
  CROSS JOIN jsonb_array_elements(CASE type WHEN 'carousel' THEN content->'cards' END) WITH ORDINALITY AS shown (card, place)
  WHERE id = ANY ($1) AND shown.card->'media'->>'status' = 'waiting' AND shown.place <= 10
), queued AS (
  INSERT INTO file_downloads (message_id, card, tenant_id, session_id)
  SELECT f.id, f.card, f.tenant_id, f.session_id FROM files f JOIN sessions s ON s.id = f.session_id
  WHERE ($3::jsonb IS NULL OR coalesce(s.settings->'mediaDownload', $3) ? f.kind) AND ($4::int IS NULL OR f.card = $4)
  ON CONFLICT DO NOTHING RETURNING 1)
SELECT pg_notify($2, '') FROM (SELECT FROM queued LIMIT 1) AS any_queued`,
};

/** Up to $2 downloads that are due and that no living process is at, for the process $1. */
export const CLAIM_DOWNLOADS = {
  name: 'files.claim-downloads',
  text: `
UPDATE file_downloads d SET owner = $1, attempts = d.attempts + 1 FROM (
  SELECT message_id, card FROM file_downloads WHERE due_at <= now() AND (owner IS NULL OR NOT ${isAliveSql('owner')})
  ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
WHERE d.message_id = due.message_id AND d.card = due.card
RETURNING d.message_id AS "messageId", d.card, d.tenant_id AS "tenantId", d.session_id AS "sessionId", d.path, d.attempts`,
};

/** Gives the download $1 (card $5) back, to be tried again in $3 seconds, at $4 if the file has moved. */
export const RETRY_DOWNLOAD = {
  name: 'files.retry-download',
  text: `
UPDATE file_downloads SET owner = NULL, due_at = now() + $3 * interval '1 second', path = coalesce($4, path)
WHERE message_id = $1 AND card = $5 AND owner = $2`,
};

/** Ends the download $1 (card $3) of the process $2; no row when somebody else has it by now. */
export const END_DOWNLOAD = {
  name: 'files.end-download',
  text: `DELETE FROM file_downloads WHERE message_id = $1 AND card = $3 AND owner = $2 RETURNING message_id`,
};

/** Notes what is known of the file of the message $1, or of its card $3; what is not known stays as the sender said. */
export const UPDATE_FILE = {
  name: 'files.update-file',
  text: `
UPDATE messages m SET content = jsonb_set(content, at.path, (content #> at.path) - 'errorCode' || jsonb_strip_nulls($2)), updated_at = now()
FROM (SELECT CASE WHEN $3::int < 0 THEN '{media}'::text[] ELSE ARRAY['cards', $3::text, 'media'] END AS path) AS at
WHERE id = $1 AND content #> at.path IS NOT NULL
RETURNING content #> at.path AS media, id, message_id AS "messageId", chat_id AS "chatId"`,
};

/** The file of the message $2 of the tenant $1, and whether somebody is to download it. */
export const FILE_OF = {
  name: 'files.of-message',
  text: `
SELECT content->'media' AS media,
  EXISTS (SELECT FROM file_downloads WHERE message_id = messages.id AND card = -1) AS "isAwaited"
FROM messages WHERE id = $2 AND tenant_id = $1`,
};
