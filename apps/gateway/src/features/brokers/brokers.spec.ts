import { Destination } from '@app/database/entities/destination.entity.js';
import { freePort } from '@app/testing/brokers/server-process.js';
import { useGateway } from '@app/testing/use-gateway.js';

const rabbitmq = { kind: 'rabbitmq', url: 'amqps://user:pass-word@rabbit.example.com/v%2Fhost' };
const kinds = [
  rabbitmq,
  {
    kind: 'sqs',
    url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo',
    credentials: { accessKeyId: 'AKIA1', secretAccessKey: 'pass-word' },
  },
  { kind: 'redis', url: 'redis://:pass-word@redis.example.com:6380/2' },
  { kind: 'nats', url: 'tls://nats.example.com', credentials: { token: 'pass-word' } },
  {
    kind: 'kafka',
    url: 'kafka+ssl://one.example.com:9093,two.example.com:9093',
    credentials: { username: 'me', password: 'pass-word' },
  },
];

describe('destinations over HTTP', () => {
  const gateway = useGateway({ roles: ['api'], outboundAllow: ['127.0.0.2'], webhookTimeoutMs: 2000 });
  let token: string;
  beforeAll(async () => ({ token } = await gateway.aTenant()));
  const call = (route: string, body?: unknown) => gateway.call(route, { token, body });
  const create = async (body: object) => (await call('POST /v1/destinations', body)).body;
  const sealed = (id: string) =>
    gateway.db
      .getRepository(Destination)
      .findOneOrFail({ where: { id }, select: { sealedSecrets: true, settings: true } });

  it.each(kinds)('creates, shows and deletes one of $kind, and keeps its secrets to itself', async (body) => {
    const made = await call('POST /v1/destinations', { ...body, types: ['message.*'], skips: ['own'] });
    expect(made.status).toBe(201);
    const { id } = made.body;
    expect(made.body).toMatchObject({ kind: body.kind, types: ['message.*'], skips: ['own'], isEnabled: true });
    const shown = [made, await call(`GET /v1/destinations/${id}`), await call('GET /v1/destinations')];
    for (const { text } of shown) expect(text).not.toContain('pass-word');
    const { sealedSecrets, settings } = await sealed(id);
    expect(sealedSecrets.includes('pass-word') || JSON.stringify(settings).includes('pass-word')).toBe(false);
    expect((await call(`DELETE /v1/destinations/${id}`)).status).toBe(204);
    expect((await call(`GET /v1/destinations/${id}`)).body.code).toBe('destination.not-found');
  });

  it('masks passwords in place, and fills in what is left out', async () => {
    const made = await create(rabbitmq);
    expect(made.url).toBe('amqps://user:***@rabbit.example.com/v%2Fhost');
    expect(made.settings).toMatchObject({ exchange: 'switchboard.events', routingKey: '{type}', queue: null });
    expect(made).toMatchObject({ credentials: null, tls: null });
    expect((await create(kinds[1]!)).settings).toEqual({ region: 'eu-west-1' });
    expect((await create(kinds[4]!)).credentials).toEqual({ username: 'me', password: '***' });
  });

  it('changes what is given, sets back what is null, and keeps a masked password', async () => {
    const { id } = await create({ ...rabbitmq, settings: { queue: 'q', maxLength: 5 }, types: ['test'] });
    const change = {
      url: 'amqps://other:***@rabbit.example.com/v%2Fhost',
      settings: { maxLength: null, exchange: 'e' },
    };
    const changed = await call(`PATCH /v1/destinations/${id}`, change);
    expect(changed.body).toMatchObject({
      url: 'amqps://other:***@rabbit.example.com/v%2Fhost',
      settings: { queue: 'q', exchange: 'e', maxLength: null },
      types: ['test'],
    });
    expect((await call(`PATCH /v1/destinations/${id}`, { types: null, isEnabled: false })).body).toMatchObject({
      types: [],
      isEnabled: false,
      settings: { queue: 'q' },
    });
    expect((await call(`POST /v1/destinations/${id}/test`)).body.code).toBe('destination.disabled');
  });

  it('takes no stored secret along to another host', async () => {
    for (const [body, url, pointer] of [
      [rabbitmq, 'amqps://user:***@thief.example.com/', '/url'],
      [rabbitmq, 'amqp://user:***@rabbit.example.com/v%2Fhost', '/url'],
      [kinds[3]!, 'tls://thief.example.com', '/credentials/token'],
      [kinds[4]!, 'kafka+ssl://one.example.com:9093,thief.example.com:9093', '/credentials/password'],
    ] as const) {
      const { id } = await create(body);
      const { body: problem } = await call(`PATCH /v1/destinations/${id}`, { url });
      expect(problem).toMatchObject({ code: 'destination.secret-missing', errors: [{ pointer }] });
      await call(`DELETE /v1/destinations/${id}`);
    }
  });

  it.each([
    [{ kind: 'carrier-pigeon' }, 'request.invalid', '/kind'],
    [{ ...rabbitmq, url: 'http://rabbit.example.com' }, 'request.invalid', '/url'],
    [{ ...rabbitmq, url: 'amqp://a:%zz@rabbit.example.com' }, 'request.invalid', '/url'],
    [{ ...rabbitmq, url: 'amqp://rabbit.example.com/?heartbeat=1' }, 'request.invalid', '/url'],
    [{ ...rabbitmq, url: 'amqp://a:***@rabbit.example.com' }, 'destination.secret-missing', '/url'],
    [{ ...rabbitmq, url: 'amqp://127.0.0.1' }, 'outbound.refused', '/url'],
    [{ ...rabbitmq, url: 'amqp://[::1]' }, 'outbound.refused', '/url'],
    [{ kind: 'redis', url: 'redis://localhost:6379' }, 'outbound.refused', '/url'],
    [{ kind: 'kafka', url: 'kafka://one.example.com:9092,10.0.0.1:9092' }, 'outbound.refused', '/url'],
    [{ kind: 'kafka', url: 'kafka://one.example.com' }, 'request.invalid', '/url'],
    [{ kind: 'kafka', url: 'kafka://one.example.com:99999' }, 'destination.invalid-settings', '/url'],
    [{ ...kinds[1], url: 'https://169.254.169.254/1/queue' }, 'outbound.refused', '/url'],
    [{ ...kinds[1], url: 'https://sqs.example.com/' }, 'request.invalid', '/url'],
    [{ kind: 'sqs', url: kinds[1]!.url }, 'request.invalid', '/credentials'],
    [{ kind: 'nats', url: 'nats://a-token@nats.example.com' }, 'destination.invalid-settings', '/url'],
    [{ kind: 'redis', url: 'redis://redis.example.com/db' }, 'destination.invalid-settings', '/url'],
    [{ ...rabbitmq, settings: { queue: 'of {sessionId}' } }, 'request.invalid', '/settings/queue'],
    [{ ...rabbitmq, settings: { routingKey: '{user}' } }, 'request.invalid', '/settings/routingKey'],
    [{ ...rabbitmq, settings: { queue: 'amq.gen' } }, 'request.invalid', '/settings/queue'],
    [{ ...rabbitmq, settings: { exchange: '{type}' } }, 'request.invalid', '/settings/exchange'],
    [{ ...rabbitmq, settings: { exchange: '' } }, 'destination.invalid-settings', '/settings/queue'],
    [{ ...rabbitmq, settings: { exchangeType: 'star' } }, 'request.invalid', '/settings/exchangeType'],
    [{ ...rabbitmq, settings: { maxLength: 0 } }, 'request.invalid', '/settings/maxLength'],
    [{ ...rabbitmq, settings: { queue: 'q', color: 'red' } }, 'request.invalid', '/settings/color'],
    [
      { ...rabbitmq, settings: { queue: 'q', queueType: 'stream', messageTtlMs: 1 } },
      'destination.invalid-settings',
      '/settings/messageTtlMs',
    ],
    [{ ...kinds[3], settings: { subject: 'a..b' } }, 'request.invalid', '/settings/subject'],
    [{ ...kinds[3], settings: { subject: 'a.*' } }, 'request.invalid', '/settings/subject'],
    [
      { ...kinds[3], settings: { subject: '{type}', stream: 's' } },
      'destination.invalid-settings',
      '/settings/subject',
    ],
    [{ ...kinds[4], settings: { topic: '..' } }, 'request.invalid', '/settings/topic'],
    [{ ...kinds[2], settings: { key: 'two words' } }, 'request.invalid', '/settings/key'],
    [
      { ...kinds[2], settings: { mode: 'channel', maxLength: 1 } },
      'destination.invalid-settings',
      '/settings/maxLength',
    ],
    [{ ...rabbitmq, tls: { ca: 'no PEM' } }, 'request.invalid', '/tls/ca'],
    [
      { ...rabbitmq, tls: { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' } },
      'destination.invalid-settings',
      '/tls',
    ],
    [{ ...rabbitmq, types: ['message.eaten'] }, 'destination.unknown-type', '/types/0'],
    [{ ...rabbitmq, sessionIds: ['ses_nobodys'] }, 'destination.unknown-session', '/sessionIds/0'],
    [{ ...rabbitmq, only: ['gossip'] }, 'request.invalid', '/only'],
  ])('refuses %j and names the field', async (body, code, pointer) => {
    const { status, body: problem } = await call('POST /v1/destinations', body);
    expect({ status, ...problem }).toMatchObject({ status: 400, code, errors: [{ pointer }] });
  });

  it('checks a change as it does a creation', async () => {
    const { id } = await create({ kind: 'redis', url: 'redis://redis.example.com' });
    for (const [change, pointer] of [
      [{ settings: { key: '{user}' } }, '/settings/key'],
      [{ settings: { color: 'red' } }, '/settings/color'],
      [{ url: 'amqp://redis.example.com' }, '/url'],
      [{ url: 'redis://127.0.0.1' }, '/url'],
      [{ credentials: { token: 'x' } }, '/credentials'],
      [{ kind: 'redis' }, '/kind'],
    ] as const)
      expect((await call(`PATCH /v1/destinations/${id}`, change)).body.errors).toMatchObject([{ pointer }]);
  });

  it('says why it cannot get through, without asking twice', async () => {
    const url = `redis://:pass-word@127.0.0.2:${await freePort()}`;
    const { status, body } = await call('POST /v1/destinations/check', { kind: 'redis', url });
    expect({ status, body }).toEqual({
      status: 200,
      body: { isReachable: false, latencyMs: expect.any(Number) as number, error: 'The connection was refused.' },
    });
    const { id } = await create({ kind: 'redis', url });
    expect((await call(`POST /v1/destinations/${id}/check`)).body).toMatchObject({ isReachable: false });
    expect(await call(`GET /v1/destinations/${id}/statistics`)).toMatchObject({
      status: 503,
      body: { code: 'destination.unreachable', detail: 'The connection was refused.' },
    });
  });

  it.each([
    'redis://no-such-name.invalid',
    'amqp://no-such-name.invalid',
    'nats://no-such-name.invalid',
    'kafka://no-such-name.invalid:1',
  ])('tells no more of %s than that it must be a public address', async (url) => {
    const { body } = await call('POST /v1/destinations/check', { kind: kindOf(url), url });
    expect(body).toMatchObject({ isReachable: false, error: expect.stringContaining('must') as string });
  });

  it("keeps a tenant's destinations from others, and the operator's apart from both", async () => {
    const { id } = await create({ kind: 'redis', url: 'redis://redis.example.com' });
    const stranger = await gateway.aTenant('Other');
    for (const route of ['GET', 'PATCH', 'DELETE'].map((method) => `${method} /v1/destinations/${id}`))
      expect((await gateway.call(route, { token: stranger.token, body: {} })).status).toBe(404);
    const { body: global } = await gateway.admin('POST /v1/admin/destinations', rabbitmq);
    expect(global).toMatchObject({ kind: 'rabbitmq', url: 'amqps://user:***@rabbit.example.com/v%2Fhost' });
    expect((await call(`GET /v1/destinations/${global.id}`)).status).toBe(404);
    expect((await gateway.admin(`GET /v1/admin/destinations/${id}`)).status).toBe(404);
    expect((await gateway.admin('GET /v1/admin/destinations')).body.items.map((item) => item.id)).toEqual([global.id]);
    expect((await gateway.admin(`PATCH /v1/admin/destinations/${global.id}`, { types: ['test'] })).body.types).toEqual([
      'test',
    ]);
    expect((await gateway.admin(`POST /v1/admin/destinations/${global.id}/test`)).status).toBe(202);
    expect((await gateway.admin(`DELETE /v1/admin/destinations/${global.id}`)).status).toBe(204);
  });
});

const kindOf = (url: string) => ({ amqp: 'rabbitmq' })[url.split(':')[0] ?? ''] ?? url.split(':')[0];
