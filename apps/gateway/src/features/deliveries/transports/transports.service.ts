import { Config } from '@app/platform/config/config.js';
import { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { BrokerKind, DestinationKind } from '@app/database/entities/destination.entity.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { BrokerTransport } from './broker-transport.js';
import { openKafka } from './kafka.link.js';
import type { OpenLink } from './link.js';
import { openNats } from './nats.link.js';
import { openRabbitmq } from './rabbitmq.link.js';
import { openRedis } from './redis.link.js';
import { openSqs } from './sqs.link.js';
import { failed, type Answer, type Shipment, type Transport } from './transport.js';
import { WebhookTransport } from './webhook.transport.js';

const links: Record<BrokerKind, OpenLink> = {
  rabbitmq: openRabbitmq,
  sqs: openSqs,
  redis: openRedis,
  nats: openNats,
  kafka: openKafka,
};

/** The transports by the kind of destination that they serve. */
@Injectable()
export class TransportsService implements OnApplicationShutdown {
  private readonly byKind: Map<DestinationKind, Transport>;
  private readonly brokers: Map<DestinationKind, BrokerTransport>;

  constructor(webhook: WebhookTransport, sockets: OutboundSockets, config: Config) {
    const kinds = Object.entries(links) as [BrokerKind, OpenLink][];
    const timeoutMs = config.webhookTimeoutMs;
    this.brokers = new Map(kinds.map(([kind, open]) => [kind, new BrokerTransport(kind, open, sockets, timeoutMs)]));
    const all: Transport[] = [webhook, ...this.brokers.values()];
    this.byKind = new Map(all.map((transport) => [transport.kind, transport]));
  }

  async send(target: DeliveryTarget, shipment: Shipment): Promise<Answer> {
    const transport = this.byKind.get(target.kind);
    return transport ? transport.send(target, shipment) : failed(`This version knows no ${target.kind}.`);
  }

  /** For what only brokers can do; undefined for webhooks. */
  broker(kind: DestinationKind): BrokerTransport | undefined {
    return this.brokers.get(kind);
  }

  forget(destinationId: string): void {
    for (const transport of this.byKind.values()) transport.forget?.(destinationId);
  }

  /** After the workers have ended. */
  onApplicationShutdown(): void {
    this.forget('');
  }
}
