import { ok } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewayProcess, GatewayTenant } from '@app/testing/gateway-process.js';
import { LocalReceiver } from '@app/testing/local-receiver.js';
import { useStack } from '@app/testing/use-stack.js';

const KILLS = 20;
const SESSIONS = 3;
const MESSAGES = 300;

describe('kill -9 of the delivery worker', () => {
  const stack = useStack({ ROLES: 'api,sessions' });
  const receiver = new LocalReceiver();
  let worker: GatewayProcess;
  beforeAll(async () => {
    await receiver.start();
    worker = await stack.gateway.another({ ROLES: 'jobs' });
  });
  afterAll(async () => {
    await worker?.kill();
    await receiver.stop();
  });

  it(`loses nothing over ${KILLS} kills, keeps order and sequence, and a follower of the log sees each event once`, async () => {
    const tenant = await stack.gateway.aTenant();
    await ok(tenant.client.POST('/v1/webhooks', { body: { url: receiver.url(), types: ['message.received'] } }));
    const phones = Array.from({ length: SESSIONS }, () => stack.aPhone());
    for (const phone of phones) await tenant.aPairedSession(phone);
    // Slow enough that something is on its way whenever the worker dies.
    receiver.answer((response) => void setTimeout(() => response.writeHead(204).end(), 20));

    let isOver = false;
    const following = follow(tenant, () => isOver);
    const contact = await stack.simulator.aContact('reader');
    const sending = Promise.all(
      phones.map((phone) =>
        stack.simulator.send(contact.pn, phone, {
          textTemplate: `in ${phone} {n}`,
          count: MESSAGES / SESSIONS,
          ratePerSec: MESSAGES / SESSIONS / 25,
        }),
      ),
    );
    for (let kill = 0; kill < KILLS; kill++) {
      const before = receiver.requests.length;
      await eventually('something is being delivered', () => receiver.requests.length > before + (kill % 4));
      await worker.kill();
      await worker.start();
    }
    await sending;

    const isReceived = ({ type }: EventBody) => type === 'message.received';
    const log = await eventually(
      'every message is in the log',
      async () => {
        const events = await tenant.events();
        return events.filter(isReceived).length >= MESSAGES && events;
      },
      60_000,
    );
    const arrived = () =>
      receiver.requests.map(({ body, headers }) => ({
        ...(JSON.parse(body) as EventBody),
        header: headers['webhook-id'],
      }));
    await eventually(
      'every event is at the webhook',
      () => new Set(arrived().map(({ id }) => id)).size === MESSAGES,
      60_000,
    );
    isOver = true;
    const followed = await following;

    for (const { id, header } of arrived()) expect(header).toBe(id);
    const sessions = new Set(log.map(({ sessionId }) => sessionId));
    expect(sessions.size).toBe(SESSIONS);
    for (const session of sessions) {
      const own = log.filter(({ sessionId }) => sessionId === session);
      expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, index) => index + 1));
      const first = firsts(arrived().filter(({ sessionId }) => sessionId === session));
      expect(first).toEqual(own.filter(isReceived).map(({ id }) => id));
    }
    expect(followed).toEqual(log.map(({ id }) => id));
  }, 600_000);

  /** In the order in which they came first: what is repeated comes after that. */
  const firsts = (events: EventBody[]) => [...new Set(events.map(({ id }) => id))];

  /** Ids of all events, as somebody sees them who asks for what is new again and again. */
  async function follow(tenant: GatewayTenant, isOver: () => boolean): Promise<string[]> {
    const seen: string[] = [];
    for (let after = '', wasOver = false; ;) {
      const { items, nextCursor } = await ok(
        tenant.client.GET('/v1/events', { params: { query: { limit: 50, after: after || undefined } } }),
      );
      seen.push(...items.map(({ id }) => id));
      after = nextCursor ?? after;
      if (items.length === 0 && wasOver) return seen;
      wasOver = isOver();
    }
  }
});
