import type { NewEvent } from '@app/platform/events/event-map.js';
import { soon } from '@app/testing/expect-soon.js';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { useLocalReceiver } from '@app/testing/local-receiver.js';
import { useGateway, type TestTenant } from '@app/testing/use-gateway.js';
import { DeliverySelection, type DeliveryFilter } from '../log/delivery-selection.js';

describe('dead letters and the archive over HTTP', () => {
  const gateway = useGateway({ roles: ['api', 'jobs'], outboundAllow: ['127.0.0.0/8'] });
  const receiver = useLocalReceiver();

  /** A tenant with a webhook and some deliveries that are given up. */
  const withDeadLetters = async (count: number) => {
    const tenant = await gateway.aTenant();
    receiver.answer(500);
    const { body } = await gateway.call('POST /v1/webhooks', { token: tenant.token, body: { url: receiver.url() } });
    await recordEvents(gateway, ...Array<NewEvent>(count).fill(qrEvent(tenant.id, 'ses_a')));
    await soon(async () => expect((await get(tenant, 'deliveries')).items[0]).toBeDefined());
    await gateway.db.query(
      `UPDATE deliveries SET status = 'dead', finished_at = now(), attempts = 12 WHERE tenant_id = $1`,
      [tenant.id],
    );
    receiver.answer();
    await gateway.call(`PATCH /v1/webhooks/${body.id}`, { token: tenant.token, body: { isEnabled: true } });
    return { tenant, webhook: body.id };
  };
  const call = ({ token }: TestTenant, route: string, body?: object) => gateway.call(route, { token, body });
  const get = async (tenant: TestTenant, path: string) => (await call(tenant, `GET /v1/${path}`)).body;
  const codeOf = async (tenant: TestTenant, route: string, body?: object) => {
    const { status, body: answer } = await call(tenant, route, body);
    return `${status} ${answer.code}`;
  };

  it('are listed, shown, counted, sent again and deleted', async () => {
    const { tenant, webhook } = await withDeadLetters(3);
    const { items } = await get(tenant, `dead-letters?destinationId=${webhook}&type=session.*&limit=2`);
    expect(items).toMatchObject([{ status: 'dead', destinationId: webhook, kind: 'webhook' }, { status: 'dead' }]);
    const letter = await get(tenant, `dead-letters/${items[0]!.id}`);
    expect(letter).toMatchObject({ event: { type: 'session.qr' }, attemptLog: expect.any(Array) as unknown[] });
    expect(await get(tenant, 'dead-letters/statistics')).toMatchObject({
      total: 3,
      byDestination: [{ destinationId: webhook, count: 3 }],
      byType: [{ type: 'session.qr', count: 3 }],
    });

    const filter = { type: 'session.qr' };
    const dry = await call(tenant, 'POST /v1/dead-letters/replay', { filter, dryRun: true });
    expect([dry.status, dry.body]).toMatchObject([202, { id: null, status: 'dry-run', total: 3 }]);
    const { body: replay } = await call(tenant, 'POST /v1/dead-letters/replay', { filter, removeAfter: true });
    expect(replay).toMatchObject({ status: 'finished', total: 3, queued: 3 });
    expect(await get(tenant, `replays/${replay.id}`)).toMatchObject({ id: replay.id, queued: 3 });
    await soon(async () => expect((await get(tenant, 'archive?status=delivered')).items).toHaveLength(3));
    expect((await get(tenant, 'dead-letters')).items).toEqual([]);

    const removal = await call(tenant, 'DELETE /v1/archive?status=delivered&dryRun=true');
    expect(removal.body).toEqual({ matched: 3, deleted: 0, hasMore: false });
    const removed = await call(tenant, 'DELETE /v1/archive?status=delivered&confirm=true');
    expect(removed.body).toEqual({ matched: 3, deleted: 3, hasMore: false });
    expect((await call(tenant, 'POST /v1/archive/prune', { olderThanHours: 1 })).body).toMatchObject({ deleted: 0 });
  });

  it('refuse what is malformed, unknown or not meant', async () => {
    const { tenant } = await withDeadLetters(1);
    const [letter] = (await get(tenant, 'dead-letters')).items;
    expect(await codeOf(tenant, 'DELETE /v1/dead-letters')).toBe('400 delivery.no-filter');
    expect(await codeOf(tenant, 'DELETE /v1/dead-letters?type=*')).toBe('400 delivery.unconfirmed');
    expect(await codeOf(tenant, 'POST /v1/dead-letters/replay', { filter: {} })).toBe('400 delivery.no-filter');
    expect(await codeOf(tenant, 'POST /v1/dead-letters/replay', {})).toBe('400 request.invalid');
    expect(await codeOf(tenant, `GET /v1/dead-letters?tenantId=${tenant.id}`)).toBe('400 request.invalid');
    expect(await codeOf(tenant, 'GET /v1/dead-letters?from=yesterday')).toBe('400 request.invalid');
    expect(await codeOf(tenant, 'GET /v1/dead-letters?type=message.eaten')).toBe('400 event.unknown-type');
    expect(await codeOf(tenant, 'GET /v1/dead-letters?destinationId=whk_x')).toBe('404 webhook.not-found');
    expect(await codeOf(tenant, 'GET /v1/dead-letters/evt_x')).toBe('404 dead-letter.not-found');
    expect(await codeOf(tenant, `POST /v1/deliveries/${letter!.id}/retry`)).toBe('409 delivery.finished');
    expect(await codeOf(tenant, 'POST /v1/events/replay', {})).toBe('400 replay.no-events');
    expect(await codeOf(tenant, 'GET /v1/replays/rpl_x')).toBe('404 replay.not-found');
    expect(await codeOf(tenant, 'PATCH /v1/account/retention', { eventDays: 31 })).toBe('400 retention.too-long');
    const longer = { eventDays: 5, deadLetterDays: 6 };
    expect(await codeOf(tenant, 'PATCH /v1/account/retention', longer)).toBe('400 retention.too-long');
    const kept = { eventDays: 5, deliveryDays: 2, deadLetterDays: null };
    expect((await call(tenant, 'PATCH /v1/account/retention', kept)).body).toEqual(kept);
  });

  it('are the operator’s for all tenants', async () => {
    const [one, two] = [await withDeadLetters(1), await withDeadLetters(2)];
    const list = async (query: string) => (await gateway.admin(`GET /v1/admin/dead-letters?${query}`)).body.items;
    expect((await list('')).length).toBeGreaterThanOrEqual(3);
    expect(await list(`tenantId=${two.tenant.id}`)).toHaveLength(2);
    const filter = { tenantId: one.tenant.id };
    const { body } = await gateway.admin('POST /v1/admin/dead-letters/replay', { filter });
    expect(body).toMatchObject({ status: 'finished', queued: 1 });
    const route = `DELETE /v1/admin/dead-letters?tenantId=${two.tenant.id}&confirm=true`;
    expect((await gateway.admin(route)).body).toMatchObject({ deleted: 2 });
    expect(await list(`tenantId=${one.tenant.id}`)).toHaveLength(1);
    expect((await gateway.admin('GET /v1/admin/retention')).body).toMatchObject({ eventDays: 30 });
  });

  it('are found among 100 000 deliveries without looking at all of them', async () => {
    const { tenant, webhook } = await withDeadLetters(2);
    await gateway.db.query(
      `INSERT INTO deliveries (tenant_id, lane_id, destination_id, event_id, type, status, finished_at)
       SELECT $1, 0, $2, 'evt_' || n, 'message.sent', 'delivered', now() FROM generate_series(1, 100000) AS n`,
      [tenant.id, webhook],
    );
    await gateway.db.query('ANALYZE deliveries');
    const plans = async (owner: string | null, filter: DeliveryFilter) => {
      const selection = new DeliverySelection(owner, filter, { isFinished: true });
      const sql = `EXPLAIN (ANALYZE, FORMAT JSON) ${selection.page(null, 51, 'DESC')}`;
      const [row] = await gateway.db.query<{ 'QUERY PLAN': unknown }[]>(sql, selection.values);
      return JSON.stringify(row);
    };
    const filters: DeliveryFilter[] = [
      {},
      { status: 'dead' },
      { status: 'delivered' },
      { destinationId: webhook },
      { type: 'session.qr' },
      { eventId: 'evt_5' },
      { ids: ['1', '2'] },
      { from: new Date(Date.now() - 1000), to: new Date() },
    ];
    for (const owner of [tenant.id, null])
      for (const filter of filters) {
        const plan = await plans(owner, filter);
        expect([
          filter,
          /"Seq Scan","Parallel Aware":\w+,"Async Capable":\w+,"Relation Name":"deliveries"/.test(plan),
        ]).toEqual([filter, false]);
        const rows = [...plan.matchAll(/"Actual Rows":([\d.]+)/g)].map(([, count]) => Number(count));
        expect(Math.max(...rows)).toBeLessThanOrEqual(20_000);
      }
  });
});
