import { ok } from '@app/client/client.js';
import { EventSourceClient } from '@app/testing/event-source.js';
import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewayTenant } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';
import { setTimeout as sleep } from 'node:timers/promises';

const KILLS = 5;

interface Follower {
  seen: EventBody[];
  stop: () => Promise<void>;
}

/** Asks again and again behind the last cursor, as a job would. */
function followByCursor({ api }: GatewayTenant): Follower {
  const seen: EventBody[] = [];
  let isStopping = false;
  const run = async () => {
    for (let after = ''; !isStopping; await sleep(20)) {
      // The gateway may be away.
      const query = { limit: 7, after: after || undefined };
      const page = await ok(api.client.GET('/v1/events', { params: { query } })).catch(() => null);
      if (!page) continue;
      seen.push(...(page.items as EventBody[]));
      after = page.nextCursor ?? after;
    }
  };
  const running = run();
  return { seen, stop: () => ((isStopping = true), running) };
}

/** Comes back with `Last-Event-ID`, as a browser does. */
function followByStream({ api }: GatewayTenant, firstCursor: string): Follower {
  const seen: EventBody[] = [];
  let [isStopping, lastId] = [false, firstCursor];
  let client: EventSourceClient | null = null;
  const headers = () => ({ authorization: `Bearer ${api.token}`, 'last-event-id': lastId });
  const run = async () => {
    for (; !isStopping; await sleep(20)) {
      client = await EventSourceClient.open(`${api.url}/v1/events/stream`, headers()).catch(() => null);
      if (!client) continue;
      await client.ended;
      seen.push(...client.events);
      lastId = client.lastId ?? lastId;
    }
  };
  const running = run();
  return { seen, stop: async () => ((isStopping = true), await client?.close(), await running) };
}

describe('those who follow the event log', () => {
  const stack = useStack();

  it('see each event once and in order while the gateway is killed again and again', async () => {
    const { gateway } = stack;
    const tenant = await gateway.aTenant();
    const session = await tenant.aPairedSession(stack.aPhone());
    const { pn: friend } = await stack.simulator.aContact('reader');
    const { nextCursor } = await ok(tenant.client.GET('/v1/events', { params: { query: { after: 'now' } } }));
    const [asking, streaming] = [followByCursor(tenant), followByStream(tenant, nextCursor!)];
    for (let kill = 0; kill < KILLS; kill += 1) {
      await session.becomes('connected');
      const sends = Array.from({ length: 12 }, (_, n) => session.send(friend, `${kill}.${n}`).catch(() => null));
      // Somewhere in the middle of it.
      await Promise.race([sends[2 * kill], Promise.all(sends)]);
      await gateway.kill();
      await Promise.all(sends);
      await gateway.start();
    }
    await session.becomes('connected');
    await session.send(friend, 'the last one', { wait: true });
    const isTheLast = ({ data }: EventBody) => data.message?.text === 'the last one';
    await eventually('the cursor has come to the end', () => asking.seen.some(isTheLast));
    await eventually('all have been told', async () => (await tenant.events()).length === asking.seen.length);
    const log = (await tenant.events()).map(({ id }) => id);
    await sleep(500);
    await Promise.all([asking.stop(), streaming.stop()]);
    expect(asking.seen.map(({ id }) => id)).toEqual(log);
    const told = (await tenant.events('', nextCursor)).map(({ id }) => id);
    expect(streaming.seen.map(({ id }) => id)).toEqual(told);
    expect(told.length).toBeGreaterThan(KILLS * 2);
    const numbers = asking.seen.filter(({ sessionId }) => sessionId === session.id).map(({ sequence }) => sequence);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
