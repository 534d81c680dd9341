import { ModulesContainer, Reflector } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { ACCESS } from '@app/platform/auth/access.decorator.js';
import { useGateway } from '@app/testing/use-gateway.js';
import { openApiDocument } from '../../apps/gateway/src/openapi.js';
import { filledPaths, pathParameters, tenantWithEverything, type TenantWithEverything } from './another-tenant.js';
import { apiRoutes, bodiesWithIds, minimalValue, type ApiRoute } from './api-document.js';

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
