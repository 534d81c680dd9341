import { HELD, UNJUDGED } from './pace.js';

/*
 * Statements for sessions that send by rules; those that just send never run one of them. $1 is always the session.
 *
 * A message is judged once, when the line first sees it, and again when that may end differently: its urgency is its
 * place in the index of what is pending. So the line reads the first few rows of it, however many there are.
 */

const isPerson = (row: string) => `${row}.chat_id !~ '@(g\\.us|newsletter|broadcast)$'`;

/** Asked row by row: joined, the planner would rather read everything there is of the session. */
const none = (query: string) => `(SELECT true FROM messages ${query} LIMIT 1) IS NULL`;

/** Nobody in the chat ever wrote to the account. */
const isCold = (row: string) =>
  `${isPerson(row)} AND ${none(`i WHERE i.session_id = $1 AND i.chat_id = ${row}.chat_id AND NOT i.from_me`)}`;

/** Nobody wrote in the chat, and nothing from here was sent. */
const isNew = (row: string) =>
  `${isPerson(row)} AND ${none(`e WHERE e.session_id = $1 AND e.chat_id = ${row}.chat_id AND e.id <> ${row}.id
      AND (NOT e.from_me OR e.status NOT IN ('pending', 'failed'))`)}`;

/** Messages that nobody has judged yet, the oldest first. */
export const FIND_UNJUDGED = {
  name: 'pace.find-unjudged',
  text: `
SELECT id FROM messages WHERE session_id = $1 AND status = 'pending' AND urgency = ${UNJUDGED} ORDER BY id LIMIT $2`,
};

const hold = (which: string) => `
UPDATE messages m SET urgency = ${HELD}, not_before = $3, wait_reason = $2, updated_at = now()
WHERE m.session_id = $1 AND m.id = ANY ($4) AND m.status = 'pending' AND coalesce(m.not_before <= now(), true) AND ${which}
RETURNING id`;

/** Of the messages $4 keeps those to people who never wrote back until $3, showing the reason $2. */
export const HOLD_COLD = { name: 'pace.hold-cold', text: hold(isCold('m')) };
/** The same with messages that would begin a chat. */
export const HOLD_NEW = { name: 'pace.hold-new', text: hold(isNew('m')) };

/**
 * Gives the messages $2 their urgency: the one that was asked for, or by whether the other side wrote since $3. A chat is
 * as urgent as the most urgent message in it, so that its order is kept: what is before that becomes as urgent.
 */
export const JUDGE = {
  name: 'pace.judge',
  text: `
WITH judged AS MATERIALIZED (
  SELECT id, chat_id, min(auto) OVER (PARTITION BY chat_id ORDER BY id DESC) AS urgency
  FROM unnest($2::text[]) AS w(wanted) CROSS JOIN LATERAL (
    SELECT id, chat_id, CASE WHEN priority IS NOT NULL THEN priority
      WHEN ${none(`i WHERE i.session_id = $1 AND i.chat_id = m.chat_id AND NOT i.from_me AND i.id > $3`)} THEN 1 ELSE 0 END AS auto
    FROM messages m WHERE id = wanted AND session_id = $1 AND status = 'pending' AND urgency = ${UNJUDGED} LIMIT 1
  ) fresh
), raised AS (
  UPDATE messages m SET urgency = r.urgency
  FROM (SELECT chat_id, min(urgency) AS urgency FROM judged GROUP BY chat_id) j CROSS JOIN LATERAL (
    -- By the chat, never by the urgency, of which there are so many.
    SELECT e.id, j.urgency FROM messages e WHERE e.session_id = $1 AND e.chat_id = j.chat_id AND e.status = 'pending'
      AND e.urgency + 0 < ${HELD} AND e.urgency + 0 > j.urgency
    OFFSET 0
  ) r WHERE m.id = r.id
)
UPDATE messages m SET urgency = j.urgency FROM judged j WHERE m.id = j.id`,
};

const judgeAgain = `urgency = ${UNJUDGED},
  not_before = CASE WHEN wait_reason = ANY ($2) THEN NULL ELSE not_before END,
  wait_reason = CASE WHEN wait_reason = ANY ($2) THEN NULL ELSE wait_reason END, updated_at = now()`;

/** Has everything judged again, and lets go what waited for one of the reasons $2. */
export const RELEASE = {
  name: 'pace.release',
  text: `
UPDATE messages SET ${judgeAgain}
WHERE session_id = $1 AND status = 'pending' AND (urgency < ${UNJUDGED} OR wait_reason = ANY ($2))`,
};

/** The same in the chats $3 alone. Answers whether there was anything. */
export const RELEASE_CHATS = {
  name: 'pace.release-chats',
  text: `
UPDATE messages SET ${judgeAgain}
WHERE session_id = $1 AND status = 'pending' AND chat_id = ANY ($3) AND urgency < ${UNJUDGED}
  AND (priority IS NULL OR wait_reason = ANY ($2)) RETURNING id`,
};

/** The same with what was held back until now. */
export const RELEASE_DUE = {
  name: 'pace.release-due',
  text: `
UPDATE messages SET ${judgeAgain}
WHERE session_id = $1 AND status = 'pending' AND urgency = ${HELD} AND not_before <= now()`,
};

/** When the first of the messages that are held back may leave; null when there is none. */
export const FIRST_HELD = {
  name: 'pace.first-held',
  text: `SELECT min(not_before) AS at FROM messages WHERE session_id = $1 AND status = 'pending' AND urgency = ${HELD}`,
};

/**
 * The next $2 messages of the line after the place $3, $4, and which of them may leave now, the most urgent first. A message
 * waits for earlier ones of its chat that wait.
 */
export const NEXT_MESSAGES = {
  name: 'pace.next',
  text: `
WITH line AS MATERIALIZED (
  SELECT id, chat_id, urgency, awaits_files OR coalesce(not_before > now(), false) AS waits
  FROM messages WHERE session_id = $1 AND status = 'pending' AND urgency < ${HELD} AND (urgency, id) > ($3::smallint, $4)
  ORDER BY urgency, id LIMIT $2
), judged AS MATERIALIZED (
  SELECT l.id, l.urgency, NOT l.waits AND ${none(`e WHERE e.session_id = $1 AND e.chat_id = l.chat_id AND e.status = 'pending'
    AND e.id < l.id AND (e.awaits_files OR e.not_before > now() OR e.typing_seconds IS NOT NULL)`)} AS leaves
  FROM line l
)
SELECT j.leaves, n.* FROM judged j CROSS JOIN LATERAL (
  SELECT m.id, m.chat_id AS "chatId", m.message_id AS "messageId", m.status, m.type, m.proto,
    m.typing_seconds AS "typingSeconds", m.urgency AS priority, j.leaves AND ${isNew('m')} AS "isNew"
  FROM messages m WHERE m.id = j.id LIMIT 1
) n ORDER BY j.urgency, j.id`,
};

/** When to look again for messages that wait for something; no row when there are none. What waits for a file is told. */
export const NEXT_TIME = {
  name: 'pace.next-time',
  text: `
SELECT coalesce(min(not_before) FILTER (WHERE not_before > now() - interval '1 second'), now() + interval '10 seconds') AS at
FROM messages WHERE session_id = $1 AND status = 'pending' AND urgency < ${HELD} HAVING count(*) > 0`,
};

/** How many messages are before each of the messages $2 in the line, as far as anybody counts. */
export const PLACES = {
  name: 'pace.places',
  text: `
SELECT id, urgency, place FROM (
  SELECT id, urgency, row_number() OVER (ORDER BY urgency, id)::int - 1 AS place FROM (
    SELECT id, urgency FROM messages WHERE session_id = $1 AND status = 'pending' ORDER BY urgency, id LIMIT 5000
  ) line
) placed WHERE id = ANY ($2)`,
};

/** The typing begins now, and the message is sent when it ends. */
export const BEGIN_TYPING = {
  name: 'pace.begin-typing',
  text: `
UPDATE messages SET not_before = now() + typing_seconds * interval '1 second', wait_reason = 'typing', typing_seconds = NULL
WHERE session_id = $1 AND id = $2 AND status = 'pending'`,
};

/** Times at which chats were begun from here in the last 24 hours, oldest first. */
export const BEGUN_CHATS = {
  name: 'pace.begun-chats',
  text: `SELECT begun_at AS at FROM begun_chats WHERE session_id = $1 AND begun_at > now() - interval '24 hours' ORDER BY at`,
};

export const BEGIN_CHAT = {
  name: 'pace.begin-chat',
  text: `
INSERT INTO begun_chats (session_id, chat_id, begun_at) VALUES ($1, $2, now())
ON CONFLICT (session_id, chat_id) DO UPDATE SET begun_at = excluded.begun_at`,
};
