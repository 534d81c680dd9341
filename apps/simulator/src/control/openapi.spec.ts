import type { RouteOptions } from 'fastify';
import type { Simulation } from '../simulation.js';
import { createSimulator } from '../create-simulator.js';
import { useSimulator } from '../../test-kit/use-simulator.js';
import { allRoutes } from './all-routes.js';
import { createHttp } from './http.js';
import { Stage } from './stage.js';

interface Operation {
  summary?: string;
  tags?: string[];
  requestBody?: object;
  parameters?: { name: string; in: string }[];
  responses: Record<string, { description?: string; content?: Record<string, object> }>;
}

const undocumented = ['/openapi.json'];

/** Spellings that must not come back, and what is written instead. */
const misspelt = {
  actor: 'by',
  ephemeral: 'disappearingSeconds',
  ephemeralSeconds: 'disappearingSeconds',
  bytesPerSecond: 'bytesPerSec',
  groupJid: 'group',
  communityJid: 'community',
  invite: 'inviteCode',
  tlsCa: 'caFile',
};

/** The names of all fields and parameters in a document. */
function namesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  const { properties, name, in: place } = value as { properties?: object; name?: unknown; in?: unknown };
  for (const field of Object.keys(properties ?? {})) found.add(field);
  if (typeof name === 'string' && place !== undefined) found.add(name);
  for (const inner of Object.values(value)) namesIn(inner, found);
  return found;
}

/** Every route there is, as `METHOD /path`, with what it says about itself. */
async function routesOf(): Promise<{ method: string; url: string; options: RouteOptions }[]> {
  const found: { method: string; url: string; options: RouteOptions }[] = [];
  const app = await createHttp('token');
  app.addHook('onRoute', (options) => {
    for (const method of [options.method].flat()) found.push({ method, url: options.url, options });
  });
  // Routes only look at the simulation when they are called.
  const stage = new Stage(
    undefined as unknown as Simulation,
    { socketUrl: '', rootKey: '', mediaHost: '', caFile: '' },
    () => undefined as unknown as Simulation,
    () => Promise.resolve(),
  );
  for (const routes of allRoutes) routes(app, stage);
  await app.close();
  return found.filter(({ method, url }) => method !== 'HEAD' && !undocumented.includes(url));
}

/** What an operation does not tell. */
function gapsOf({ summary, tags, responses, requestBody, parameters = [] }: Operation, url: string, hasBody: boolean) {
  const isTold = Object.entries(responses).some(([status, { description }]) => /^2/.test(status) && description);
  const hidden = [...url.matchAll(/:(\w+)/g)].filter(([, name]) => !parameters.some((known) => known.name === name));
  const checks: [boolean, string][] = [
    [Boolean(summary), 'has no summary'],
    [Boolean(tags?.length), 'has no tag'],
    [isTold, 'does not say what it answers'],
    [Boolean(responses.default?.content?.['application/problem+json']), 'does not say how it fails'],
    [!hasBody || requestBody !== undefined, 'hides its body'],
    [hidden.length === 0, 'hides a parameter'],
  ];
  return checks.filter(([isFine]) => !isFine).map(([, gap]) => gap);
}

describe('the OpenAPI document', () => {
  const world = useSimulator({ seed: 'openapi' });

  it('describes every route: what it does, what it takes, what it answers, how it fails', async () => {
    const { paths } = await world.get<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json');
    const routes = await routesOf();
    expect(routes.length).toBeGreaterThan(30);
    const faults = routes.flatMap(({ method, url, options }) => {
      const operation = paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      const gaps = operation ? gapsOf(operation, url, options.schema?.body !== undefined) : ['is missing'];
      return gaps.map((gap) => `${method} ${url} ${gap}`);
    });
    expect(faults).toEqual([]);
  });

  it('spells one thing one way', async () => {
    const names = namesIn(await world.get('/openapi.json'));
    expect(names.size).toBeGreaterThan(100);
    expect(Object.keys(misspelt).filter((name) => names.has(name))).toEqual([]);
  });

  it('says how to authenticate, and is there for everybody', async () => {
    const answer = await fetch(`${world.simulator.url}/openapi.json`);
    expect(await answer.json()).toMatchObject({
      openapi: expect.stringMatching(/^3/) as string,
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      paths: { '/health': { get: { security: [] } } },
    });
  });
});

describe('listening', () => {
  it('beyond this machine takes a token somebody chose', async () => {
    await expect(createSimulator({ host: '0.0.0.0' })).rejects.toThrow('token');
    await expect(createSimulator({ host: '0.0.0.0', token: 'short' })).rejects.toThrow('at least 16 characters');
    const open = await createSimulator({ host: '0.0.0.0', token: 'a token of good length' });
    await open.close();
    const shut = await createSimulator();
    expect(new URL(shut.url).hostname).toBe('127.0.0.1');
    await shut.close();
  });
});
