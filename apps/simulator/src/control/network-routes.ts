import type { FastifyInstance } from 'fastify';
import type { Simulation } from '../simulation.js';
import { Companion } from '../world/companion.js';
import { builtInWorlds, worldNamed } from '../worlds/built-in.js';
import { strictObject, text } from './schemas.js';
import type { Stage } from './stage.js';

const tags = ['network'];

/** Health, figures, and the whole network at once. */
export function networkRoutes(app: FastifyInstance, stage: Stage): void {
  app.get('/health', { schema: { tags, summary: 'Whether the simulator runs; needs no token', security: [] } }, () => ({
    status: 'ok',
  }));
  const configured = { tags, summary: 'What a gateway must be configured with to use this network' };
  app.get('/network', { schema: configured }, () => stage.network);
  const figures = { tags, summary: 'Figures in Prometheus text format', produces: ['text/plain'] };
  app.get('/metrics', { schema: figures }, (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(stage.current.counters.render(gauges(stage.current))),
  );
  const missing = { tags, summary: 'What clients asked for and nobody here answers, most frequent first' };
  app.get('/unanswered', { schema: missing }, () => ({ items: stage.current.counters.unansweredKinds() }));
  const body = strictObject({ seed: text, world: { enum: builtInWorlds } });
  const renewed = { tags, summary: 'Start over, empty or with a built-in world; every connection is reset', body };
  app.post<{ Body: { seed?: string; world?: string } }>(
    '/reset',
    { schema: renewed },
    async ({ body: { seed, world } }) => {
      stage.reset(seed);
      if (world !== undefined) await stage.build(worldNamed(world));
      return { seed: stage.current.seed.text };
    },
  );
}

function gauges({ network, directory, log, faults, clock }: Simulation): Record<string, number> {
  const backlog = { queued: 0, unconfirmed: 0 };
  let linked = 0;
  for (const account of directory.accounts)
    for (const device of account.devices.values())
      if (device instanceof Companion) {
        linked++;
        backlog.queued += device.backlog.queued;
        backlog.unconfirmed += device.backlog.unconfirmed;
      }
  let queuedBytes = 0;
  for (const { connection } of network.connections) queuedBytes += connection.queuedBytes;
  const memory = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  return {
    connections: network.size,
    accounts: directory.size,
    linked_devices: linked,
    queued_stanzas: backlog.queued,
    unconfirmed_stanzas: backlog.unconfirmed,
    send_queue_bytes: queuedBytes,
    pending_timers: clock.pending,
    faults: faults.list().length,
    last_stanza_seq: log.lastSeq,
    cpu_seconds_total: (cpu.user + cpu.system) / 1e6,
    memory_bytes: memory,
    memory_bytes_per_connection: Math.round(memory / Math.max(1, network.size)),
  };
}
