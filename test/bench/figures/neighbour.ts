import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { ADD_EVENTS } from '../../../libs/platform/src/events/outbox.queries.js';
import { until } from '../run/until.js';
import { percentile } from '../statistics.js';
import { append, event } from './events.js';
import { alternately, type Bench, type Figure, type Round } from './figure.js';

/** As long as a webhook may take to answer, by default. */
const SLOW_MS = 10_000;
const WAITING = 2000;

/** How long events at a steady rate take to the receiver: alone, and while another destination answers after ten seconds. */
export async function measureNeighbour(bench: Bench, about: Pick<Figure, 'name' | 'title' | 'goal'>): Promise<Figure> {
  const { gateway, database, receiver } = bench;
  const pool = new Pool({ connectionString: database.url });
  const slow = createServer((_, response) => void setTimeout(() => response.writeHead(204).end(), SLOW_MS).unref());
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const [mine, theirs] = [await gateway.aTenant(), await gateway.aTenant()];
  await gateway.addWebhook(mine.token, receiver.url);
  const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`;
  const { body: webhook } = await gateway.call(theirs.token, 'POST', '/v1/webhooks', { url });
  const switchSlow = (isEnabled: boolean) =>
    gateway.call(theirs.token, 'PATCH', `/v1/webhooks/${webhook.id}`, { isEnabled });
  await steady(bench, pool, mine.id);
  await append(database.url, theirs.id, WAITING);
  const rounds = await alternately(
    bench,
    about.name,
    async () => (await switchSlow(false), steady(bench, pool, mine.id)),
    async () => (await switchSlow(true), steady(bench, pool, mine.id)),
  );
  await switchSlow(false);
  await pool.end();
  slow.closeAllConnections();
  slow.close();
  return { ...about, unit: 'ms', ...rounds };
}

async function steady({ receiver, options }: Bench, pool: Pool, tenantId: string): Promise<Round> {
  const { perSecond, seconds } = options.sizes.neighbour;
  const count = perSecond * seconds;
  const written = new Map<string, number>();
  receiver.forget();
  const started = performance.now();
  for (let n = 0; n < count; n++) {
    await sleep(Math.max(0, started + (n * 1000) / perSecond - performance.now()));
    const id = randomUUID();
    const values = [JSON.stringify([event(tenantId, n, id)])];
    written.set(id, performance.now());
    await pool.query({ name: 'outbox.add', text: ADD_EVENTS, values });
  }
  await until(`${count} events at the receiver`, () => (receiver.seen.size >= count ? true : null));
  const times = [...written].map(([id, at]) => (receiver.seen.get(id) ?? NaN) - at);
  return { value: percentile(times, 99), p50: percentile(times, 50), p95: percentile(times, 95), count };
}
