import { Injectable } from '@nestjs/common';
import { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { WaNetwork } from '../network.js';
import { tunnelThrough } from './tunnel.js';

/** Looks whether proxies lead to WhatsApp. */
@Injectable()
export class WaProxies {
  constructor(
    private readonly network: WaNetwork,
    private readonly outbound: OutboundSockets,
  ) {}

  /** Milliseconds until there was a connection to WhatsApp. Throws `proxy.failed`, `outbound.refused`. */
  async test(proxyUrl: string): Promise<number> {
    const started = performance.now();
    const { host, port } = this.network.socketAddress;
    (await tunnelThrough(this.outbound, proxyUrl)(host, port)).destroy();
    return Math.round(performance.now() - started);
  }
}
