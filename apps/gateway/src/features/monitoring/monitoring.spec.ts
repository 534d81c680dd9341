import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { qrEvent, recordEvents } from '@app/testing/events.js';
import { soon } from '@app/testing/expect-soon.js';
import { LocalReceiver } from '@app/testing/local-receiver.js';
import { useGateway, type TestTenant } from '@app/testing/use-gateway.js';

describe('monitoring', () => {
  const gateway = useGateway({ roles: ['api', 'jobs'], outboundAllow: ['127.0.0.0/8'] });
  const receiver = new LocalReceiver();
  let url = '';
  beforeAll(async () => {
    await receiver.start();
    await gateway.app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(gateway.app.getHttpServer().address() as AddressInfo).port}/v1/admin/monitoring`;
  });
  afterAll(() => receiver.stop());

  const aWebhook = async (tenant: TestTenant, path = '/') => {
    const body = { url: receiver.url(path) };
    return (await gateway.call('POST /v1/webhooks', { token: tenant.token, body })).body.id;
  };
  const happen = ({ id: tenantId }: TestTenant) => {
    return recordEvents(gateway, qrEvent(tenantId, 'ses_a', 'secret'));
  };

  interface Watch {
    text: string;
    end(): void;
  }
  const open: Watch[] = [];
  afterEach(() => open.splice(0).forEach((watch) => watch.end()));

  /** Collects what a stream says. */
  const watch = async (query: string, token?: string): Promise<Watch> => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const request = get(`${url}/stream?${query}`, { agent: false, headers });
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const watched: Watch = { text: '', end: () => request.destroy() };
    open.push(watched);
    response.setEncoding('utf8').on('error', () => undefined);
    response.on('data', (chunk: string) => (watched.text += chunk));
    await soon(() => expect(watched.text).toContain('retry:'));
    return watched;
  };

  it('streams events and deliveries of all tenants, without what the events carry', async () => {
    const [one, two] = [await gateway.aTenant(), await gateway.aTenant()];
    const webhook = await aWebhook(one);
    const stream = await watch('', gateway.adminToken);
    const [[first], [second]] = [await happen(one), await happen(two)];
    await soon(() => {
      expect(stream.text).toContain(`event: event\ndata: {"id":"${first}"`);
      expect(stream.text).toContain(`event: event\ndata: {"id":"${second}"`);
      expect(stream.text).toMatch(new RegExp(`event: delivery.*"delivered".*"${webhook}"`, 's'));
    });
    expect(stream.text.split(first!)).toHaveLength(3);
    expect(stream.text).not.toContain('secret');
  });

  it('is kept to a tenant, a type or an outcome', async () => {
    const [one, two] = [await gateway.aTenant(), await gateway.aTenant()];
    await aWebhook(one);
    await aWebhook(two, '/down');
    receiver.answer((response, { path }) => void response.writeHead(path === '/down' ? 500 : 204).end());
    const streams = await Promise.all(
      [`tenantId=${one.id}`, 'status=failed', 'type=message.*'].map((query) => watch(query, gateway.adminToken)),
    );
    await happen(one);
    await happen(two);
    const [ofOne, failed, messages] = streams.map((stream) => () => stream.text);
    await soon(() => {
      expect(ofOne!()).toContain('"delivered"');
      expect(failed!()).toContain('"status":"failed"');
    });
    expect(ofOne!()).not.toContain(two.id);
    expect(failed!()).not.toContain(one.id);
    expect(failed!()).not.toContain('event: event');
    expect(messages!()).not.toContain('data:');
    receiver.answer();
  });

  it('opens with a token for the stream, that may be for one tenant, and with no other', async () => {
    const [one, two] = [await gateway.aTenant(), await gateway.aTenant()];
    const { body, status } = await gateway.admin('POST /v1/admin/monitoring/tokens', { tenantId: one.id });
    expect(status).toBe(201);
    const stream = await watch(`token=${body.token}&tenantId=${two.id}`);
    await happen(two);
    const [own] = await happen(one);
    await soon(() => expect(stream.text).toContain(own));
    expect(stream.text).not.toContain(two.id);

    const refused = async (query: string, token?: string) =>
      (await gateway.call(`GET /v1/admin/monitoring/stream?${query}`, { token })).body.code;
    expect(await refused('')).toBe('token.missing');
    expect(await refused('', one.token)).toBe('access.admin-only');
    expect(await refused(`token=${gateway.adminToken}`)).toBe('token.invalid');
    expect(await refused(`token=${body.token.replace(one.id, two.id)}`)).toBe('token.invalid');
    expect(await refused(`token=${body.token}x`)).toBe('token.invalid');
    expect(await refused('type=message.eaten', gateway.adminToken)).toBe('event.unknown-type');
    expect((await gateway.call('GET /v1/admin/monitoring/statistics', { token: body.token })).status).toBe(401);
  });

  it('counts what waits and how the last hour was, for operators and for Prometheus', async () => {
    const tenant = await gateway.aTenant();
    const webhook = await aWebhook(tenant);
    await happen(tenant);
    const down = await aWebhook(tenant, '/down');
    receiver.answer(500);
    await happen(tenant);
    const figures = async () =>
      (await gateway.admin(`GET /v1/admin/monitoring/statistics?tenantId=${tenant.id}`)).body as unknown as {
        lastHour: { destinationId: string; delivered: number; failedAttempts: number }[];
        events: object[];
      };
    await soon(async () => {
      const { lastHour, events } = await figures();
      expect(lastHour.find(({ destinationId }) => destinationId === webhook)).toMatchObject({ delivered: 1 });
      expect(lastHour.find(({ destinationId }) => destinationId === down)).toMatchObject({ failedAttempts: 1 });
      expect(events).toEqual([{ type: 'session.qr', count: 2 }]);
    });
    const { text } = await gateway.call('GET /metrics');
    expect(text).toMatch(/switchboard_delivery_attempts_total{kind="webhook",outcome="failed"} [1-9]/);
    expect(text).toMatch(/switchboard_delivery_attempts_total{kind="webhook",outcome="delivered"} [1-9]/);
    expect(text).toContain('# TYPE switchboard_deliveries_pending gauge');
    expect(text).toMatch(/switchboard_event_log_lag_seconds \d/);
    receiver.answer();
  });
});
