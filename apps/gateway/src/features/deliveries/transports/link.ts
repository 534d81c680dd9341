import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import type { Shipment } from './transport.js';

/** What waits at a broker. */
export interface BrokerStatistics {
  /** Queue, stream or topic. */
  name: string;
  /** Null: the broker does not tell. */
  messages: number | null;
  consumers: number | null;
}

/** A connection to a broker that is kept between events. */
export interface Link {
  /** False when it is of no use any more. */
  readonly isOpen: boolean;
  /** Resolves when the broker has the event for sure. */
  publish(shipment: Shipment): Promise<void>;
  /** Finds out whether events could be published, without doing so. */
  check(): Promise<void>;
  /** Null when it cannot be said, because the name depends on the event. */
  statistics(): Promise<BrokerStatistics | null>;
  close(): Promise<void>;
}

/** Connects; rejects when that fails or the broker does not let us in. */
export type OpenLink = (target: DeliveryTarget, sockets: OutboundSockets) => Promise<Link>;

export const CONNECT_TIMEOUT_MS = 10_000;

/** The URL of a broker in parts, with what the clients want to know of it. */
export function partsOf({ secrets, url }: DeliveryTarget, defaultPort: number) {
  const { protocol, hostname, port, username, password, pathname } = new URL(secrets.url ?? url);
  return {
    protocol,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    user: username === '' ? undefined : decodeURIComponent(username),
    password: password === '' ? undefined : decodeURIComponent(password),
    path: pathname.slice(1),
  };
}

/** As `tls.connect` wants it; certificates are always checked. */
export const tlsOf = ({ secrets: { tls = {} } }: DeliveryTarget, servername?: string) => ({
  ...(servername === undefined ? {} : { servername }),
  ...(tls.ca === undefined ? {} : { ca: tls.ca }),
  ...(tls.certificate === undefined ? {} : { cert: tls.certificate, key: tls.key }),
});

/** What is said of an event beside its envelope, in headers or attributes. */
export const labelsOf = ({ event }: Shipment): Record<string, string> => ({
  id: event.id,
  type: event.type,
  ...(event.tenantId === '' ? {} : { tenantId: event.tenantId }),
  ...(event.sessionId === null ? {} : { sessionId: event.sessionId }),
});
