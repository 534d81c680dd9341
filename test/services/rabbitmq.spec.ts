import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { newId } from '@app/platform/ids/id.js';
import { aRabbitmqBroker, hasRabbitmq } from '@app/testing/brokers/rabbitmq-broker.js';
import { soon } from '@app/testing/expect-soon.js';
import { connect, type ChannelModel } from 'amqplib';
import type { NewBroker } from '../../apps/gateway/src/features/brokers/brokers.service.js';
import { itDeliversTo, useBrokerDeliveries, type BrokerUnderTest, type Received } from './broker-contract.js';
import { describeWith } from './describe-with.js';

describeWith('rabbitmq-server', hasRabbitmq(), 'RabbitMQ', () => {
  const deliveries = useBrokerDeliveries();
  let server: Awaited<ReturnType<typeof aRabbitmqBroker>>;
  let model: ChannelModel | null = null;

  const channel = async () => {
    model ??= await connect(server.url);
    model.on('error', () => undefined);
    return model.createChannel();
  };
  const input = (name: string, settings: object = {}): NewBroker => ({
    kind: 'rabbitmq',
    url: server.url,
    settings: { exchange: `${name}.exchange`, queue: `${name}.queue`, ...settings },
  });
  const drain = async (queue: string): Promise<Received[]> => {
    const opened = await channel();
    opened.on('error', () => undefined);
    const received: Received[] = [];
    for (;;) {
      const message = await opened.get(queue, { noAck: true }).catch(() => false as const);
      if (!message) break;
      const { messageId, headers } = message.properties as { messageId: string; headers: object };
      const event = JSON.parse(message.content.toString()) as EventEnvelope;
      received.push({ event, labels: { ...headers, id: messageId } });
    }
    await opened.close().catch(() => undefined);
    return received;
  };
  const broker = (): BrokerUnderTest => ({
    input,
    stranger: (name) => ({ ...input(name), url: server.url.replace(':guest@', ':wrong-password@') }),
    read: (name) => drain(`${name}.queue`),
    async kill() {
      await server.kill();
      model = null;
    },
    start: () => server.start(),
    stop: () => server.stop(),
  });

  beforeAll(async () => {
    server = await aRabbitmqBroker();
  });
  afterAll(async () => {
    await model?.close().catch(() => undefined);
    await server.stop();
  });

  itDeliversTo(deliveries, broker);

  it('makes a queue per session or type when its name says so, and tells what waits in a fixed one', async () => {
    const actor = await deliveries.app.aUser();
    const sessionId = newId('session');
    const settings = { queue: 'by.{sessionId}.{type}', routingKey: '{tenantId}.{sessionId}.{type}', bindingKey: '#' };
    const templated = await deliveries.brokers.create(actor, input('templated', settings));
    const fixed = await deliveries.brokers.create(actor, input('fixed'));
    await deliveries.emit(actor, [sessionId], 2);
    const received = await deliveries.collect(
      { ...broker(), read: () => drain(`by.${sessionId}.session.qr`) },
      '',
      ({ length }) => length >= 2,
    );
    expect(received.map(({ event }) => event.sequence)).toEqual([1, 2]);
    await expect(deliveries.brokers.statistics(actor, templated.id)).rejects.toMatchObject({
      code: 'destination.no-statistics',
    });
    const statistics = async () => (await deliveries.brokers.statistics(actor, fixed.id)).messages;
    await expectSoon(statistics, 2);
    expect(await deliveries.brokers.statistics(actor, fixed.id)).toMatchObject({ name: 'fixed.queue', consumers: 0 });
  });

  it.each(['topic', 'direct', 'fanout', 'headers'])('publishes to a %s exchange', async (exchangeType) => {
    const actor = await deliveries.app.aUser();
    const name = `type.${exchangeType}`;
    await deliveries.brokers.create(actor, input(name, { exchangeType, bindingArguments: {} }));
    await deliveries.emit(actor, [newId('session')], 1);
    expect(await deliveries.collect(broker(), name, ({ length }) => length >= 1)).toHaveLength(1);
  });

  it.each(['classic', 'quorum', 'stream'])('declares a %s queue with its limits', async (queueType) => {
    const actor = await deliveries.app.aUser();
    const limits = queueType === 'stream' ? { maxLengthBytes: 1_000_000 } : { maxLength: 2, messageTtlMs: 600_000 };
    const queueArguments = queueType === 'classic' ? { 'x-overflow': 'drop-head' } : {};
    const { id } = await deliveries.brokers.create(
      actor,
      input(`kind.${queueType}`, { queueType, queueArguments, ...limits }),
    );
    await deliveries.emit(actor, [newId('session')], 3);
    const left = async () => (await deliveries.brokers.statistics(actor, id)).messages;
    await expectSoon(left, queueType === 'stream' ? 3 : 2);
  });

  it('sends what a full queue drops to the dead-letter exchange', async () => {
    const actor = await deliveries.app.aUser();
    const opened = await channel();
    await opened.assertExchange('dropped', 'fanout');
    await opened.assertQueue('dropped');
    await opened.bindQueue('dropped', 'dropped', '');
    await deliveries.brokers.create(actor, input('full', { maxLength: 1, deadLetterExchange: 'dropped' }));
    await deliveries.emit(actor, [newId('session')], 3);
    const dropped = { ...broker(), read: () => drain('dropped') };
    const received = await deliveries.collect(dropped, '', ({ length }) => length >= 2);
    expect(received.map(({ event }) => event.sequence)).toEqual([1, 2]);
  });

  it('counts an event as failed that no queue takes, that a full queue refuses, or whose exchange is missing', async () => {
    const cases: [object, RegExp][] = [
      [{ queue: null }, /^No queue takes the routing key "session.qr"\.$/],
      [{ maxLength: 1, queueArguments: { 'x-overflow': 'reject-publish' } }, /^The broker refused the event/],
      [{ exchange: 'missing', isDeclared: false }, /no exchange 'missing'/],
      [{ queue: 'fixed.queue', maxLength: 77 }, /inequivalent arg 'x-max-length'/],
    ];
    for (const [index, [settings, sentence]] of cases.entries()) {
      const actor = await deliveries.app.aUser();
      const { id } = await deliveries.brokers.create(actor, input(`refusing.${index}`, settings));
      await deliveries.emit(actor, [newId('session')], 2);
      expect(await deliveries.failure(actor)).toMatch(sentence);
      await deliveries.brokers.remove(actor, id);
    }
  });

  it('finds a missing exchange before the first event when it must not declare one', async () => {
    const check = await deliveries.brokers.checkDraft(
      await deliveries.app.aUser(),
      input('absent', { isDeclared: false }),
    );
    expect(check).toMatchObject({
      isReachable: false,
      error: expect.stringContaining("no exchange 'absent") as string,
    });
  });

  const expectSoon = async (probe: () => Promise<number | null>, expected: number) => {
    await soon(async () => expect(await probe().catch(() => null)).toBe(expected));
  };
});
