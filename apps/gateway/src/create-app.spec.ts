import { Logger } from '@nestjs/common';
import { useGateway } from '@app/testing/use-gateway.js';

const json = { 'content-type': 'application/json' };

describe('the HTTP surface', () => {
  const gateway = useGateway({ maxBodyBytes: 100_000 });
  const create = (body: unknown, headers: Record<string, string> = {}) =>
    gateway.call('POST /v1/admin/tenants', { token: gateway.adminToken, body, headers });

  it('answers a problem of RFC 9457 for an unknown route', async () => {
    const { status, headers, body } = await gateway.call('GET /v1/nope?token=secret');
    expect(status).toBe(404);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toEqual({
      type: 'urn:problem:route.not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no such route; see /docs.',
      instance: '/v1/nope',
      code: 'route.not-found',
      requestId: headers['x-request-id'],
    });
  });

  it('names the fields that are wrong, missing and unknown', async () => {
    const { status, body } = await create({ name: 5, colour: 'red' });
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors).toEqual([
      { pointer: '/colour', detail: 'is not a known field' },
      { pointer: '/name', detail: 'must be a text of 1 to 100 characters' },
    ]);
    expect((await create({})).body.errors).toEqual([expect.objectContaining({ pointer: '/name' })]);
  });

  it.each([
    ['malformed JSON', '{"name":', 400, 'request.malformed'],
    ['a poisoned prototype', '{"name":"x","__proto__":{"a":1}}', 400, 'request.malformed'],
    ['a list', '[1]', 400, 'request.invalid'],
    ['a bare text', '"text"', 400, 'request.invalid'],
    ['an empty body', '', 400, 'request.invalid'],
    ['a character that cannot be stored', '{"name":"a\\u0000b"}', 400, 'request.invalid'],
    ['a body above the limit', JSON.stringify({ name: 'x'.repeat(5_000_000) }), 413, 'request.too-large'],
  ])('refuses %s', async (_, text, status, code) => {
    const answer = await create(text, json);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each([
    ['deep nesting', `${'['.repeat(5000)}${']'.repeat(5000)}`, '/a' + '/0'.repeat(31)],
    ['very many keys', JSON.stringify(Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [i, 1]))), '/a'],
    ['very many values', JSON.stringify(Array.from({ length: 10_000 }, () => 1)), '/a'],
    ['a key that every object has', '{"toString":1}', '/a/toString'],
    ['a constructor of its own', '{"x/y":{"constructor":1}}', '/a/x~1y/constructor'],
  ])('refuses %s', async (_, inner, pointer) => {
    const { status, body } = await create(`{"name":"x","a":${inner}}`, json);
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors).toEqual([{ pointer, detail: expect.any(String) as string }]);
  });

  it('refuses thousands of unknown fields and lists 50 at most', async () => {
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1]));
    expect(await create(fields(200))).toMatchObject({ status: 400, body: { errors: { length: 50 } } });
    expect(await create(fields(8000))).toMatchObject({ status: 400, body: { errors: [{ pointer: '' }] } });
  });

  it('tells the limit of bodies', async () => {
    expect((await create('x'.repeat(100_001), json)).body.detail).toContain('100000 bytes');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])('refuses %s', async (type) => {
    const { status, body } = await create('name=x', { 'content-type': type });
    expect([status, body.code]).toEqual([415, 'request.media-type']);
  });

  it.each(['/v1/%zz', '/v1/admin/tenants/%00', `/v1/admin/tenants/${'x'.repeat(600)}`])(
    'answers the strange path %.40s with a problem',
    async (path) => {
      const { status, body, headers } = await gateway.call(`GET ${path}`, { token: gateway.adminToken });
      expect([400, 404, 414]).toContain(status);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(body.requestId).toBe(headers['x-request-id']);
    },
  );

  it('takes over a harmless request id and no other', async () => {
    const idFor = async (id: string) =>
      (await gateway.call('GET /health/live', { headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await idFor('order-42:1')).toBe('order-42:1');
    expect(await idFor('a b')).not.toBe('a b');
    expect(await idFor('x'.repeat(65))).toHaveLength(36);
  });

  it('reads numbers of the query and refuses a broken cursor', async () => {
    const list = (query: string) => gateway.call(`GET /v1/admin/tenants?${query}`, { token: gateway.adminToken });
    await gateway.aTenant();
    await gateway.aTenant();
    const first = await list('limit=1');
    expect(first.body.items).toHaveLength(1);
    const second = await list(`limit=1&cursor=${first.body.nextCursor}`);
    expect(`${second.body.items[0]?.id}` > `${first.body.items[0]?.id}`).toBe(true);
    expect((await list('limit=0')).body.errors).toEqual([
      { pointer: '/limit', detail: 'must be a whole number from 1 to 200' },
    ]);
    expect((await list('cursor=nonsense')).body.code).toBe('cursor.invalid');
    expect((await list(`cursor=${Buffer.from('["a","b"]').toString('base64url')}`)).body.code).toBe('cursor.invalid');
  });

  it('hides an unexpected failure and logs it with the request id', async () => {
    const logged: unknown[] = [];
    const restore = collectErrors(logged);
    try {
      await gateway.db.query('ALTER TABLE tenants RENAME TO tenants_away');
      const { status, body, headers } = await gateway.admin('GET /v1/admin/tenants');
      expect([status, body.code]).toEqual([500, 'internal']);
      expect(JSON.stringify(body)).not.toMatch(/tenants_away|relation|select/i);
      expect(logged).toContainEqual(expect.objectContaining({ requestId: headers['x-request-id'] }));
    } finally {
      await gateway.db.query('ALTER TABLE tenants_away RENAME TO tenants');
      restore();
    }
  });

  it('reports health and metrics by route template', async () => {
    expect((await gateway.call('GET /health/live')).body).toEqual({ status: 'ok' });
    expect((await gateway.call('GET /health/ready')).body).toEqual({ status: 'ok' });
    await gateway.admin('GET /v1/admin/tenants/ten_unknown');
    const { text, headers } = await gateway.call('GET /metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/v1/admin/tenants/:id",status="404"}',
    );
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toContain('ten_unknown');
  });
});

/** Collects what the filter logs; returns what puts the logger back. */
function collectErrors(into: unknown[]): () => void {
  const logger = { log: () => {}, warn: () => {}, error: (_: unknown, facts: unknown) => void into.push(facts) };
  Logger.overrideLogger(logger);
  return () => void Logger.overrideLogger(false);
}

describe('a process without the role api', () => {
  const gateway = useGateway({ roles: ['jobs'] });

  it('serves health and metrics and nothing else', async () => {
    expect((await gateway.call('GET /health/live')).status).toBe(200);
    expect((await gateway.call('GET /metrics')).status).toBe(200);
    expect((await gateway.admin('GET /v1/admin/tenants')).body.code).toBe('route.not-found');
    expect((await gateway.call('GET /docs/openapi.json')).status).toBe(404);
  });
});
