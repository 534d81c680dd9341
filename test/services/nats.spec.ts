import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { newId } from '@app/platform/ids/id.js';
import { aNatsBroker, hasNats } from '@app/testing/brokers/nats-broker.js';
import { soon } from '@app/testing/expect-soon.js';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { NewBroker } from '../../apps/gateway/src/features/brokers/brokers.service.js';
import { itDeliversTo, useBrokerDeliveries, type BrokerUnderTest, type Received } from './broker-contract.js';
import { describeWith } from './describe-with.js';

describeWith('nats-server', hasNats(), 'NATS', () => {
  const deliveries = useBrokerDeliveries();
  let server: Awaited<ReturnType<typeof aNatsBroker>>;
  let connection: NatsConnection | null = null;
  const read = new Map<string, number>();

  const client = async () => {
    if (connection && !connection.isClosed()) return connection;
    const login = { user: 'switchboard', pass: 'secret-of-nats' };
    return (connection = await connect({ servers: `127.0.0.1:${server.port}`, ...login, reconnect: false }));
  };
  const input = (name: string, settings: object = {}): NewBroker => ({
    kind: 'nats',
    url: server.url,
    settings: { stream: name, subject: `${name}.{tenantId}.{sessionId}.{type}`, ...settings },
  });
  const drain = async (stream: string): Promise<Received[]> => {
    const manager = await jetstreamManager(await client());
    const info = await manager.streams.info(stream).catch(() => null);
    if (!info) return [];
    const received: Received[] = [];
    for (let next = (read.get(stream) ?? 0) + 1; next <= info.state.last_seq; next++) {
      const message = await manager.streams.getMessage(stream, { seq: next });
      read.set(stream, next);
      if (!message) continue;
      const labels = Object.fromEntries(message.header.keys().map((name) => [name, message.header.get(name)]));
      received.push({ event: message.json<EventEnvelope>(), labels });
    }
    return received;
  };
  const broker = (): BrokerUnderTest => ({
    input,
    stranger: (name) => ({ ...input(name), url: server.url.replace('secret-of-nats', 'wrong-password') }),
    read: drain,
    kill: () => server.kill(),
    start: () => server.start(),
    stop: () => server.stop(),
  });

  beforeAll(async () => {
    server = await aNatsBroker();
  });
  afterAll(async () => {
    await connection?.close();
    await server.stop();
  });

  itDeliversTo(deliveries, broker);

  it('makes a stream of the subjects it needs, and the server drops what comes twice', async () => {
    const actor = await deliveries.app.aUser();
    const { id } = await deliveries.brokers.create(actor, input('made', { maxAgeSeconds: 3600, maxLength: 100 }));
    await deliveries.emit(actor, [newId('session')], 2);
    const [first] = await deliveries.collect(broker(), 'made', ({ length }) => length >= 2);
    const { config } = await (await jetstreamManager(await client())).streams.info('made');
    expect(config).toMatchObject({ subjects: ['made.*.*.>'], max_msgs: 100, max_age: 3600e9 });
    const again = await jetstream(await client()).publish('made.a.b.c', '{}', { msgID: first!.event.id });
    expect(again.duplicate).toBe(true);
    expect(await deliveries.brokers.statistics(actor, id)).toEqual({ name: 'made', messages: 2, consumers: 0 });
  });

  it('counts an event as failed whose subject no stream takes', async () => {
    const actor = await deliveries.app.aUser();
    await deliveries.brokers.create(actor, input('', { stream: null, subject: 'nobody.{type}' }));
    await deliveries.emit(actor, [newId('session')], 1);
    expect(await deliveries.failure(actor)).toBe('No stream takes the subject "nobody.session.qr".');
    const check = await deliveries.brokers.checkDraft(actor, input('absent', { isDeclared: false }));
    expect(check).toMatchObject({ isReachable: false, error: expect.stringContaining('stream not found') as string });
    await soon(() => expect(connection?.isClosed()).toBe(false));
  });
});
