import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../run/simulator.js';
import { distPath } from '../run/paths.js';
import { Worker, killWorkers } from '../run/worker.js';
import { startNetwork } from './network.js';
import type { SoakedNetwork } from './network.js';
import { readSoakOptions } from './options.js';
import type { SoakOptions } from './options.js';

const LOGS = '.data/soak-logs';
const BATCH = 50;
const PROGRESS_MS = 30_000;
const SINKS = 10;
const MB = 1024 * 1024;
/** What connections may cost the network: once for all, and each; and what memory may grow by while nothing happens. */
const MAX_BYTES_AT_ONCE = 128 * MB;
const MAX_BYTES_EACH = MB / 2;
const MAX_IDLE_GROWTH = 96 * MB;
/** Clients make themselves heard every 30 s; half of that is left for a machine with other work. */
const KEEP_ALIVES_PER_MINUTE = 1;

const seconds = () => Math.round(performance.now() / 1000);
const say = (text: string) => process.stdout.write(`${seconds().toString().padStart(4)} s  ${text}\n`);

function assert(isTrue: boolean, claim: string): void {
  if (!isTrue) throw new Error(`not so: ${claim}`);
  say(`✓ ${claim}`);
}

/** Many idle clients on a large network: who is connected stays connected, memory stays where it is. */
async function soak(options: SoakOptions): Promise<void> {
  mkdirSync(LOGS, { recursive: true });
  const network = await startNetwork(join(LOGS, 'simulator.log'));
  const pns = await seed(network.simulator, options.accounts);
  const empty = await network.settledUsage();
  const clients = await startClients(network.simulator, pns.slice(0, options.clients));
  const connected = await network.settledUsage();
  const cost = connected.rssBytes - empty.rssBytes;
  const limit = MAX_BYTES_AT_ONCE + options.clients * MAX_BYTES_EACH;
  say(`memory of the network: ${inMb(empty.rssBytes)} with nobody, ${inMb(connected.rssBytes)} with everybody`);
  say(`memory per idle connection: ${(cost / options.clients / 1024).toFixed(0)} kB`);
  assert(cost < limit, `${options.clients} connections cost ${inMb(cost)} (limit ${inMb(limit)})`);

  await idle(network, clients, options);
  const rested = await network.settledUsage();
  const growth = rested.rssBytes - connected.rssBytes;
  assert(growth < MAX_IDLE_GROWTH, `memory changed by ${inMb(growth)} while idle (limit ${inMb(MAX_IDLE_GROWTH)})`);
  await exchange(network.simulator, clients, pns.slice(0, options.clients));
  await judge(network.simulator, clients, options);
  await clients.stop();
  await network.stop();
}

async function seed(simulator: Simulator, count: number): Promise<string[]> {
  const started = performance.now();
  const order = { count, behaviour: 'unreachable' };
  const { items } = await simulator.call<{ items: { pn: string }[] }>('POST', '/accounts', order);
  const ms = performance.now() - started;
  assert(items.length === count && ms < 60_000, `${count} accounts in ${(ms / 1000).toFixed(1)} s (limit 60 s)`);
  return items.map(({ pn }) => pn);
}

async function startClients(simulator: Simulator, pns: string[]): Promise<Worker> {
  const shim = ['--import', distPath('libs/whatsapp/src/runtime/async-local-storage-shim.js')];
  const args = ['--expose-gc', ...shim, distPath('test/bench/bare/bare-worker.js')];
  const clients = new Worker({ name: 'clients', args, logFile: join(LOGS, 'clients.log') });
  await clients.call('join', simulator.network);
  for (let first = 0; first < pns.length; first += BATCH) {
    await clients.call('pair', pns.slice(first, first + BATCH));
    say(`${Math.min(first + BATCH, pns.length)} clients linked and connected`);
  }
  return clients;
}

async function idle({ simulator }: SoakedNetwork, clients: Worker, { clients: many, minutes }: SoakOptions) {
  const before = await queries(simulator);
  const until = performance.now() + minutes * 60_000;
  for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
    await sleep(Math.min(left, PROGRESS_MS));
    const [opens, memory] = [await clients.call<number>('opens'), await simulator.gauge('memory_bytes')];
    say(`idle: ${await simulator.gauge('connections')} connected, ${opens - many} reconnects, ${inMb(memory)}`);
  }
  const heard = (await queries(simulator)) - before;
  const expected = Math.floor(minutes) * many * KEEP_ALIVES_PER_MINUTE;
  assert(heard >= expected, `${heard} queries in ${minutes} idle minutes (at least ${expected})`);
}

/** Every client gets a message and sends one. */
async function exchange(simulator: Simulator, clients: Worker, pns: string[]): Promise<void> {
  const sinks = await simulator.contacts(SINKS);
  await simulator.stream(sinks, pns, pns.length);
  say(`${pns.length} clients got a message each`);
  const contacts = Object.fromEntries(pns.map((pn, index) => [pn, [sinks[index % SINKS] ?? '']]));
  await clients.call('send', { contacts, count: pns.length, inFlight: 16 });
  assert((await simulator.received(sinks)) === pns.length, `${pns.length} clients sent a message each, all arrived`);
}

async function judge(simulator: Simulator, clients: Worker, { clients: many }: SoakOptions): Promise<void> {
  const opens = await clients.call<number>('opens');
  assert(opens === many, `${opens - many} reconnects`);
  const connections = await simulator.gauge('connections');
  assert(connections === many, `${connections} of ${many} clients are connected`);
  const { items } = await simulator.call<{ items: object[] }>('GET', '/unanswered');
  assert(items.length === 0, `nothing was left unanswered: ${JSON.stringify(items)}`);
  assert((await simulator.gauge('errors_total')) === 0, 'no stanza could not be handled');
}

const queries = (simulator: Simulator): Promise<number> => simulator.gauge('stanzas_total{tag="iq",direction="in"}');

const inMb = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`;

async function main(): Promise<number> {
  const options = readSoakOptions(process.argv.slice(2));
  const deadline = setTimeout(() => {
    say(`not done after ${options.deadlineMs / 1000} s`);
    killWorkers();
    process.exit(1);
  }, options.deadlineMs);
  process.once('exit', killWorkers);
  try {
    await soak(options);
    say('soak passed');
    return 0;
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    say(`soak failed; what the processes said is in ${LOGS}`);
    return 1;
  } finally {
    clearTimeout(deadline);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exit(await main());
