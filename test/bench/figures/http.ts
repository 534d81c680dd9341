import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewaySession } from '../run/gateway.js';
import { until } from '../run/until.js';
import type { Bench, Figure, Round } from './figure.js';
import { percentile } from '../statistics.js';

/** How long `POST …/messages` takes at a steady, moderate rate; sent from all sessions in turn. */
export async function measureHttp(
  bench: Bench,
  about: Pick<Figure, 'name' | 'title' | 'goal'>,
  sessions: GatewaySession[],
): Promise<Figure> {
  const contacts = await bench.simulator.contacts(sessions.length);
  const { perSecond, seconds } = bench.options.sizes.http;
  await post(bench, sessions, contacts, { perSecond, seconds: 2 });
  const rounds = [await post(bench, sessions, contacts, { perSecond, seconds })];
  return { ...about, unit: 'ms', bare: [], gateway: rounds };
}

async function post(
  { gateway, database }: Bench,
  sessions: GatewaySession[],
  contacts: string[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Round> {
  const last = await database.lastMessage();
  const count = perSecond * seconds;
  const started = performance.now();
  const calls: Promise<number>[] = [];
  for (let index = 0; index < count; index++) {
    await sleep(Math.max(0, started + (index * 1000) / perSecond - performance.now()));
    const line = index % sessions.length;
    const at = performance.now();
    const call = gateway.send(sessions[line]!, contacts[line] ?? '', `Message ${index + 1}: how are you today?`);
    calls.push(call.then(() => performance.now() - at));
  }
  const times = await Promise.all(calls);
  await until('messages on their way', async () => {
    const { pending = 0, failed = 0 } = await database.statuses(last);
    if (failed) throw new Error(`${failed} messages failed`);
    return pending === 0 ? true : null;
  });
  return { value: percentile(times, 99), p50: percentile(times, 50), p95: percentile(times, 95), count };
}
