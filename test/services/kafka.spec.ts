import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { newId } from '@app/platform/ids/id.js';
import { aKafkaBroker, hasKafka } from '@app/testing/brokers/kafka-broker.js';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import type { NewBroker } from '../../apps/gateway/src/features/brokers/brokers.service.js';
import { itDeliversTo, useBrokerDeliveries, type BrokerUnderTest, type Received } from './broker-contract.js';
import { describeWith } from './describe-with.js';

describeWith('kcat', hasKafka(), 'Kafka', () => {
  const deliveries = useBrokerDeliveries();
  let server: Awaited<ReturnType<typeof aKafkaBroker>>;
  const consumers = new Map<string, { consumer: Consumer; received: Received[]; keys: Set<string> }>();

  const input = (name: string, settings: object = {}): NewBroker => ({
    kind: 'kafka',
    url: server.url,
    // The controller that an idempotent producer asks is missing in this server.
    settings: { topic: name, isIdempotent: false, ...settings },
  });
  const listen = async (topic: string) => {
    const known = consumers.get(topic);
    if (known) return known;
    const kafka = new Kafka({ brokers: [server.address], logLevel: logLevel.NOTHING });
    const listening = {
      consumer: kafka.consumer({ groupId: `tests-${topic}` }),
      received: [] as Received[],
      keys: new Set<string>(),
    };
    consumers.set(topic, listening);
    await listening.consumer.connect();
    await listening.consumer.subscribe({ topic, fromBeginning: true });
    await listening.consumer.run({
      async eachMessage({ message }) {
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
        listening.keys.add(String(message.key));
        listening.received.push({
          event: JSON.parse(String(message.value)) as EventEnvelope,
          labels: Object.fromEntries(headers) as Record<string, string>,
        });
      },
    });
    return listening;
  };
  const quit = async () => {
    const all = [...consumers.values()];
    consumers.clear();
    await Promise.all(all.map(({ consumer }) => consumer.disconnect().catch(() => undefined)));
  };
  const broker = (): BrokerUnderTest => ({
    input,
    read: async (name) => (await listen(name)).received.splice(0),
    async kill() {
      await quit();
      await server.stop();
    },
    async start() {
      server = await aKafkaBroker();
      return { url: server.url };
    },
    stop: () => server.stop(),
  });

  beforeAll(async () => {
    server = await aKafkaBroker();
  });
  afterAll(async () => {
    await quit();
    await server.stop();
  });

  itDeliversTo(deliveries, broker);

  it('makes a topic per type when its name says so, and keys events by their session', async () => {
    const actor = await deliveries.app.aUser();
    const sessionId = newId('session');
    await deliveries.brokers.create(actor, input('', { topic: 'of.{tenantId}.{type}' }));
    await deliveries.emit(actor, [sessionId], 2);
    const topic = `of.${actor.tenantId}.session.qr`;
    expect(await deliveries.collect(broker(), topic, ({ length }) => length >= 2)).toHaveLength(2);
    expect([...(await listen(topic)).keys]).toEqual([sessionId]);
  });

  it('says what is wrong when the brokers know no users', async () => {
    const credentials = { username: 'somebody', password: 'secret-of-kafka' };
    const check = await deliveries.brokers.checkDraft(await deliveries.app.aUser(), { ...input('login'), credentials });
    expect(check).toMatchObject({ isReachable: false, error: expect.stringMatching(/^(User name|The )/) as string });
    expect(check.error).not.toContain('secret-of-kafka');
  });
});
