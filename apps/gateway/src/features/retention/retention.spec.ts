import { Delivery } from '@app/database/entities/delivery.entity.js';
import { AuthModule } from '@app/platform/auth/auth.module.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { aRedisServer, hasRedisServer } from '@app/testing/redis-server.js';
import { soon } from '@app/testing/expect-soon.js';
import { useFeature } from '@app/testing/use-feature.js';
import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { EventsModule } from '../events/events.module.js';
import { EventsService } from '../events/events.service.js';
import { newId } from '@app/platform/ids/id.js';
import { In } from 'typeorm';
import { RetentionRunsService } from './retention-runs.service.js';
import { RETENTION_QUEUE } from './retention.job.js';
import { RetentionModule } from './retention.module.js';
import { RetentionService } from './retention.service.js';

describe('RetentionService', () => {
  const app = useFeature([AuthModule, EventsModule, RetentionModule], {
    config: { roles: ['api'], eventRetentionDays: 10 },
  });

  it('removes events and deliveries that are older than EVENT_RETENTION_DAYS, and leaves the rest', async () => {
    const { tenantId } = await app.aUser();
    await aDestination(tenantId);
    const event: NewEvent = { tenantId, sessionId: null, type: 'test', data: { webhookId: '', text: '' } };
    const ids = await recordEvents(app, event, event);
    await app.db.query(`UPDATE events SET timestamp = now() - interval '11 days' WHERE id = $1`, [ids[0]]);
    await app.db.query(`UPDATE deliveries SET created_at = now() - interval '11 days' WHERE event_id = $1`, [ids[0]]);
    await expect(app.get(RetentionService).run()).resolves.toMatchObject({ events: 1, deliveries: 1 });
    expect(await app.db.query('SELECT id FROM events')).toEqual([{ id: ids[1] }]);
    expect(await app.db.getRepository(Delivery).find()).toMatchObject([{ eventId: ids[1] }]);
  });

  it('tells those who follow the log what they have missed, and nobody else', async () => {
    const { tenantId } = await app.aUser();
    const add = () => recordEvents(app, qrEvent(tenantId, 'ses_kept'));
    const list = (after?: string) =>
      app.get(EventsService).list({ tenantId, userId: '', role: 'owner' }, { after, limit: 1 });
    for (let n = 0; n < 3; n += 1) await add();
    const first = await list();
    const second = await list(first.nextCursor ?? '');
    await app.db.query(
      `UPDATE events SET timestamp = now() - interval '11 days' WHERE session_id = 'ses_kept' AND sequence < 3`,
    );
    await app.get(RetentionService).run();
    await expect(list(first.nextCursor ?? '')).rejects.toMatchObject({ code: 'events.cursor-expired' });
    expect((await list(second.nextCursor ?? '')).items).toHaveLength(1);
    await add();
    const numbers = await app.db.query<object[]>(
      `SELECT sequence FROM events WHERE session_id = 'ses_kept' ORDER BY sequence`,
    );
    expect(numbers).toEqual([{ sequence: '3' }, { sequence: '4' }]);
  });

  const aDestination = async (tenantId: string, id = 'whk_1') => {
    await app.db.query(
      `INSERT INTO destinations (id, tenant_id, kind, url, sealed_secrets) VALUES ($1, $2, 'webhook', 'https://x', '')`,
      [id, tenantId],
    );
    return id;
  };

  it('keeps events and deliveries for as long as their tenant wants, and dead letters apart', async () => {
    const [frugal, other] = [
      await app.aTenant({ eventDays: 8, deliveryDays: 2, deadLetterDays: 5 }),
      await app.aTenant(),
    ];
    const kept: string[] = [];
    for (const { id: tenantId } of [frugal, other])
      for (const [age, status, isKept] of [
        [9, 'pending', false],
        [6, 'dead', false],
        [6, 'pending', true],
        [4, 'dead', true],
        [3, 'delivered', false],
        [1, 'delivered', true],
      ] as const) {
        const destinationId = await aDestination(tenantId, newId('webhook'));
        const [eventId = ''] = await app.db.transaction((tx) =>
          app
            .get(Outbox)
            .add(tx, [{ tenantId, sessionId: null, type: 'test', data: { webhookId: '', text: '' }, destinationId }]),
        );
        await app.db.query(`UPDATE events SET timestamp = now() - $2 * interval '1 day' WHERE id = $1`, [eventId, age]);
        await app.db.query(
          `UPDATE deliveries SET created_at = now() - $2 * interval '1 day', status = $3, id = -id - $2 * 1000 WHERE event_id = $1`,
          [eventId, age, status],
        );
        if (isKept || tenantId === other.id) kept.push(eventId);
      }
    const removed = { deliveredOfTenants: 1, deadOfTenants: 1, eventsOfTenants: 1 };
    await expect(app.get(RetentionService).run()).resolves.toMatchObject(removed);
    const left = await app.db
      .getRepository(Delivery)
      .find({ where: { tenantId: In([frugal.id, other.id]) }, order: { eventId: 'ASC' } });
    expect(left.map(({ eventId }) => eventId).sort()).toEqual(kept.sort());
  });

  it('removes journal rows a week after they were processed, and never before', async () => {
    const rows = [
      ['processed long ago', '8 days', '8 days'],
      ['processed now', '8 days', '0 days'],
      ['not processed', '8 days', null],
    ];
    for (const [key, created, processed] of rows)
      await app.db.query(
        `INSERT INTO inbound_journal (session_id, key, tenant_id, message_id, sealed, created_at, processed_at)
         VALUES ('ses_1', $1, 'ten_1', 'm', '', now() - $2::interval, now() - $3::interval)`,
        [key, created, processed],
      );
    await expect(app.get(RetentionService).run()).resolves.toMatchObject({ journal: 1 });
    const left = await app.db.query<{ key: string }[]>('SELECT key FROM inbound_journal ORDER BY key');
    expect(left.map(({ key }) => key)).toEqual(['not processed', 'processed now']);
  });

  it('removes deleted sessions with their logins and messages when their time is up, and no others', async () => {
    const { tenantId } = await app.aUser();
    const [old, recent, live] = [
      await app.aSession(tenantId),
      await app.aSession(tenantId),
      await app.aSession(tenantId),
    ];
    await app.db.query(`UPDATE sessions SET deleted_at = now() - interval '11 days' WHERE id = $1`, [old.id]);
    await app.db.query(`UPDATE sessions SET deleted_at = now() - interval '9 days' WHERE id = $1`, [recent.id]);
    for (const { id } of [old, recent, live]) {
      await app.db.query(`INSERT INTO session_credentials (session_id, tenant_id, sealed) VALUES ($1, 'ten', '')`, [
        id,
      ]);
      await app.db.query(
        `INSERT INTO signal_keys (session_id, tenant_id, type, id, sealed) VALUES ($1, 'ten', 'session', 'a', '')`,
        [id],
      );
    }
    await expect(app.get(RetentionService).run()).resolves.toMatchObject({
      sessions: 1,
      credentials: 1,
      signalKeys: 1,
    });
    const left = await app.db.query<{ session_id: string }[]>('SELECT session_id FROM session_credentials');
    expect(left.map(({ session_id }) => session_id).sort()).toEqual([recent.id, live.id].sort());
  });

  it('pain-05: keeps for 14 days what a recipient may ask for again, longer than events, and after it is deleted here', async () => {
    const { tenantId } = await app.aUser();
    const { id: sessionId } = await app.aSession(tenantId);
    const messages = [
      ['sent', '13 days', null],
      ['sent long ago', '400 days', null],
      ['deleted here', '13 days', '12 days'],
      ['deleted long ago', '15 days', '14 days'],
    ];
    for (const [id, age, deleted] of messages)
      await app.db.query(
        `INSERT INTO messages (id, tenant_id, session_id, chat_id, message_id, sender_id, from_me, type, status, proto,
           timestamp, created_at, deleted_at)
         VALUES ($1, $2, $3, '1', $1, 'me', true, 'text', 'server_ack', 'p', now() - $4::interval, now() - $4::interval,
           now() - $5::interval)`,
        [id, tenantId, sessionId, age, deleted],
      );
    await expect(app.get(RetentionService).run()).resolves.toMatchObject({ messages: 0, protosOfDeleted: 1 });
    const kept = await app.db.query<{ id: string }[]>(
      'SELECT id FROM messages WHERE session_id = $1 AND proto IS NOT NULL ORDER BY id',
      [sessionId],
    );
    expect(kept.map(({ id }) => id)).toEqual(['deleted here', 'sent', 'sent long ago']);
  });

  it('removes lanes of webhooks and sessions that are gone', async () => {
    const { tenantId } = await app.aUser();
    const { id: session } = await app.aSession(tenantId);
    await app.db.query('DELETE FROM delivery_lanes');
    await aDestination(tenantId, 'whk_2');
    const lanes = [
      ['whk_2', session],
      ['whk_2', ''],
      ['whk_2', 'ses_gone'],
      ['whk_gone', session],
    ];
    for (const lane of lanes)
      await app.db.query('INSERT INTO delivery_lanes (tenant_id, destination_id, session_id) VALUES ($1, $2, $3)', [
        tenantId,
        ...lane,
      ]);
    await expect(app.get(RetentionService).run()).resolves.toMatchObject({ lanes: 2 });
  });
});

const backends: [string, boolean, () => Promise<{ redisUrl?: string; stop(): Promise<void> }>][] = [
  ['PostgreSQL', true, () => Promise.resolve({ stop: () => Promise.resolve() })],
  ['Redis', hasRedisServer(), aRedisServer],
];

describe.each(backends)('the retention job on %s', (_name, isThere, start) => {
  if (!isThere) return it.skip('needs redis-server on PATH', () => {});
  let backend: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => void (backend = await start()));
  const config = () => ({ roles: ['jobs' as const], redisUrl: backend.redisUrl });
  const app = useFeature(RetentionModule, { config });
  afterAll(() => backend.stop());

  it('runs at start, is due again within the hour, and says what it removed', async () => {
    const queue = app.get<Queue>(getQueueToken(RETENTION_QUEUE));
    await soon(async () => {
      const [job] = await queue.getCompleted();
      expect(job?.returnvalue).toMatchObject({ deliveries: 0, events: 0, journal: 0, sessions: 0, lanes: 0 });
    });
    const [scheduler] = await queue.getJobSchedulers();
    expect(scheduler).toMatchObject({ name: 'retention', every: 3_600_000 });
    expect(scheduler?.next).toBeGreaterThan(Date.now());
  });

  it('runs when asked, too, and says so', async () => {
    const runs = app.get(RetentionRunsService);
    await soon(async () => expect((await runs.state()).isRunning).toBe(false));
    const before = (await runs.state()).runs.length;
    expect(await runs.start()).toMatchObject({ isRunning: true, eventDays: 30 });
    await soon(async () => {
      const { runs: done } = await runs.state();
      expect(done).toHaveLength(before + 1);
      expect(done[0]?.finishedAt).toBeInstanceOf(Date);
    });
  });
});
