/** Statements for sessions that send by rules; those that just send never run one of them. $1 is always the session. */

const isPerson = (row: string) => `${row}.chat_id !~ '@(g\\.us|newsletter|broadcast)$'`;

/** Nobody in the chat ever wrote to the account. */
const isCold = (row: string) => `${isPerson(row)} AND NOT EXISTS (
    SELECT FROM messages i WHERE i.session_id = $1 AND i.chat_id = ${row}.chat_id AND NOT i.from_me)`;

/** Nobody wrote in the chat, and nothing from here was sent. */
const isNew = (row: string) => `${isPerson(row)} AND NOT EXISTS (
    SELECT FROM messages e WHERE e.session_id = $1 AND e.chat_id = ${row}.chat_id AND e.id <> ${row}.id
      AND (NOT e.from_me OR e.status NOT IN ('pending', 'failed')))`;

const hold = (which: string) => `
UPDATE messages m SET not_before = $3, wait_reason = $2, updated_at = now()
WHERE m.session_id = $1 AND m.status = 'pending' AND m.wait_reason IS NULL AND ${which}`;

/** Keeps messages to people who never wrote back until $3, showing the reason $2. */
export const HOLD_COLD = { name: 'pace.hold-cold', text: hold(isCold('m')) };
/** The same with messages that would begin a chat. */
export const HOLD_NEW = { name: 'pace.hold-new', text: hold(isNew('m')) };

/** Lets messages go that waited for one of the reasons $2. */
export const RELEASE = {
  name: 'pace.release',
  text: `
UPDATE messages SET not_before = NULL, wait_reason = NULL, updated_at = now()
WHERE session_id = $1 AND status = 'pending' AND wait_reason = ANY ($2)`,
};

/** The same in the chats $3 alone. */
export const RELEASE_CHATS = { name: 'pace.release-chats', text: `${RELEASE.text} AND chat_id = ANY ($3)` };

/**
 * What may leave now, the most urgent first. Order within a chat is kept: a message waits for earlier ones that wait, and
 * a chat is as urgent as the most urgent message in it.
 */
export const NEXT_MESSAGES = {
  name: 'pace.next',
  text: `
WITH line AS (
  SELECT id, chat_id, priority,
    coalesce(bool_or(awaits_files OR not_before > now()) OVER chat, false)
      OR coalesce(bool_or(typing_seconds IS NOT NULL) OVER before, false) AS is_blocked
  FROM messages WHERE session_id = $1 AND status = 'pending'
  WINDOW chat AS (PARTITION BY chat_id ORDER BY id),
    before AS (PARTITION BY chat_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), chats AS (
  SELECT l.chat_id, min(coalesce(l.priority, w.priority)) AS priority
  FROM line l JOIN (
    SELECT c.chat_id, CASE WHEN last.timestamp > now() - interval '24 hours' THEN 0 ELSE 1 END AS priority
    FROM (SELECT DISTINCT chat_id FROM line) c LEFT JOIN LATERAL (
      SELECT i.timestamp FROM messages i WHERE i.session_id = $1 AND i.chat_id = c.chat_id AND NOT i.from_me
      ORDER BY i.id DESC LIMIT 1
    ) last ON true
  ) w USING (chat_id) GROUP BY l.chat_id
)
SELECT m.id, m.chat_id AS "chatId", m.message_id AS "messageId", m.status, m.type, m.proto,
  m.typing_seconds AS "typingSeconds", c.priority, ${isNew('m')} AS "isNew"
FROM line l JOIN chats c USING (chat_id) JOIN messages m USING (id)
WHERE NOT l.is_blocked ORDER BY c.priority, l.id LIMIT $2`,
};

/** When to look again for messages that may not leave yet; no row when there are none. What waits for a file is told. */
export const NEXT_TIME = {
  name: 'pace.next-time',
  text: `
SELECT coalesce(min(not_before) FILTER (WHERE not_before > now() - interval '1 second'), now() + interval '10 seconds') AS at
FROM messages WHERE session_id = $1 AND status = 'pending' HAVING count(*) > 0`,
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
