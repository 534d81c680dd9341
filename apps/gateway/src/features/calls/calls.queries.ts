import { callStates } from '@app/database/entities/call.entity.js';

const rank = (state: string) => `array_position(ARRAY['${callStates.slice(0, 2).join("','")}'], ${state})`;

/**
 * Takes a call a step further and answers it; nothing when it is there already, or over. Who hangs up before anybody
 * answered has missed the other; afterwards it is the end of the call.
 */
export const STEP_CALL = {
  name: 'calls.step',
  text: `
INSERT INTO calls AS c (session_id, call_id, tenant_id, caller_id, group_id, is_video, state, started_at, ended_at,
  caller_device, rejection, rejection_text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $7 IN ('ringing', 'accepted') THEN NULL ELSE $8::timestamptz END,
  $9, $10, $11)
ON CONFLICT (session_id, call_id) DO UPDATE SET ended_at = excluded.ended_at,
  state = CASE WHEN excluded.state = 'missed' AND c.state = 'accepted' THEN 'ended' ELSE excluded.state END
WHERE c.ended_at IS NULL AND coalesce(${rank('excluded.state')}, 9) > ${rank('c.state')}
RETURNING caller_id AS "callerId", group_id AS "groupId", is_video AS "isVideo", state`,
};
