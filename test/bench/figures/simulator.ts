import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from '../run/worker.js';
import { SESSIONS } from '../options.js';
import { type Bench, type Figure, type Round, startBare } from './figure.js';

const CONTACTS_EACH = 5;
/** What is still on its way when the last ack has come: ticks and their acks. */
const TAIL_MS = 300;

/** What the network itself costs: CPU time of its process for each message that plain clients send and get. */
export async function* measureSimulator(bench: Bench, say: (text: string) => void): AsyncGenerator<Figure> {
  const { simulator, options } = bench;
  const { count, inFlight } = options.sizes.simulator;
  say('the simulated network …');
  const pns = await simulator.owners(SESSIONS);
  const clients = await startBare(bench, 'bare-simulator', { pns });
  const contacts: Record<string, string[]> = {};
  for (const pn of pns) contacts[pn] = await simulator.contacts(CONTACTS_EACH);
  const people = Object.values(contacts).flat();

  const take = (n: number) => sendAll(clients, { contacts, count: n, inFlight });
  yield await figure(bench, 'sink', 'simulator: a message it takes', take);
  const give = (n: number) => simulator.stream(people.slice(0, CONTACTS_EACH), pns, n);
  yield await figure(bench, 'source', 'simulator: a message it sends', give);
  await clients.stop();

  async function figure(of: Bench, name: string, title: string, work: (n: number) => Promise<unknown>) {
    // Everybody meets everybody first: key agreements are not what is measured.
    await work(Math.max(count / 5, 2 * people.length));
    const rounds: Round[] = [];
    for (let round = 0; round < of.options.sizes.rounds; round++)
      rounds.push(await measure(of, count, () => work(count)));
    const goal = { of: 'gateway', atMost: 0.3 } as const;
    return { name, title, unit: 'CPU ms', goal, bare: [], gateway: rounds };
  }
}

async function sendAll(clients: Worker, order: object): Promise<void> {
  await clients.call('send', order);
}

async function measure({ simulator }: Bench, count: number, work: () => Promise<unknown>): Promise<Round> {
  await sleep(TAIL_MS);
  const [cpuMs, started] = [await simulator.cpuMs(), performance.now()];
  await work();
  const ms = performance.now() - started;
  await sleep(TAIL_MS);
  return { value: ((await simulator.cpuMs()) - cpuMs) / count, messagesPerSecond: (count / ms) * 1000 };
}
