import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { eventTypes } from '@app/platform/events/event-map.js';
import { useGateway } from '@app/testing/use-gateway.js';
import { openApiDocument } from '../../apps/gateway/src/openapi.js';
import { apiRoutes, type ApiRoute } from './api-document.js';

describe('the OpenAPI document', () => {
  const gateway = useGateway();
  let made: OpenAPIObject | undefined;
  const document = () => (made ??= openApiDocument(gateway.app));
  const routes = () => apiRoutes(document());
  const without = (isThere: (route: ApiRoute) => unknown) =>
    routes()
      .filter((route) => !isThere(route))
      .map(({ name }) => name);

  it('is served, with a page to try it on', async () => {
    const { status, body } = await gateway.call('GET /docs/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\./) as string, info: { title: 'Switchboard' } });
    const page = await gateway.call('GET /docs');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
  });

  it('has the events as webhooks, and their schemas apart', async () => {
    const { webhooks = {}, components } = document();
    expect(Object.keys(webhooks)).toEqual(eventTypes);
    expect(components?.schemas).toHaveProperty('MessageReceivedEvent.properties.type.const', 'message.received');
    const { status, body } = await gateway.call('GET /docs/events.json');
    expect([status, body.$schema]).toEqual([200, 'https://json-schema.org/draft/2020-12/schema']);
    expect(body.$defs).toHaveProperty('MessageReceivedEvent');
  });

  it('spells what may be null as JSON Schema does', () => {
    const text = JSON.stringify(document());
    expect(text).not.toContain('"nullable":true');
    expect(text).toContain('["string","null"]');
  });

  it('is the same every time', async () => {
    const [one, two] = [JSON.stringify(openApiDocument(gateway.app)), JSON.stringify(openApiDocument(gateway.app))];
    expect(one).toBe(two);
  });

  it('gives every operation a summary and a tag', () => {
    expect(without(({ operation }) => operation.summary && operation.tags?.length)).toEqual([]);
  });

  it('gives every operation an id of its own, as in `sessions.create`', () => {
    const ids = routes().map(({ operation }) => operation.operationId);
    expect(ids.filter((id) => !/^[a-z]\w*\.[a-z]\w*$/.test(id))).toEqual([]);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it('says what every operation answers', () => {
    const hasType = ({ operation }: ApiRoute) =>
      Object.entries(operation.responses).some(([status, { content }]) => {
        if (!/^2\d\d$/.test(status)) return false;
        return status === '204' || Object.values(content ?? {}).some(({ schema }) => schema);
      });
    expect(without(hasType)).toEqual([]);
  });

  it('says how every operation fails', () => {
    const hasProblems = ({ access, operation }: ApiRoute) => {
      const expected = ['default', ...(access === 'public' ? [] : ['401', '403', '429'])];
      if (operation.parameters?.length || operation.requestBody) expected.push('400');
      if (operation.requestBody) expected.push('413', '415');
      return expected.every((status) => operation.responses[status]?.content?.['application/problem+json']?.schema);
    };
    expect(without(hasProblems)).toEqual([]);
  });

  it('promises no refusal that cannot come', () => {
    const refusals = routes()
      .filter(({ access, path }) => access === 'public' && path !== '/v1/admin/monitoring/stream')
      .map(({ path, operation }) => [path, ...Object.keys(operation.responses).filter((status) => status >= '400')]);
    expect(refusals).toEqual([
      ['/health/live', 'default'],
      ['/health/ready', '503', 'default'],
      ['/metrics', 'default'],
      ['/files/{id}', '400', '404', '416', 'default'],
    ]);
    const { responses } = routes().find(({ name }) => name === 'GET /v1/me')!.operation;
    expect(Object.keys(responses)).toEqual(['200', '401', '403', '429', 'default']);
  });

  it('says that a list may refuse its cursor', () => {
    const isList = ({ operation }: ApiRoute) => operation.parameters?.some(({ name }) => name === 'cursor');
    expect(routes().some(isList)).toBe(true);
    const isTold = ({ operation }: ApiRoute) => operation.responses['400']?.description.includes('`cursor.invalid`');
    expect(without((route) => !isList(route) || isTold(route))).toEqual([]);
  });

  it('has the Idempotency-Key where it is read', () => {
    const isKey = ({ name, in: place }: { name: string; in: string }) =>
      place === 'header' && name === 'Idempotency-Key';
    const keyed = routes().filter(({ operation }) => operation.parameters?.some(isKey));
    const message = '/v1/sessions/{sessionId}/messages/{messageId}';
    const acts = ['PATCH ', 'DELETE ', 'PUT /reactions', 'DELETE /reactions', 'PUT /pin', 'DELETE /pin'];
    const answers = ['POST /votes', 'POST /event-response', 'POST /forward'];
    const expected = [...acts, ...answers].map((route) => route.replace(' ', ` ${message}`));
    expect(keyed.map(({ name }) => name).sort()).toEqual(
      [
        'POST /v1/sessions/{sessionId}/messages',
        'DELETE /v1/sessions/{sessionId}/statuses/{messageId}',
        ...expected,
      ].sort(),
    );
  });

  it('has a 404 wherever a row is named', () => {
    expect(without(({ path, operation }) => !path.includes('{') || operation.responses['404'])).toEqual([]);
  });

  it('is made of classes with names of their own, as one schema would replace the other', () => {
    const files = ['apps/gateway/src', 'libs/platform/src'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    );
    const names = files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/^(?:export )?class (\w+)/gm)].map(([, name]) => name!),
      );
    const twice = names.filter((name, i) => names.indexOf(name) !== i);
    expect(twice.filter((name) => document().components?.schemas?.[name])).toEqual([]);
  });

  it('refers to no schema that is missing', () => {
    const refs = JSON.stringify(document()).match(/#\/components\/schemas\/\w+/g) ?? [];
    const missing = refs.filter((ref) => !document().components?.schemas?.[ref.split('/').at(-1) ?? '']);
    expect(missing).toEqual([]);
  });
});
