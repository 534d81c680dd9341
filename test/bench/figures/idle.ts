import type { Usage } from '../run/usage.js';
import { until } from '../run/until.js';
import type { Worker } from '../run/worker.js';
import { alternately, type Bench, type Figure, type Round } from './figure.js';

const MEGABYTE = 1024 * 1024;
const BATCH = 10;

/** The two processes with idle sessions, as the figures after this one find them. */
export interface IdleSessions {
  bare: Worker;
  barePns: string[];
}

/** What each further connected session adds to the resident memory, from a process that has some already. */
export async function measureMemory(
  { options, simulator, gateway }: Bench,
  about: Pick<Figure, 'name' | 'title' | 'goal'>,
  { bare, barePns }: IdleSessions,
): Promise<Figure> {
  const { from, to, pairingMs } = options.sizes.memory;
  const perSession = (before: Usage, after: Usage, more: number): Round => ({
    sessions: more,
    value: (after.rssBytes - before.rssBytes) / more / MEGABYTE,
    beforeMb: before.rssBytes / MEGABYTE,
    afterMb: after.rssBytes / MEGABYTE,
    heapMbPerSession: (after.heapBytes - before.heapBytes) / more / MEGABYTE,
  });
  const bareBefore = await bare.call<Usage>('settledUsage');
  const gatewayBefore = await gateway.order<Usage>('settledUsage');
  const started = performance.now();
  while (barePns.length < to && performance.now() - started < pairingMs) {
    const [pns, others] = [await simulator.owners(BATCH), await simulator.owners(BATCH)];
    await Promise.all([bare.call('pair', pns), gateway.pair(others)]);
    barePns.push(...pns);
  }
  const more = barePns.length - from;
  const bareRound = perSession(bareBefore, await bare.call<Usage>('settledUsage'), more);
  const gatewayRound = perSession(gatewayBefore, await gateway.order<Usage>('settledUsage'), more);
  return { ...about, unit: 'MB', bare: [bareRound], gateway: [gatewayRound] };
}

/** How long it takes until every session is connected again after the network dropped them all. */
export async function measureReconnect(
  bench: Bench,
  about: Pick<Figure, 'name' | 'title' | 'goal'>,
  { bare, barePns }: IdleSessions,
): Promise<Figure> {
  const { simulator, gateway, database } = bench;
  const dropBare = async (): Promise<Round> => {
    const before = await bare.call<number>('opens');
    const started = Date.now();
    await simulator.kick(barePns);
    const { at } = await bare.call<{ at: number }>('reopened', before + barePns.length);
    return { value: (at - started) / 1000, sessions: barePns.length };
  };
  const dropGateway = async (): Promise<Round> => {
    const pns = gateway.sessions.map(({ pn }) => pn);
    const before = await database.position();
    const started = Date.now();
    await simulator.kick(pns);
    const isBack = async () => ((await database.connectedSince(before)) >= pns.length ? true : null);
    await until('reconnected sessions', isBack, { timeoutMs: 120_000, everyMs: 25 });
    return { value: (Date.now() - started) / 1000, sessions: pns.length };
  };
  const rounds = await alternately(bench, about.name, dropBare, dropGateway);
  return { ...about, unit: 's', ...rounds };
}
