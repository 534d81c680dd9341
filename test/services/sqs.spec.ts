import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { newId } from '@app/platform/ids/id.js';
import { anSqsBroker, hasSqs } from '@app/testing/brokers/sqs-broker.js';
import { soon } from '@app/testing/expect-soon.js';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { NewBroker } from '../../apps/gateway/src/features/brokers/brokers.service.js';
import { itDeliversTo, useBrokerDeliveries, type BrokerUnderTest, type Received } from './broker-contract.js';
import { describeWith } from './describe-with.js';

describeWith('fauxqs (npm ci --prefix test/services)', hasSqs(), 'SQS', () => {
  const deliveries = useBrokerDeliveries();
  let server: Awaited<ReturnType<typeof anSqsBroker>>;

  const at = async (queue: string): Promise<NewBroker> => {
    const { credentials } = server;
    return { kind: 'sqs', url: await server.queue(queue), credentials };
  };
  const drain = async (queue: string): Promise<Received[]> => {
    const QueueUrl = await server.queue(queue);
    const ask = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] });
    const { Messages = [] } = await server.client.send(ask);
    const received: Received[] = [];
    for (const { Body = '', MessageAttributes = {}, ReceiptHandle } of Messages) {
      const labels = Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      );
      received.push({ event: JSON.parse(Body) as EventEnvelope, labels: { ...labels, id: labels.eventId } });
      await server.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return received;
  };
  const broker = (): BrokerUnderTest => ({
    input: (name) => at(`${name}.fifo`),
    read: (name) => drain(`${name}.fifo`),
    kill: () => server.kill(),
    // It keeps nothing: the queue is made anew.
    async start(name) {
      await server.start();
      await server.queue(`${name}.fifo`);
    },
    stop: () => server.stop(),
  });

  beforeAll(async () => {
    server = await anSqsBroker();
  });
  afterAll(() => server.stop());

  itDeliversTo(deliveries, broker);

  it('fills a standard queue, and tells what waits in it', async () => {
    const actor = await deliveries.app.aUser();
    const { id } = await deliveries.brokers.create(actor, await at('standard'));
    await deliveries.emit(actor, [newId('session')], 3);
    await soon(async () =>
      expect(await deliveries.brokers.statistics(actor, id)).toEqual({
        name: 'standard',
        messages: 3,
        consumers: null,
      }),
    );
    const received = await deliveries.collect({ ...broker(), read: drain }, 'standard', ({ length }) => length >= 3);
    expect(new Set(received.map(({ event }) => event.sequence))).toEqual(new Set([1, 2, 3]));
  });

  it('is told which events repeat', async () => {
    const actor = await deliveries.app.aUser();
    await deliveries.brokers.create(actor, await at('repeats.fifo'));
    await deliveries.emit(actor, [newId('session')], 1);
    const [first] = await deliveries.collect(broker(), 'repeats', ({ length }) => length >= 1);
    const { id, sessionId } = first!.event;
    const again = { MessageBody: '{}', MessageGroupId: sessionId!, MessageDeduplicationId: id };
    await server.client.send(new SendMessageCommand({ QueueUrl: await server.queue('repeats.fifo'), ...again }));
    expect(await drain('repeats.fifo')).toEqual([]);
  });

  it('says when there is no such queue', async () => {
    const actor = await deliveries.app.aUser();
    const { url, ...rest } = await at('standard');
    const check = await deliveries.brokers.checkDraft(actor, { ...rest, url: url.replace('standard', 'absent') });
    expect(check).toMatchObject({ isReachable: false, error: 'There is no such queue.' });
  });
});
