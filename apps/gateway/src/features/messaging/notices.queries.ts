/** Which of these journalled stanzas nobody has processed, locked: WhatsApp may repeat one at any time. */
export const LOCK_UNPROCESSED = {
  name: 'messaging.lock-unprocessed',
  text: `
SELECT j.session_id AS "sessionId", j.key FROM inbound_journal j
JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS u(session_id, key)) p USING (session_id, key)
WHERE j.processed_at IS NULL ORDER BY j.session_id, j.key FOR UPDATE OF j`,
};
