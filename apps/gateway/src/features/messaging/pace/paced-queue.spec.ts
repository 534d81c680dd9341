import { useFeature } from '@app/testing/use-feature.js';
import { MessagingModule } from '../messaging.module.js';
import { NEXT_MESSAGES } from './pace.queries.js';
import { PacedQueueService } from './paced-queue.service.js';

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

describe('the line of a session that sends by rules', () => {
  const app = useFeature(MessagingModule, { config: { roles: ['api'] } });

  /** Ids that sort after those of yesterday. */
  const insert = async (sessionId: string, rows: object[]) => {
    await app.db.query(
      `INSERT INTO messages (id, tenant_id, session_id, chat_id, message_id, sender_id, from_me, type, text, status, timestamp,
         priority, proto, typing_seconds)
       SELECT id, 'ten', $1, "chatId", id, 'me', coalesce("fromMe", true), 'text', id, coalesce(status, 'pending'), now(),
         priority, '', "typingSeconds"
       FROM jsonb_to_recordset($2::jsonb) AS r(id text, "chatId" text, "fromMe" boolean, status text, priority smallint,
         "typingSeconds" smallint)`,
      [sessionId, JSON.stringify(rows)],
    );
  };
  const aLine = async (rows: object[]) => {
    const { tenantId } = await app.aUser();
    const { id } = await app.aSession(tenantId);
    await insert(id, rows);
    const next = async () => (await app.get(PacedQueueService).next(id)).map((message) => message.id);
    return { id, next };
  };
  const leave = (id: string) => app.db.query(`UPDATE messages SET status = 'sent' WHERE id = $1`, [id]);

  it('sends answers first and campaigns last, and keeps the order of each chat', async () => {
    const { next } = await aLine([
      { id: 'wa1', chatId: '1', priority: 2 },
      { id: 'wa2', chatId: '2' },
      { id: 'wa0', chatId: '3', fromMe: false, status: 'delivered' },
      { id: 'wa3', chatId: '3' },
      { id: 'wa4', chatId: '4', priority: 2 },
      { id: 'wa5', chatId: '4', priority: 0 },
    ]);
    expect(await next()).toEqual(['wa3', 'wa4', 'wa5', 'wa2', 'wa1']);
  });

  it('makes what waits more urgent when something more urgent comes after it in the chat, or the chat writes', async () => {
    const { id, next } = await aLine([
      { id: 'wb1', chatId: '1', priority: 2 },
      { id: 'wb2', chatId: '2' },
      { id: 'wb3', chatId: '3' },
    ]);
    expect(await next()).toEqual(['wb2', 'wb3', 'wb1']);
    await insert(id, [{ id: 'wb4', chatId: '1', priority: 0 }]);
    expect(await next()).toEqual(['wb1', 'wb4', 'wb2', 'wb3']);
    await insert(id, [{ id: 'wb5', chatId: '3', fromMe: false, status: 'delivered' }]);
    await app.db.transaction((tx) => app.get(PacedQueueService).releaseChats(tx, id, ['3']));
    expect(await next()).toEqual(['wb1', 'wb3', 'wb4', 'wb2']);
  });

  it('lets nothing overtake a message of its chat that waits', async () => {
    const { id, next } = await aLine([
      { id: 'wc1', chatId: '1', typingSeconds: 5 },
      { id: 'wc2', chatId: '1' },
      { id: 'wc3', chatId: '2' },
    ]);
    expect(await next()).toEqual(['wc1', 'wc3']);
    await app.get(PacedQueueService).beginTyping(id, 'wc1');
    expect(await next()).toEqual(['wc3']);
    await app.db.query(`UPDATE messages SET not_before = now() WHERE id = 'wc1'`);
    expect(await next()).toEqual(['wc1', 'wc2', 'wc3']);
  });

  it('finds what may leave behind any number of messages that wait', async () => {
    const waiting = Array.from({ length: 250 }, (_, n) => ({ id: `we${1000 + n}`, chatId: '1' }));
    const { next } = await aLine([
      { id: 'we0', chatId: '1', typingSeconds: 5 },
      ...waiting,
      { id: 'we9', chatId: '2' },
    ]);
    await app.db.query(`UPDATE messages SET awaits_files = true WHERE id = 'we0'`);
    expect(await next()).toEqual(['we9']);
  });

  it('reads no more rows of ten thousand that wait than it takes, and finds an answer among them', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => ({ id: `wd${10_000 + n}`, chatId: `62${n}` }));
    const { id, next } = await aLine(rows);
    await insert(id, [
      { id: 'wd0', chatId: '6299999', fromMe: false, status: 'delivered' },
      { id: 'wd99999', chatId: '6299999' },
    ]);
    expect((await next()).slice(0, 2)).toEqual(['wd99999', 'wd10000']);
    await app.db.query('VACUUM ANALYZE messages');
    await leave('wd99999');
    const [{ 'QUERY PLAN': plans }] = await app.db.query<[{ 'QUERY PLAN': { Plan: Plan }[] }]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${NEXT_MESSAGES.text}`,
      [id, 100, 0, ''],
    );
    const scans = nodes(plans[0]?.Plan).filter((node) => node['Node Type'].includes('Scan'));
    expect(scans.map((node) => node['Index Name'])).toContain('messages_pending');
    expect(scans.every((node) => node['Node Type'] !== 'Seq Scan')).toBe(true);
    const read = scans.map(
      (node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
    );
    expect(Math.max(...read)).toBeLessThanOrEqual(200);
  });
});

function nodes(plan: Plan | undefined): Plan[] {
  return plan ? [plan, ...(plan.Plans ?? []).flatMap(nodes)] : [];
}
