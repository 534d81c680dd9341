import { unavailable } from '@app/platform/errors/app-error.js';
import { fillTemplate } from '@app/platform/events/event-template.js';
import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { jetstream, JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, headers, nanos, type NatsConnection } from '@nats-io/transport-node';
import type { NatsSettings } from '@app/database/broker-settings.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { CONNECT_TIMEOUT_MS, labelsOf, partsOf, tlsOf, type BrokerStatistics, type Link } from './link.js';
import type { Shipment } from './transport.js';

const STREAM_NOT_FOUND = 10_059;
const PUBLISH_TIMEOUT_MS = 10_000;

export async function openNats(target: DeliveryTarget, sockets: OutboundSockets): Promise<Link> {
  const { protocol, host, port, user, password } = partsOf(target, 4222);
  const { address, family } = await sockets.addressOf(host);
  const { token, creds } = target.secrets.credentials ?? {};
  const connection = await connect({
    servers: `${family === 6 ? `[${address}]` : address}:${port}`,
    user,
    pass: password,
    token,
    authenticator: creds === undefined ? undefined : credsAuthenticator(new TextEncoder().encode(creds)),
    tls: protocol === 'tls:' ? tlsOf(target, host) : null,
    name: 'switchboard',
    timeout: CONNECT_TIMEOUT_MS,
    reconnect: false,
    // The server would name others to go to, which nobody has checked.
    ignoreClusterUpdates: true,
  }).catch(explain);
  return new NatsLink(connection, target.settings as NatsSettings);
}

/** Publishes to JetStream, which confirms and drops repeats by the id of the event. */
class NatsLink implements Link {
  private readonly stream: ReturnType<typeof jetstream>;
  private declared: Promise<void> | null = null;

  constructor(
    private readonly connection: NatsConnection,
    private readonly settings: NatsSettings,
  ) {
    this.stream = jetstream(connection, { timeout: PUBLISH_TIMEOUT_MS });
  }

  get isOpen(): boolean {
    return !this.connection.isClosed();
  }

  async publish(shipment: Shipment): Promise<void> {
    this.declared ??= this.declare().catch((error: Error) => ((this.declared = null), explain(error)));
    await this.declared;
    const subject = fillTemplate(this.settings.subject, shipment.event);
    const labels = headers();
    for (const [name, value] of Object.entries(labelsOf(shipment))) labels.set(name, value);
    const { stream } = this.settings;
    const options = {
      msgID: shipment.event.id,
      headers: labels,
      expect: stream === null ? {} : { streamName: stream },
    };
    await this.stream.publish(subject, shipment.json, options).catch((error: Error) => {
      // Without a stream for it nobody answers, as if there were no JetStream at all.
      if (/no responders|jetstream (is )?not enabled/i.test(error.message))
        throw unavailable('destination.refused', `No stream takes the subject "${subject}".`, error);
      explain(error);
    });
  }

  async check(): Promise<void> {
    const manager = await this.manager();
    const { stream, isDeclared } = this.settings;
    if (stream !== null && !isDeclared) await manager.streams.info(stream).catch(explain);
  }

  async statistics(): Promise<BrokerStatistics | null> {
    const { stream } = this.settings;
    if (stream === null) return null;
    const { state } = await (await this.manager()).streams.info(stream).catch(explain);
    return { name: stream, messages: state.messages, consumers: state.consumer_count };
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private manager(): Promise<JetStreamManager> {
    return jetstreamManager(this.connection, { timeout: PUBLISH_TIMEOUT_MS }).catch(explain);
  }

  /** An existing stream stays as it is. */
  private async declare(): Promise<void> {
    const { stream, isDeclared, subject, maxAgeSeconds, maxLength } = this.settings;
    if (stream === null || !isDeclared) return;
    const manager = await this.manager();
    const isThere = await manager.streams.info(stream).then(
      () => true,
      (error: unknown) => {
        if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return false;
        throw error;
      },
    );
    if (isThere) return;
    await manager.streams.add({
      name: stream,
      subjects: [subjectsOf(subject)],
      ...(maxAgeSeconds === null ? {} : { max_age: nanos(maxAgeSeconds * 1000) }),
      ...(maxLength === null ? {} : { max_msgs: maxLength }),
    });
  }
}

/** All that a template can become. An event's type has several words; what has one is a `*`. */
export function subjectsOf(template: string): string {
  const words = template.split('.');
  const type = words.findIndex((word) => word.includes('{type}'));
  const fixed = (type < 0 ? words : words.slice(0, type)).map((word) => (word.includes('{') ? '*' : word));
  return [...fixed, ...(type < 0 ? [] : ['>'])].join('.');
}

const refusals: [RegExp, string][] = [
  [/authorization violation|authentication/i, 'User name, password or token is wrong, or one is needed.'],
  [/permissions violation/i, 'The user is not allowed to do that.'],
  [/jetstream (is )?not enabled/i, 'JetStream is not switched on there.'],
  [/no responders/i, 'JetStream is not switched on there, or the user may not use it.'],
  [/^timeout$/i, 'There was no answer in time.'],
  [/connection refused/i, 'The connection was refused.'],
  [/connection (closed|draining)|^closed connection/i, 'The connection was closed.'],
  [/'tls'/, 'The server does not speak TLS there.'],
];

function explain(error: Error): never {
  const refusal = refusals.find(([pattern]) => pattern.test(error.message));
  if (refusal) throw unavailable('destination.refused', refusal[1], error);
  throw error;
}
