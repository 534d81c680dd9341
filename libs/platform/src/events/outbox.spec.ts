import { DeliveryLane } from '@app/database/entities/delivery-lane.entity.js';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Destination } from '@app/database/entities/destination.entity.js';
import { Event } from '@app/database/entities/event.entity.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { useFeature } from '@app/testing/use-feature.js';
import { Client } from 'pg';
import { newId } from '../ids/id.js';
import type { NewEvent } from './event-map.js';
import { Outbox } from './outbox.js';

describe('Outbox', () => {
  const app = useFeature([]);
  const add = (...events: NewEvent[]) => recordEvents(app, ...events);
  const aDestination = (tenantId: string | null, settings: Partial<Destination> = {}) =>
    app.db.getRepository(Destination).save({
      id: newId('webhook'),
      tenantId,
      kind: 'webhook' as const,
      url: 'https://example.com',
      sealedSecrets: Buffer.of(),
      ...settings,
    });
  const test = (tenantId: string): NewEvent => ({
    tenantId,
    sessionId: null,
    type: 'test',
    data: { webhookId: '', text: '' },
  });
  const sequences = async (sessionId: string) =>
    (await app.db.getRepository(Event).find({ where: { sessionId }, order: { position: 'ASC' } })).map(({ sequence }) =>
      Number(sequence),
    );

  it('numbers the events of each session without gaps, in the order given', async () => {
    const { tenantId } = await app.aUser();
    const [a, b] = [newId('session'), newId('session')];
    const ids = await add(qrEvent(tenantId, b), qrEvent(tenantId, a), qrEvent(tenantId, b), test(tenantId));
    await add(qrEvent(tenantId, a), qrEvent(tenantId, b));
    expect([await sequences(a), await sequences(b)]).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    const first = await app.db.getRepository(Event).findOneByOrFail({ id: ids[3] });
    expect(first).toMatchObject({ type: 'test', sessionId: null, sequence: null, tenantId });
  });

  it('gives the numbers of a transaction that fails to the next', async () => {
    const { tenantId } = await app.aUser();
    const session = newId('session');
    const failing = app.db.transaction(async (tx) => {
      await app.get(Outbox).add(tx, [qrEvent(tenantId, session)]);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await add(qrEvent(tenantId, session));
    expect(await sequences(session)).toEqual([1]);
  });

  it('neither deadlocks nor leaves gaps when transactions carry the same sessions in different orders', async () => {
    const { tenantId } = await app.aUser();
    await aDestination(tenantId);
    const sessions = Array.from({ length: 8 }, () => newId('session'));
    const rounds = Array.from({ length: 40 }, (_, round) => {
      const shifted = [...sessions.slice(round % 8), ...sessions.slice(0, round % 8)];
      return add(...(round % 2 ? shifted.reverse() : shifted).map((id) => qrEvent(tenantId, id)));
    });
    await Promise.all(rounds);
    for (const id of sessions) expect(await sequences(id)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const lanes = await app.db.getRepository(DeliveryLane).findBy({ tenantId });
    expect(lanes).toHaveLength(8);
    for (const { id } of lanes)
      expect(await deliveredSequences(id)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  const deliveredSequences = async (laneId: string) => {
    const rows = await app.db.query<{ sequence: string }[]>(
      'SELECT e.sequence FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.lane_id = $1 ORDER BY d.id',
      [laneId],
    );
    return rows.map(({ sequence }) => Number(sequence));
  };

  it('loses no delivery when two transactions make the same lane', async () => {
    const { tenantId } = await app.aUser();
    const { id: destinationId } = await aDestination(tenantId);
    const session = newId('session');
    let second: Promise<unknown> | undefined;
    await app.db.transaction(async (tx) => {
      await app.get(Outbox).add(tx, [qrEvent(tenantId, session)]);
      second = add(qrEvent(tenantId, session));
      await untilBlocked();
    });
    await second;
    expect(await app.db.getRepository(Delivery).countBy({ destinationId })).toBe(2);
  });

  const untilBlocked = async () => {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await app.db.query<unknown[]>(waiting)).length === 0);
  };

  it.each([
    ['no filter', {}, ['session.qr', 'session.qr', 'test']],
    ['a type', { types: ['session.qr'] }, ['session.qr', 'session.qr']],
    ['a group', { types: ['message.*', 'session.*'] }, ['session.qr', 'session.qr']],
    ['everything', { types: ['*'] }, ['session.qr', 'session.qr', 'test']],
    ['another type', { types: ['message.*'] }, []],
    ['one session', { sessionIds: ['ses_one'] }, ['session.qr']],
    ['being disabled', { isEnabled: false }, []],
  ])('queues for a destination with %s exactly what it wants', async (_title, settings, expected) => {
    const { tenantId } = await app.aUser();
    const { id } = await aDestination(tenantId, settings);
    await aDestination((await app.aUser()).tenantId);
    await add(qrEvent(tenantId, 'ses_one'), qrEvent(tenantId, 'ses_two'), test(tenantId));
    expect(await queuedTypes(id)).toEqual(expected);
  });

  const queuedTypes = async (destinationId: string) => {
    const rows = await app.db.query<{ type: string }[]>(
      'SELECT e.type FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.destination_id = $1 ORDER BY d.id',
      [destinationId],
    );
    return rows.map(({ type }) => type);
  };

  it('queues an event that names a destination for that one alone', async () => {
    const { tenantId } = await app.aUser();
    const [picked, other] = [await aDestination(tenantId, { types: ['message.*'] }), await aDestination(tenantId)];
    await add({ ...test(tenantId), destinationId: picked.id });
    expect([await queuedTypes(picked.id), await queuedTypes(other.id)]).toEqual([['test'], []]);
  });

  it('queues a quiet event for nobody, and keeps it in the log', async () => {
    const { tenantId } = await app.aUser();
    const { id: destinationId } = await aDestination(tenantId);
    const [id] = await add({ ...qrEvent(tenantId, 'ses_a'), isQuiet: true }, { ...test(tenantId), isQuiet: false });
    expect(await queuedTypes(destinationId)).toEqual(['test']);
    expect(await app.db.getRepository(Event).findOneByOrFail({ id })).toMatchObject({
      type: 'session.qr',
      sequence: '1',
    });
  });

  it("queues the events of several tenants for the operator's destination, also those of no session", async () => {
    const [one, two] = [await app.aUser(), await app.aUser()];
    const { id: destinationId } = await aDestination(null, { types: ['session.qr'] });
    const ids = await add(
      qrEvent(one.tenantId, null),
      qrEvent(two.tenantId, null),
      qrEvent(one.tenantId, newId('session')),
    );
    const queued = await app.db.getRepository(Delivery).find({ where: { destinationId }, order: { id: 'ASC' } });
    expect(queued.map(({ eventId, tenantId }) => [eventId, tenantId])).toEqual([
      [ids[0], one.tenantId],
      [ids[1], two.tenantId],
      [ids[2], one.tenantId],
    ]);
    await app.db.getRepository(Destination).delete({ id: destinationId });
  });

  it('takes what is about no chat', async () => {
    const { tenantId } = await app.aUser();
    const history = { id: 'hist_1', kind: 'full', state: 'running', progress: 1, chats: 0, messages: 0 } as const;
    const scope = { tenantId, sessionId: 'ses_history' };
    await add({ ...scope, type: 'history.progress', data: { ...history, chatId: null } });
    expect(await sequences('ses_history')).toEqual([1]);
  });

  it('takes text that PostgreSQL would refuse', async () => {
    const { tenantId } = await app.aUser();
    const [id] = await add(qrEvent(tenantId, null, 'a\u0000b \ud800 \\u0000 😀'));
    const { data } = await app.db.getRepository(Event).findOneByOrFail({ id });
    expect(data).toMatchObject({ qr: 'a\ufffdb \ufffd \\u0000 😀' });
  });

  it('wakes the delivery workers once a transaction, naming the lanes', async () => {
    const { tenantId } = await app.aUser();
    await aDestination(tenantId);
    const listener = new Client(app.databaseUrl);
    await listener.connect();
    await listener.query('LISTEN deliveries');
    const payloads: string[] = [];
    listener.on('notification', ({ payload }) => payloads.push(payload ?? ''));
    await add(qrEvent(tenantId, 'ses_a'), qrEvent(tenantId, 'ses_b'), qrEvent(tenantId, 'ses_a'));
    await listener.query('SELECT 1');
    await listener.end();
    const lanes = await app.db.getRepository(DeliveryLane).findBy({ tenantId });
    expect(payloads.map((payload) => payload.split(',').sort())).toEqual([lanes.map(({ id }) => id).sort()]);
  });

  it('refuses to work outside a transaction', async () => {
    await expect(app.get(Outbox).add(app.db.manager, [test('ten_x')])).rejects.toThrow('transaction');
  });
});
