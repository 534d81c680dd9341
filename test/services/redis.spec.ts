import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { newId } from '@app/platform/ids/id.js';
import { aRedisBroker } from '@app/testing/brokers/redis-broker.js';
import { soon } from '@app/testing/expect-soon.js';
import { hasRedisServer } from '@app/testing/redis-server.js';
import { Redis } from 'ioredis';
import type { NewBroker } from '../../apps/gateway/src/features/brokers/brokers.service.js';
import { itDeliversTo, useBrokerDeliveries, type BrokerUnderTest, type Received } from './broker-contract.js';
import { describeWith } from './describe-with.js';

describeWith('redis-server', hasRedisServer(), 'Redis', () => {
  const deliveries = useBrokerDeliveries();
  let server: Awaited<ReturnType<typeof aRedisBroker>>;
  let reader: Redis;

  const input = (name: string, settings: object = {}): NewBroker => ({
    kind: 'redis',
    url: server.url,
    settings: { key: `stream:${name}`, ...settings },
  });
  const drain = async (key: string): Promise<Received[]> => {
    const entries = await reader.xrange(key, '-', '+');
    if (entries.length) await reader.xdel(key, ...entries.map(([id]) => id));
    return entries.map(([, fields]) => {
      const pairs = fields.flatMap((name, index) => (index % 2 ? [] : [[name, fields[index + 1] ?? '']]));
      const { event = '', ...labels } = Object.fromEntries(pairs) as Record<string, string>;
      return { event: JSON.parse(event) as EventEnvelope, labels };
    });
  };
  const broker = (): BrokerUnderTest => ({
    input,
    stranger: (name) => ({ ...input(name), url: server.url.replace('secret-of-redis', 'wrong-password') }),
    read: (name) => drain(`stream:${name}`),
    kill: () => server.kill(),
    start: () => server.start(),
    stop: () => server.stop(),
  });

  beforeAll(async () => {
    server = await aRedisBroker();
    reader = new Redis(server.url);
    reader.on('error', () => undefined);
  });
  afterAll(async () => {
    reader.disconnect();
    await server.stop();
  });

  itDeliversTo(deliveries, broker);

  it('makes a stream per session or type when its name says so, about as long as told', async () => {
    const actor = await deliveries.app.aUser();
    const sessionId = newId('session');
    await deliveries.brokers.create(actor, input('', { key: 'of:{tenantId}:{sessionId}:{type}', maxLength: 1 }));
    await deliveries.emit(actor, [sessionId], 250);
    const key = `of:${actor.tenantId}:${sessionId}:session.qr`;
    await soon(async () => {
      const [last] = await reader.xrevrange(key, '+', '-', 'COUNT', 1);
      expect(last?.[1].join()).toContain('"sequence":250');
    });
    // Whole blocks are dropped, of a hundred entries.
    expect(await reader.xlen(key)).toBeLessThan(200);
  });

  it('publishes on a channel to whoever listens', async () => {
    const actor = await deliveries.app.aUser();
    const listener = reader.duplicate();
    const heard: EventEnvelope[] = [];
    listener.on('message', (_channel, text: string) => heard.push(JSON.parse(text) as EventEnvelope));
    await listener.subscribe('channel');
    const { id } = await deliveries.brokers.create(actor, input('', { mode: 'channel', key: 'channel' }));
    await deliveries.emit(actor, [newId('session')], 3);
    await soon(() => expect(heard.map(({ sequence }) => sequence)).toEqual([1, 2, 3]));
    expect(await deliveries.brokers.statistics(actor, id)).toEqual({ name: 'channel', messages: null, consumers: 1 });
    listener.disconnect();
  });

  it('tells how long a stream is, and says when the key holds something else', async () => {
    const actor = await deliveries.app.aUser();
    const { id } = await deliveries.brokers.create(actor, input('counted'));
    await deliveries.emit(actor, [newId('session')], 2);
    await soon(async () =>
      expect(await deliveries.brokers.statistics(actor, id)).toEqual({
        name: 'stream:counted',
        messages: 2,
        consumers: null,
      }),
    );
    await reader.set('stream:taken', 'text');
    const other = await deliveries.app.aUser();
    await deliveries.brokers.create(other, input('taken'));
    await deliveries.emit(other, [newId('session')], 1);
    expect(await deliveries.failure(other)).toBe('The key holds something else than a stream.');
  });
});
