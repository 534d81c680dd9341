import type { GatewaySession } from '../run/gateway.js';
import { eachOf, until } from '../run/until.js';
import type { Usage } from '../run/usage.js';
import { alternately, type Bench, type Figure, type Round, startBare, withCpu } from './figure.js';
import { withCommits } from './send.js';

const WARM_UP_EACH = 10;

/** Messages of contacts until a receiver has been told of each: by webhook, or by a POST from the bare process. */
export async function measureReceive(
  bench: Bench,
  about: Pick<Figure, 'name' | 'title' | 'goal'>,
  sessions: GatewaySession[],
): Promise<Figure | null> {
  const { simulator, gateway, receiver, options } = bench;
  if (!(await gateway.addWebhooks(receiver.url))) return null;
  const pns = await simulator.owners(sessions.length);
  const bare = await startBare(bench, `bare-${about.name}`, { pns });
  await bare.call('forwardTo', receiver.url);
  const bareContacts = await simulator.contacts(pns.length);
  const gatewayContacts = await simulator.contacts(sessions.length);
  const gatewayPns = sessions.map(({ pn }) => pn);

  const toBare = async (each: number): Promise<Round> => {
    const round = await deliver(bench, bareContacts, pns, each);
    await bare.call('assertForwarded');
    return round;
  };
  const toGateway = (each: number) => deliver(bench, gatewayContacts, gatewayPns, each);
  await toBare(WARM_UP_EACH);
  await toGateway(WARM_UP_EACH);

  const each = Math.round(options.sizes.receive.count / sessions.length);
  const count = each * sessions.length;
  const bareUsage = () => bare.call<Usage>('usage');
  const gatewayUsage = () => gateway.order<Usage>('usage');
  const rounds = await alternately(
    bench,
    about.name,
    () => withCpu(bareUsage, count, () => toBare(each)),
    () => withCommits(bench, count, () => withCpu(gatewayUsage, count, () => toGateway(each))),
  );
  await bare.stop();
  return { ...about, unit: 'messages/s', ...rounds };
}

async function deliver({ simulator, receiver }: Bench, from: string[], to: string[], each: number): Promise<Round> {
  receiver.forget();
  const count = each * from.length;
  const started = performance.now();
  const ids = await eachOf(from, from.length, (contact, index) => simulator.send(contact, to[index] ?? '', each));
  await until(`${count} messages at the receiver`, () => (receiver.seen.size >= count ? true : null));
  const lost = ids.flat().filter((id) => !receiver.seen.has(id)).length;
  if (lost > 0) throw new Error(`${lost} of ${count} messages never reached the receiver`);
  return { value: (count / (receiver.finishedAt - started)) * 1000, repeats: receiver.repeats };
}
