import { fillTemplate, isFixed } from '@app/platform/events/event-template.js';
import { unavailable } from '@app/platform/errors/app-error.js';
import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { connect, type Channel, type ChannelModel, type ConfirmChannel, type Message } from 'amqplib';
import { LRUCache } from 'lru-cache';
import type { RabbitmqSettings } from '@app/database/broker-settings.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { CONNECT_TIMEOUT_MS, labelsOf, partsOf, tlsOf, type BrokerStatistics, type Link } from './link.js';
import type { Shipment } from './transport.js';

const HEARTBEAT_SECONDS = 30;
const MOST_DECLARED = 1000;

export async function openRabbitmq(target: DeliveryTarget, sockets: OutboundSockets): Promise<Link> {
  const { protocol, host, port, user, password, path } = partsOf(target, 0);
  sockets.assertAllowed(host);
  const model = await connect(
    {
      protocol: protocol.slice(0, -1),
      hostname: host,
      port: port || undefined,
      username: user,
      password,
      vhost: path,
      heartbeat: HEARTBEAT_SECONDS,
    },
    { ...tlsOf(target), lookup: sockets.lookup, timeout: CONNECT_TIMEOUT_MS, noDelay: true },
  ).catch(explain);
  model.on('error', () => undefined);
  return new RabbitmqLink(model, await model.createConfirmChannel(), target.settings as RabbitmqSettings);
}

/** Publishes with confirms; what no queue takes comes back first. */
class RabbitmqLink implements Link {
  isOpen = true;
  /** Why the broker closed the channel: those who wait for a confirm hear no more than that it is closed. */
  private trouble: Error | null = null;
  private readonly returned = new Set<string>();
  /** A channel of its own: the broker closes the one on which a declaration fails. */
  private declaring: Promise<Channel> | null = null;
  private readonly declared = new LRUCache<string, Promise<void>>({ max: MOST_DECLARED });

  constructor(
    private readonly model: ChannelModel,
    private readonly channel: ConfirmChannel,
    private readonly settings: RabbitmqSettings,
  ) {
    const end = () => void (this.isOpen = false);
    model.on('close', end);
    channel.on('error', (error) => (this.trouble = error));
    channel.on('close', end);
    channel.on('return', (message: Message) => this.returned.add(String(message.properties.messageId)));
  }

  async publish(shipment: Shipment): Promise<void> {
    const { exchange, isPersistent, isMandatory } = this.settings;
    const { event, json } = shipment;
    const queue = this.queueFor(event);
    const routingKey = exchange === '' ? (queue ?? '') : fillTemplate(this.settings.routingKey, event);
    await this.declare(queue, routingKey, fillTemplate(this.settings.bindingKey ?? routingKey, event));
    const { id, ...labels } = labelsOf(shipment);
    await new Promise<void>((done, fail) => {
      const options = {
        messageId: id,
        type: event.type,
        timestamp: Math.floor(new Date(event.timestamp).getTime() / 1000),
        contentType: 'application/json',
        appId: 'switchboard',
        persistent: isPersistent,
        mandatory: isMandatory,
        headers: { ...labels, ...(event.sequence === null ? {} : { sequence: event.sequence }) },
      };
      this.channel.publish(exchange, routingKey, Buffer.from(json), options, (error: Error | null) =>
        error ? fail(error) : done(),
      );
    }).catch((error: Error) => explain(this.trouble ?? error));
    if (this.returned.delete(event.id))
      throw unavailable('destination.refused', `No queue takes the routing key "${routingKey}".`);
  }

  async check(): Promise<void> {
    const { exchange, isDeclared, queue } = this.settings;
    if (isDeclared) return;
    const channel = await this.declarer();
    if (exchange !== '') await channel.checkExchange(exchange).catch(explain);
    if (queue !== null && isFixed(queue)) await channel.checkQueue(queue).catch(explain);
  }

  async statistics(): Promise<BrokerStatistics | null> {
    const { queue } = this.settings;
    if (queue === null || !isFixed(queue)) return null;
    const found = await (await this.declarer()).checkQueue(queue).catch(explain);
    return { name: queue, messages: found.messageCount, consumers: found.consumerCount };
  }

  async close(): Promise<void> {
    this.isOpen = false;
    await this.model.close();
  }

  private queueFor(event: Shipment['event']): string | null {
    return this.settings.queue === null ? null : fillTemplate(this.settings.queue, event);
  }

  /** Once per name; a failure is not remembered, since its reason may go away. */
  private declare(queue: string | null, routingKey: string, bindingKey: string): Promise<void> {
    if (!this.settings.isDeclared) return Promise.resolve();
    const name = JSON.stringify([queue, bindingKey]);
    const known = this.declared.get(name);
    if (known) return known;
    const declared = this.declareNow(queue, bindingKey).catch(explain);
    this.declared.set(name, declared);
    declared.catch(() => this.declared.delete(name));
    return declared;
  }

  private async declareNow(queue: string | null, bindingKey: string): Promise<void> {
    const { exchange, exchangeType, exchangeArguments, isDurable, bindingArguments } = this.settings;
    const channel = await this.declarer();
    if (exchange !== '')
      await channel.assertExchange(exchange, exchangeType, { durable: isDurable, arguments: exchangeArguments });
    if (queue === null) return;
    await channel.assertQueue(queue, { durable: isDurable, arguments: queueArguments(this.settings) });
    if (exchange !== '') await channel.bindQueue(queue, exchange, bindingKey, bindingArguments);
  }

  private declarer(): Promise<Channel> {
    this.declaring ??= this.model.createChannel().then((channel) => {
      channel.on('error', () => undefined);
      channel.on('close', () => (this.declaring = null));
      return channel;
    });
    return this.declaring;
  }
}

/** Arguments that a caller gives by name win over those of the settings. */
function queueArguments(settings: RabbitmqSettings): Record<string, unknown> {
  const named = {
    'x-queue-type': settings.queueType,
    'x-message-ttl': settings.messageTtlMs,
    'x-max-length': settings.maxLength,
    'x-max-length-bytes': settings.maxLengthBytes,
    'x-dead-letter-exchange': settings.deadLetterExchange,
    'x-dead-letter-routing-key': settings.deadLetterRoutingKey,
  };
  const given = Object.entries(named).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), ...settings.queueArguments };
}

const refusals: Record<number, string> = {
  403: 'The broker does not let this user in, or not do that.',
  530: 'The broker has no such virtual host, or does not let this user into it.',
};

/** RabbitMQ's replies say what is wrong behind the name of the code: `404 (NOT-FOUND) with message "…"`. */
function explain(error: Error & { code?: number | string }): never {
  const [, code, said] = /(\d{3}) \(.*?\) with message "(.*?)"/.exec(error.message) ?? [];
  const refusal = refusals[Number(code ?? error.code)];
  if (refusal) throw unavailable('destination.refused', refusal, error);
  if (said) throw unavailable('destination.refused', `The broker says: ${said.slice(0, 300)}`, error);
  if (error.message === 'message nacked')
    throw unavailable('destination.refused', 'The broker refused the event; the queue may be full.', error);
  if (/closed|ended/i.test(error.message) && !error.code)
    throw unavailable('destination.refused', 'The connection was closed.', error);
  throw error;
}
