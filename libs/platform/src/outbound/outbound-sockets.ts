import { Injectable } from '@nestjs/common';
import { lookup, type LookupAddress } from 'node:dns';
import { connect, isIP, Socket, type LookupFunction } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Config } from '../config/config.js';
import { AddressPolicy } from './address-policy.js';
import { bareHost, pinnedLookup, refusedUrl } from './pinned-lookup.js';

export interface SocketTarget {
  host: string;
  port: number;
  /** Speaks TLS if given; the name to be proved is the host's. */
  tls?: ConnectionOptions;
}

const REFUSAL = 'must lead to a public address';

/**
 * Connections other than HTTP to addresses that a caller chose, for the clients of brokers. The same addresses are
 * open as to `OutboundClient`.
 */
@Injectable()
export class OutboundSockets {
  private readonly policy: AddressPolicy;

  constructor(config: Config) {
    this.policy = new AddressPolicy(config.outboundAllow);
  }

  /** Refuses what can be seen to be wrong without a lookup. A client that gets `lookup` must ask this first. */
  assertAllowed(hostname: string, pointer?: string): void {
    const host = bareHost(hostname);
    const isLocal = /(^|\.)localhost\.?$/i.test(host);
    if (isIP(host) || isLocal) {
      if (!this.policy.allows(isLocal ? '127.0.0.1' : host, host)) throw refusedUrl(pointer, REFUSAL);
    }
  }

  /** For clients that take a lookup. */
  readonly lookup: LookupFunction = pinnedLookup(
    () => this.policy,
    () => this.resolve,
    REFUSAL,
  );

  /** For clients that take no more than an address: where the host is, checked. */
  async addressOf(hostname: string): Promise<LookupAddress> {
    const host = bareHost(hostname);
    this.assertAllowed(host);
    const family = isIP(host);
    if (family) return { address: host, family };
    return new Promise((done, fail) =>
      this.lookup(host, {}, (error, address, found = 4) =>
        error ? fail(error) : done({ address: address as string, family: found }),
      ),
    );
  }

  /** For clients that take sockets. One that must not be is there all the same, and fails at once. */
  connect({ host, port, tls }: SocketTarget, onConnect?: () => void): Socket {
    const bare = bareHost(host);
    try {
      this.assertAllowed(bare);
    } catch (error) {
      const socket = new Socket();
      process.nextTick(() => socket.destroy(error as Error));
      return socket;
    }
    const to = { host: bare, port, lookup: this.lookup };
    if (!tls) return connect(to, onConnect);
    return connectTls({ ...(isIP(bare) ? {} : { servername: bare }), ...tls, ...to }, onConnect);
  }

  /** The system's resolver; a test has names of its own. */
  protected resolve: typeof lookup = lookup;
}
