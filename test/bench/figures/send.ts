import { setTimeout as sleep } from 'node:timers/promises';
import { STATISTICS_DELAY_MS } from '../run/database.js';
import type { GatewaySession } from '../run/gateway.js';
import { eachOf, until } from '../run/until.js';
import type { Usage } from '../run/usage.js';
import { alternately, type Bench, type Figure, type Round, startBare, withCpu } from './figure.js';

const CONTACTS_EACH = 5;
const ACKED = ['server_ack', 'delivered', 'read', 'played'];

export interface SendSize {
  count: number;
  inFlight: number;
}

/** Messages from the HTTP call, or from `sendMessage`, to the server's ack; the gateway also has to have stored it. */
export async function measureSend(
  bench: Bench,
  about: Pick<Figure, 'name' | 'title' | 'goal'>,
  sessions: GatewaySession[],
  size: SendSize,
): Promise<Figure> {
  const { simulator } = bench;
  const pns = await simulator.owners(sessions.length);
  const bare = await startBare(bench, `bare-${about.name}`, { pns });
  const lists = await eachOf(pns, 1, () => simulator.contacts(CONTACTS_EACH));
  const bareContacts = Object.fromEntries(pns.map((pn, index) => [pn, lists[index] ?? []]));
  const gatewayContacts = await eachOf(sessions, 1, () => simulator.contacts(CONTACTS_EACH));

  const sendBare = async ({ count, inFlight }: SendSize): Promise<Round> => {
    const { ms } = await bare.call<{ ms: number }>('send', { contacts: bareContacts, count, inFlight });
    return { value: (count / ms) * 1000 };
  };
  const sendGateway = (round: SendSize) => sendThroughGateway(bench, sessions, gatewayContacts, round);
  const warmUp = { ...size, count: Math.max(sessions.length * CONTACTS_EACH * 2, 200) };
  await sendBare(warmUp);
  await sendGateway(warmUp);

  const bareUsage = () => bare.call<Usage>('usage');
  const gatewayUsage = () => bench.gateway.order<Usage>('usage');
  const rounds = await alternately(
    bench,
    about.name,
    () => withCpu(bareUsage, size.count, () => sendBare(size)),
    () => withCommits(bench, size.count, () => withCpu(gatewayUsage, size.count, () => sendGateway(size))),
  );
  await bare.stop();
  return { ...about, unit: 'messages/s', ...rounds };
}

async function sendThroughGateway(
  { gateway, database }: Bench,
  sessions: GatewaySession[],
  contacts: string[][],
  { count, inFlight }: SendSize,
): Promise<Round> {
  const last = await database.lastMessage();
  const started = performance.now();
  const ids = await eachOf(Array.from({ length: count }).fill(null), inFlight, (_, index) => {
    const line = index % sessions.length;
    const people = contacts[line] ?? [];
    const to = people[Math.floor(index / sessions.length) % people.length] ?? '';
    return gateway.send(sessions[line]!, to, `Message ${index + 1}: how are you today? I hope all is well.`);
  });
  const acceptedMs = performance.now() - started;
  await until(
    'acks',
    async () => {
      const statuses = await database.statuses(last);
      if (statuses.failed) throw new Error(`${statuses.failed} messages failed`);
      const acked = ACKED.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
      return acked >= count ? true : null;
    },
    { everyMs: 25 },
  );
  const ms = performance.now() - started;
  if (new Set(ids).size !== count) throw new Error('messages share an id');
  return { value: (count / ms) * 1000, acceptedPerSecond: (count / acceptedMs) * 1000 };
}

/** How many transactions the gateway committed for each message. */
export async function withCommits({ database }: Bench, count: number, work: () => Promise<Round>): Promise<Round> {
  await sleep(STATISTICS_DELAY_MS);
  const before = await database.commits();
  const round = await work();
  await sleep(STATISTICS_DELAY_MS);
  return { ...round, commitsPerMessage: ((await database.commits()) - before) / count };
}
