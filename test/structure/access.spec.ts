import { ModulesContainer, Reflector } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { ACCESS } from '@app/platform/auth/access.decorator.js';
import { useGateway } from '@app/testing/use-gateway.js';
import { openApiDocument } from '../../apps/gateway/src/openapi.js';
import { filledPaths, pathParameters, tenantWithEverything, type TenantWithEverything } from './another-tenant.js';
import { apiRoutes, bodiesWithIds, minimalValue, type ApiRoute } from './api-document.js';

/** What staff may call without a session in the path; everything else is for owners. */
const forStaff = [
  'GET /v1/me',
  'PATCH /v1/me',
  'GET /v1/tokens',
  'POST /v1/tokens',
  'DELETE /v1/tokens/{id}',
  'GET /v1/events/stream',
  'GET /v1/events/ws',
  'POST /v1/events/stream-tokens',
  'GET /v1/events',
  'GET /v1/events/{id}',
  'POST /v1/media',
  'GET /v1/media',
  'POST /v1/media/import',
  'GET /v1/media/{id}',
  'GET /v1/media/{id}/content',
  'GET /v1/sessions',
];

/** What staff may not do with a session that is shared with them. */
const forOwners = [
  'PATCH /v1/sessions/{sessionId}/history/settings',
  'DELETE /v1/sessions/{sessionId}',
  'POST /v1/sessions/{sessionId}/logout',
  'GET /v1/sessions/{sessionId}/qr',
  'POST /v1/sessions/{sessionId}/pairing-code',
  'GET /v1/sessions/{sessionId}/access',
  'POST /v1/sessions/{sessionId}/access',
  'DELETE /v1/sessions/{sessionId}/access/{userId}',
  'GET /v1/sessions/{sessionId}/proxy',
  'PUT /v1/sessions/{sessionId}/proxy',
  'DELETE /v1/sessions/{sessionId}/proxy',
  'POST /v1/sessions/{sessionId}/proxy/test',
  'PATCH /v1/sessions/{sessionId}/settings',
];

describe('access', () => {
  const gateway = useGateway({ rateLimitPerMinute: 0 });
  let made: OpenAPIObject | undefined;
  const document = () => (made ??= openApiDocument(gateway.app));
  const routes = (access: ApiRoute['access']) => apiRoutes(document()).filter((route) => route.access === access);

  let callers = 0;
  const callWith = async ({ method, operation }: ApiRoute, url: string, token?: string) => {
    const schema = operation.requestBody?.content?.['application/json']?.schema;
    const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query' && parameter.required);
    const search = new URLSearchParams();
    for (const { name, schema: kind } of query) search.set(name, String(minimalValue(document(), kind)));
    const body = schema ? minimalValue(document(), schema) : undefined;
    // There are more routes than one address may call in vain.
    const from = `10.0.${callers >> 8}.${callers++ & 255}`;
    const { status, body: answer } = await gateway.call(`${method} ${url}?${search.toString()}`, { token, body, from });
    return `${status} ${answer.code}`;
  };

  /** One line for each route that answers otherwise. */
  const otherwise = async (list: ApiRoute[], expected: string, call: (route: ApiRoute) => Promise<string>) => {
    const wrong: string[] = [];
    for (const route of list) {
      const answer = await call(route);
      if (!answer.startsWith(expected)) wrong.push(`${route.name}: ${answer} in place of ${expected}`);
    }
    return wrong;
  };

  const anyPath = ({ path }: ApiRoute) => path.replace(/\{\w+\}/g, 'any');

  it('is declared by every route', () => {
    const reflector = gateway.get(Reflector);
    const undeclared: string[] = [];
    for (const module of gateway.get(ModulesContainer).values())
      for (const { metatype, instance } of module.controllers.values())
        for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(instance) as object)) {
          const handler = (instance as Record<string, unknown>)[name];
          if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
          if (!reflector.getAllAndOverride(ACCESS, [handler, metatype as never]))
            undeclared.push(`${metatype?.name}.${name}`);
        }
    expect(undeclared).toEqual([]);
  });

  it('of every route on the server is known from the document', () => {
    const documented = new Set(apiRoutes(document()).map(({ name }) => name.replace(/\{(\w+)\}/g, ':$1')));
    const unknown = gateway.routes.filter(
      (route) => !documented.has(route) && !/ \/(docs|dialects|admin\/queues)(\/|$)/.test(route),
    );
    expect(unknown).toEqual([]);
    expect(documented.size).toBeGreaterThan(10);
  });

  it('is public for health, metrics, signed links and the stream that looks at tokens itself', () => {
    expect(routes('public').map(({ path }) => path)).toEqual([
      '/health/live',
      '/health/ready',
      '/metrics',
      '/files/{id}',
      '/v1/admin/monitoring/stream',
    ]);
  });

  it('needs a token', async () => {
    const closed = [...routes('user'), ...routes('admin')];
    expect(await otherwise(closed, '401 token.missing', (route) => callWith(route, anyPath(route)))).toEqual([]);
  });

  it('of the operator is closed to users', async () => {
    const { token } = await gateway.aTenant();
    const call = (route: ApiRoute) => callWith(route, anyPath(route), token);
    expect(await otherwise(routes('admin'), '403 access.admin-only', call)).toEqual([]);
  });

  it('of users is closed to the operator, who has no tenant', async () => {
    const call = (route: ApiRoute) => callWith(route, anyPath(route), gateway.adminToken);
    expect(await otherwise(routes('user'), '403 access.user-only', call)).toEqual([]);
  });

  it('of a suspended tenant is closed', async () => {
    const { id, token } = await gateway.aTenant();
    await gateway.admin(`PATCH /v1/admin/tenants/${id}`, { status: 'suspended' });
    const call = (route: ApiRoute) => callWith(route, anyPath(route), token);
    expect(await otherwise(routes('user'), '403 tenant.suspended', call)).toEqual([]);
  });

  it('is kept to the scope of the area', async () => {
    const { token } = await gateway.aTenant();
    const scopeless = await gateway.call('POST /v1/tokens', { token, body: { name: 'x', scopes: ['account:read'] } });
    const others = routes('user').filter(({ path }) => !/^\/v1\/(me|tokens|account)/.test(path));
    const call = (route: ApiRoute) => callWith(route, anyPath(route), scopeless.body.token);
    expect(await otherwise(others, '403 token.scope-missing', call)).toEqual([]);
  });

  describe('of staff', () => {
    let tenant: TenantWithEverything;
    beforeAll(async () => {
      tenant = await tenantWithEverything(gateway);
    });
    const ofSessions = () => routes('user').filter(({ path }) => path.includes('{sessionId}'));
    const ofTenant = () => routes('user').filter(({ path }) => !path.includes('{sessionId}'));
    const callAs = (who: 'shared' | 'stranger') => (route: ApiRoute) => {
      const [url = ''] = filledPaths(route.path, tenant.ids, (kind) => tenant.ids[kind]!);
      return callWith(route, url, tenant.staff[who]);
    };
    const named = (names: string[]) => routes('user').filter(({ name }) => names.includes(name));

    it('knows every session by one name in the path', () => {
      const odd = routes('user').filter(({ path }) => /^\/v1\/sessions\/(?!\{sessionId\})/.test(path));
      expect(odd).toEqual([]);
    });

    it('ends at sessions that are not shared with them, as if those did not exist', async () => {
      expect(ofSessions().length).toBeGreaterThan(100);
      expect(await otherwise(ofSessions(), '404 session.not-found', callAs('stranger'))).toEqual([]);
    });

    it('leaves what is of the tenant to owners, but for a short list', async () => {
      const closed = ofTenant().filter(({ name }) => !forStaff.includes(name));
      expect(closed.length).toBeGreaterThan(30);
      expect(await otherwise(closed, '403 access.owner-only', callAs('shared'))).toEqual([]);
      const open = named(forStaff);
      expect(open.length).toBe(forStaff.length);
      for (const route of open.filter(({ path }) => !path.endsWith('/stream')))
        expect(`${route.name}: ${await callAs('stranger')(route)}`).not.toMatch(/access\.|: 401/);
    });

    it('leaves the change of a shared session to owners', async () => {
      const closed = named(forOwners);
      expect(closed.length).toBe(forOwners.length);
      expect(await otherwise(closed, '403 access.owner-only', callAs('shared'))).toEqual([]);
    });

    it('covers the rest of a shared session', async () => {
      const open = ofSessions().filter(({ name, method }) => method === 'GET' && !forOwners.includes(name));
      expect(open.length).toBeGreaterThan(30);
      for (const route of open)
        expect(`${route.name}: ${await callAs('shared')(route)}`).not.toMatch(
          /access\.|session\.not-found|: [45]0[013] /,
        );
    });

    it('is what the document says', () => {
      const told = routes('user').filter(({ operation }) =>
        operation.responses['403']?.description.includes('`access.owner-only`'),
      );
      const closed = ofTenant().filter(({ name }) => !forStaff.includes(name));
      const names = (list: ApiRoute[]) => list.map(({ name }) => name).sort();
      expect(names(told)).toEqual(names([...closed, ...named(forOwners)]));
    });

    it('shows only events and files of theirs', async () => {
      for (const kind of ['events', 'media']) {
        const ask = (token: string) => gateway.call(`GET /v1/${kind}/${tenant.ids[kind]}`, { token });
        expect((await ask(tenant.token)).status).toBe(200);
        expect((await ask(tenant.staff.stranger)).status).toBe(404);
      }
    });
  });

  describe('to what is of another tenant', () => {
    let victim: TenantWithEverything;
    let caller: TenantWithEverything;
    beforeAll(async () => {
      [victim, caller] = [await tenantWithEverything(gateway), await tenantWithEverything(gateway)];
    });
    const parametersOf = ({ path }: ApiRoute) => pathParameters(path, victim.ids);

    /** Tries the addresses that a path may have until the route looks further than at their form. */
    const callFirst = async (route: ApiRoute, urls: string[]) => {
      let answer = '';
      for (const url of urls) {
        answer = await callWith(route, url, caller.token);
        if (!answer.startsWith('400')) return answer;
      }
      return answer;
    };

    it('is answered by every operation as if it did not exist', async () => {
      const withIds = routes('user').filter(({ path }) => path.includes('{'));
      expect(withIds.length).toBeGreaterThan(50);
      const foreign = (route: ApiRoute) =>
        callFirst(
          route,
          filledPaths(route.path, victim.ids, (kind) => victim.ids[kind]!),
        );
      expect(await otherwise(withIds, '404', foreign)).toEqual([]);
    });

    it("is not opened by a session of one's own", async () => {
      const deep = routes('user').filter((route) => parametersOf(route).some(({ row }, i) => i > 0 && row));
      expect(deep.length).toBeGreaterThan(10);
      const mixed = (route: ApiRoute) =>
        callFirst(
          route,
          filledPaths(route.path, victim.ids, (kind, position) => (position === 0 ? caller : victim).ids[kind]!),
        );
      expect(await otherwise(deep, '404', mixed)).toEqual([]);
    });

    it('is not found by a filter', async () => {
      const kinds: Record<string, string> = { sessionId: 'sessions', destinationId: 'webhooks', eventId: 'events' };
      const leaks: string[] = [];
      let asked = 0;
      for (const route of routes('user').filter(
        ({ method, path }) => method === 'GET' && !/\{|stream|socket/.test(path),
      ))
        for (const { name } of route.operation.parameters ?? []) {
          const kind = kinds[name];
          if (!kind) continue;
          asked += 1;
          const url = `${route.name}?${name}=${victim.ids[kind]}`;
          const { status, body } = await gateway.call(url, { token: caller.token });
          if (status === 200 && (body.items?.length ?? body.total) !== 0) leaks.push(`${url}: ${JSON.stringify(body)}`);
        }
      expect(leaks).toEqual([]);
      expect(asked).toBeGreaterThan(3);
    });

    it('is not taken in a body', async () => {
      const taken: string[] = [];
      let asked = 0;
      for (const route of routes('user').filter(({ method }) => method !== 'GET')) {
        const schema = route.operation.requestBody?.content?.['application/json']?.schema;
        for (const body of schema ? bodiesWithIds(document(), schema, victim.ids) : []) {
          asked += 1;
          const [url = ''] = filledPaths(route.path, caller.ids, (kind) => caller.ids[kind]!);
          const call = { token: caller.token, body, from: `10.1.0.${asked & 255}` };
          const { status } = await gateway.call(`${route.method} ${url}`, call);
          if (status < 400) taken.push(`${route.name} ${JSON.stringify(body)}: ${status}`);
        }
      }
      expect(taken).toEqual([]);
      expect(asked).toBeGreaterThan(3);
    });
  });
});
