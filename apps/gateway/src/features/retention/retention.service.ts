import { Config } from '@app/platform/config/config.js';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

const BATCH = 5000;

/** Rows of sessions that were deleted so long ago that nobody will ask for them back. */
const ofDeletedSessions = (table: string) => `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT t.ctid FROM ${table} t JOIN sessions s ON s.id = t.session_id
    WHERE s.deleted_at < now() - $1::int * interval '1 day' LIMIT $2))`;

/** Deliveries that a tenant wants kept for fewer days. Ids rise with time, so the index of a destination is read no further. */
const ofTenants = (status: 'delivered' | 'dead', column: string) => {
  const end = `now() - least(n.${column}, n.event_days) * interval '1 day'`;
  return `DELETE FROM deliveries WHERE id IN (
    SELECT d.id FROM tenants n JOIN destinations t ON t.tenant_id = n.id CROSS JOIN LATERAL (
      SELECT id FROM deliveries WHERE destination_id = t.id AND status = '${status}' AND created_at < ${end}
        AND id <= coalesce((SELECT id FROM deliveries WHERE created_at > ${end} + interval '1 second'
          ORDER BY created_at LIMIT 1), 9223372036854775807)
      LIMIT $2
    ) d WHERE least(n.${column}, n.event_days) < $1::int)`;
};

/**
 * Events with their deliveries to whomever: without its event none can be made. With a mark up to where, so that whoever
 * follows the log hears of what they have missed.
 */
const deleteEvents = (old: string) => `WITH old AS (${old}), marked AS (
      INSERT INTO event_log_starts AS s (tenant_id, transaction_id, position)
      SELECT DISTINCT ON (tenant_id) tenant_id, transaction_id, position FROM old
      ORDER BY tenant_id, transaction_id DESC, position DESC
      ON CONFLICT (tenant_id) DO UPDATE
        SET transaction_id = EXCLUDED.transaction_id, position = EXCLUDED.position
        WHERE (EXCLUDED.transaction_id, EXCLUDED.position) > (s.transaction_id, s.position)
    ), undeliverable AS (
      DELETE FROM deliveries WHERE event_id IN (SELECT id FROM old)
    )
    DELETE FROM events WHERE id IN (SELECT id FROM old)`;

/** What each table may lose. Small batches, so that nobody waits for a lock. $1: days that events are kept, $2: batch. */
const statements = {
  // Whatever its state: an event that is gone cannot be delivered.
  deliveries: `DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE created_at < now() - $1::int * interval '1 day' LIMIT $2)`,
  events: deleteEvents(`SELECT id, tenant_id, transaction_id, position FROM events
      WHERE timestamp < now() - $1::int * interval '1 day' LIMIT $2`),
  deliveredOfTenants: ofTenants('delivered', 'delivery_days'),
  deadOfTenants: ofTenants('dead', 'dead_letter_days'),
  // The oldest come first in the log.
  eventsOfTenants: deleteEvents(`SELECT e.* FROM tenants n CROSS JOIN LATERAL (
        SELECT id, tenant_id, transaction_id, position, timestamp FROM events
        WHERE tenant_id = n.id ORDER BY transaction_id, position LIMIT $2
      ) e WHERE n.event_days < $1::int AND e.timestamp < now() - n.event_days * interval '1 day'`),
  replays: `DELETE FROM replays WHERE id IN (
    SELECT id FROM replays WHERE finished_at < now() - $1::int * interval '1 day' LIMIT $2)`,
  // WhatsApp repeats a stanza within days or never; $1 is not for this table.
  journal: `DELETE FROM inbound_journal WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM inbound_journal WHERE created_at < now() - interval '7 days'
      AND processed_at < now() - interval '7 days' AND $1::int IS NOT NULL LIMIT $2))`,
  // A yes is believed for 30 days; $1 is not for this table.
  numberChecks: `DELETE FROM number_checks WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM number_checks WHERE checked_at < now() - interval '30 days' AND $1::int IS NOT NULL LIMIT $2))`,
  // The login first, the session itself last.
  credentials: ofDeletedSessions('session_credentials'),
  signalKeys: ofDeletedSessions('signal_keys'),
  journalOfDeleted: ofDeletedSessions('inbound_journal'),
  messages: ofDeletedSessions('messages'),
  // Nobody asks for them again after so long; $1 is not for this table.
  protosOfDeleted: `UPDATE messages SET proto = NULL WHERE id = ANY (ARRAY(
    SELECT id FROM messages WHERE deleted_at IS NOT NULL AND proto IS NOT NULL AND timestamp < now() - interval '14 days'
      AND $1::int IS NOT NULL LIMIT $2))`,
  limits: ofDeletedSessions('account_limits'),
  begunChats: `DELETE FROM begun_chats WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM begun_chats WHERE begun_at < now() - interval '2 days' AND $1::int IS NOT NULL LIMIT $2))`,
  // The phone keeps what it could resend no longer than that.
  placeholders: `DELETE FROM message_placeholders WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM message_placeholders WHERE created_at < now() - interval '14 days' AND $1::int IS NOT NULL LIMIT $2))`,
  usage: `DELETE FROM message_usage WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM message_usage WHERE day < now() - interval '40 days' AND $1::int IS NOT NULL LIMIT $2))`,
  messageAnswers: ofDeletedSessions('message_answers'),
  messageEdits: ofDeletedSessions('message_edits'),
  messageReceipts: ofDeletedSessions('message_receipts'),
  waitingActions: ofDeletedSessions('waiting_actions'),
  // What was done with a message that never comes; $1 is not for this table.
  actionsWaitedOut: `DELETE FROM waiting_actions WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM waiting_actions WHERE created_at < now() - interval '30 days' AND $1::int IS NOT NULL LIMIT $2))`,
  identities: ofDeletedSessions('wa_identities'),
  contacts: ofDeletedSessions('wa_contacts'),
  chats: ofDeletedSessions('chats'),
  // No longer than the events that told of them.
  calls: `DELETE FROM calls WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM calls WHERE started_at < now() - $1::int * interval '1 day' LIMIT $2))`,
  labels: ofDeletedSessions('labels'),
  labelAssignments: ofDeletedSessions('label_assignments'),
  groups: ofDeletedSessions('wa_groups'),
  groupSyncs: ofDeletedSessions('group_syncs'),
  historySyncs: ofDeletedSessions('history_syncs'),
  grants: ofDeletedSessions('session_grants'),
  leases: ofDeletedSessions('session_leases'),
  sequences: ofDeletedSessions('event_sequences'),
  sessions: `DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions WHERE deleted_at < now() - $1::int * interval '1 day' LIMIT $2)`,
  // Only lanes that can get nothing new: an event being recorded may count on a lane that it has seen.
  lanes: `DELETE FROM delivery_lanes WHERE id IN (
    SELECT l.id FROM delivery_lanes l
    WHERE NOT EXISTS (SELECT FROM deliveries d WHERE d.lane_id = l.id AND d.status = 'pending')
      AND (NOT EXISTS (SELECT FROM destinations t WHERE t.id = l.destination_id)
        OR l.session_id <> '' AND NOT EXISTS (SELECT FROM sessions s WHERE s.id = l.session_id))
      AND $1::int IS NOT NULL LIMIT $2)`,
};

export type Removed = Record<keyof typeof statements, number>;

/** Removes what has been kept long enough. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly database: DataSource,
    private readonly config: Config,
  ) {}

  /** Can be stopped between batches and run again at any time. */
  async run(signal?: AbortSignal): Promise<Removed> {
    const tables = Object.keys(statements) as (keyof Removed)[];
    const removed = Object.fromEntries(tables.map((table) => [table, 0])) as Removed;
    for (const table of tables) {
      for (let count = 1; count > 0 && !signal?.aborted;) {
        [, count] = await this.database.query<[unknown[], number]>(statements[table], [
          this.config.eventRetentionDays,
          BATCH,
        ]);
        removed[table] += count;
      }
    }
    return removed;
  }
}
