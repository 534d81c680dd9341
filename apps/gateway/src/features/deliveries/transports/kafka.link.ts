import { unavailable } from '@app/platform/errors/app-error.js';
import { fillTemplate, isFixed } from '@app/platform/events/event-template.js';
import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { Kafka, logLevel, Partitioners, type KafkaConfig, type Producer, type SASLOptions } from 'kafkajs';
import type { KafkaSettings } from '@app/database/broker-settings.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { CONNECT_TIMEOUT_MS, labelsOf, tlsOf, type BrokerStatistics, type Link } from './link.js';
import type { Shipment } from './transport.js';

const REQUEST_TIMEOUT_MS = 10_000;
/** Enough to find the new leader of a partition; everything longer is the business of deliveries. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1000 };

export async function openKafka(target: DeliveryTarget, sockets: OutboundSockets): Promise<Link> {
  const kafka = new Kafka(configOf(target, sockets));
  const settings = target.settings as KafkaSettings;
  const producer = kafka.producer({
    idempotent: settings.isIdempotent,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: settings.isDeclared,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: RETRY,
  });
  await producer.connect().catch((error: Error) => {
    void producer.disconnect().catch(() => undefined);
    explain(error);
  });
  return new KafkaLink(kafka, producer, settings);
}

/** Every broker of the cluster is dialled through `sockets`: the first one names the others, and nobody has checked those. */
function configOf(target: DeliveryTarget, sockets: OutboundSockets): KafkaConfig {
  const { brokers, isTls } = brokersOf(target.url);
  const { username, password } = target.secrets.credentials ?? {};
  const { mechanism } = target.settings as KafkaSettings;
  return {
    clientId: 'switchboard',
    brokers,
    ssl: isTls ? tlsOf(target) : false,
    ...(username === undefined ? {} : { sasl: { mechanism, username, password: password ?? '' } as SASLOptions }),
    socketFactory: ({ host, port, ssl, onConnect }) => {
      const socket = sockets.connect({ host, port, tls: ssl }, onConnect);
      return socket.setKeepAlive(true, 60_000);
    },
    connectionTimeout: CONNECT_TIMEOUT_MS,
    authenticationTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.NOTHING,
  };
}

/** `kafka://one:9092,two:9092`; `kafka+ssl://…` speaks TLS. */
function brokersOf(url: string): { brokers: string[]; isTls: boolean } {
  const [protocol = '', list = ''] = url.split('://');
  return { brokers: list.split(','), isTls: protocol === 'kafka+ssl' };
}

/** Idempotent, and acknowledged by all replicas. The session is the key, so its events stay in order. */
class KafkaLink implements Link {
  isOpen = true;

  constructor(
    private readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly settings: KafkaSettings,
  ) {}

  async publish(shipment: Shipment): Promise<void> {
    const { event, json } = shipment;
    const message = {
      key: event.sessionId ?? event.tenantId,
      value: json,
      headers: labelsOf(shipment),
      timestamp: String(new Date(event.timestamp).getTime()),
    };
    const topic = fillTemplate(this.settings.topic, event);
    try {
      await this.producer.send({ topic, messages: [message], acks: -1, timeout: REQUEST_TIMEOUT_MS });
    } catch (error) {
      // Its count of what it has sent may be wrong now; another producer starts anew.
      this.isOpen = false;
      explain(error as Error);
    }
  }

  async check(): Promise<void> {
    const { topic, isDeclared } = this.settings;
    if (isDeclared || !isFixed(topic)) return;
    const admin = this.kafka.admin({ retry: RETRY });
    await admin.connect().catch(explain);
    try {
      await admin.fetchTopicMetadata({ topics: [topic] }).catch(explain);
    } finally {
      await admin.disconnect();
    }
  }

  async statistics(): Promise<BrokerStatistics | null> {
    return null;
  }

  async close(): Promise<void> {
    this.isOpen = false;
    await this.producer.disconnect();
  }
}

const refusals: [RegExp, string][] = [
  [/SASL .*(failed|not supported|not enabled)/i, 'User name, password or mechanism is wrong.'],
  [/does not host this topic-partition/, 'There is no such topic.'],
  [/not authorized/i, 'The user is not allowed to do that.'],
  [/must lead to a public address/, 'One of the brokers is at an address that must not be called.'],
  [/Connection timeout/, 'There was no connection in time.'],
  [/ECONNREFUSED/, 'The connection was refused.'],
  [/Connection error|Closed connection|The producer is disconnected|ECONNRESET/i, 'The connection was closed.'],
];

function explain(error: Error): never {
  const texts = [error, error.cause].map((one) => (one instanceof Error ? one.message : '')).join(' ');
  const refusal = refusals.find(([pattern]) => pattern.test(texts));
  if (refusal) throw unavailable('destination.refused', refusal[1], error);
  throw error;
}
