import type { FastifyInstance } from 'fastify';
import type { Simulation } from '../simulation.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import { Companion } from '../world/companion.js';
import { strictObject } from './http.js';
import type { Stage } from './stage.js';

const kinds = ['closeSocket', 'resetTcp', 'halfOpen', 'streamEnd', 'streamError'] as const;

interface Kick {
  how: (typeof kinds)[number];
  error?: number | 'ack';
  device?: number;
}

const kickSchema = strictObject(
  {
    how: { type: 'string', enum: kinds },
    error: { enum: [515, 503, 401, 440, 'ack'] },
    device: { type: 'integer', minimum: 1 },
  },
  ['how'],
);

/** Health, figures, the whole network at once, and single connections. */
export function networkRoutes(app: FastifyInstance, stage: Stage): void {
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/network', () => stage.network);
  app.get('/metrics', (_request, reply) => {
    const { counters, network, directory, log } = stage.current;
    const gauges = { connections: network.size, accounts: directory.size, last_stanza_seq: log.lastSeq };
    return reply.type('text/plain; version=0.0.4').send(counters.render(gauges));
  });
  app.get('/unanswered', () => ({ items: stage.current.counters.unansweredKinds() }));
  const reset = { schema: { body: { ...strictObject({ seed: { type: 'string' } }), nullable: true } } };
  app.post<{ Body: { seed?: string } | null }>('/reset', reset, (request) => {
    stage.reset(request.body?.seed);
    return { seed: stage.current.seed.text };
  });
  app.get('/connections', () => ({ items: connectionsOf(stage.current) }));
  app.post<{ Params: { pn: string }; Body: Kick }>(
    '/connections/:pn/kick',
    { schema: { body: kickSchema } },
    (request) => ({ kicked: kick(stage, request.params.pn, request.body) }),
  );
  app.post<{ Params: { pn: string }; Body: { reason: number; times?: number } }>(
    '/accounts/:pn/refuse-login',
    { schema: { body: refusalSchema } },
    (request) => {
      const { reason, times = 1 } = request.body;
      stage.account(request.params.pn).refusal = { reason, times };
      return { reason, times };
    },
  );
}

const refusalSchema = strictObject(
  {
    reason: { type: 'integer', enum: [401, 402, 403, 405, 411, 500, 503] },
    times: { type: 'integer', minimum: 1 },
  },
  ['reason'],
);

function connectionsOf({ network }: Simulation) {
  return [...network.connections].map(({ connection, companion }) => ({
    id: connection.id,
    pn: companion?.account.pn ?? null,
    device: companion?.id ?? null,
    openedAt: connection.openedAt.toISOString(),
  }));
}

function kick(stage: Stage, pn: string, { how, error = 503, device }: Kick): number {
  const { write } = stage.current.network;
  const targets = [...stage.account(pn).devices.values()].filter(
    (target) => target instanceof Companion && (device === undefined || target.id === device),
  );
  const connections = targets.map((target) => (target as Companion).connection).filter((found) => found !== undefined);
  for (const connection of connections) {
    if (how === 'streamError') write(connection, streamError(error));
    if (how === 'streamEnd') write(connection, stanza('xmlstreamend'));
    if (how === 'resetTcp') connection.reset();
    else if (how === 'halfOpen') connection.freeze();
    else connection.close();
  }
  return connections.length;
}

/** The service's ways to end a stream; 440 and 401 are told by their child, the rest by their code. */
export function streamError(error: number | 'ack'): Stanza {
  if (error === 'ack') return stanza('stream:error', {}, [stanza('ack', { id: 'sim' })]);
  if (error === 440) return stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]);
  if (error === 401) return stanza('stream:error', { code: 401 }, [stanza('conflict', { type: 'device_removed' })]);
  return stanza('stream:error', { code: error });
}
