import { readFileSync } from 'node:fs';
import { Agent as HttpsAgent } from 'node:https';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { WA_CERT_DETAILS, type SocketConfig } from '@whiskeysockets/baileys';
import { Config } from '@app/platform/config/config.js';
import { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { LRUCache } from 'lru-cache';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { type Tunnel, tunnelThrough } from './proxy/tunnel.js';
import { tunnelAgent } from './proxy/tunnel-agent.js';

const MEDIA_HOST = 'mmg.whatsapp.net';
const CONNECT_TIMEOUT_MS = 20_000;
/** For the next byte, in either direction. */
const STALL_TIMEOUT_MS = 60_000;

/** A way to WhatsApp. */
export interface WaRoute {
  socketConfig: Partial<SocketConfig>;
  /** Connects to WhatsApp's media hosts and to nothing else, whatever address a message names. */
  media: Dispatcher;
}

/** Which WhatsApp the process talks to; the only difference between the real network and the sandbox. */
@Injectable()
export class WaNetwork implements OnApplicationShutdown {
  private readonly direct: WaRoute;
  /** By the URL of the proxy. One that is not used any more finishes what it began. */
  private readonly routes = new LRUCache<string, WaRoute>({ max: 1_000, dispose: ({ media }) => void media.close() });
  private readonly ca: Buffer | undefined;
  /** `host:port` that stands for all media hosts; null on the real network. */
  private readonly mediaHost: string | null;

  constructor(
    private readonly config: Config,
    private readonly outbound: OutboundSockets,
  ) {
    // Baileys reads the root key at each handshake; it has no option for it.
    if (config.waRootKey) WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(config.waRootKey, 'hex');
    this.ca = config.waTlsCa ? readFileSync(config.waTlsCa) : undefined;
    this.mediaHost = config.waMediaHost ?? null;
    this.direct = this.makeRoute(null);
  }

  async onApplicationShutdown(): Promise<void> {
    const routes = [this.direct, ...this.routes.values()];
    await Promise.all(routes.map(({ media }) => media.destroy()));
  }

  /** Straight to WhatsApp, or through a proxy. */
  route(proxyUrl: string | null): WaRoute {
    if (proxyUrl === null) return this.direct;
    const known = this.routes.get(proxyUrl) ?? this.makeRoute(tunnelThrough(this.outbound, proxyUrl));
    this.routes.set(proxyUrl, known);
    return known;
  }

  /** Where WhatsApp is, for whoever wants to see whether a way leads there. */
  get socketAddress(): { host: string; port: number } {
    const { hostname, port, protocol } = new URL(this.config.waSocketUrl);
    return { host: hostname, port: Number(port || (protocol === 'wss:' ? 443 : 80)) };
  }

  private makeRoute(tunnel: Tunnel | null): WaRoute {
    const { config, ca, mediaHost } = this;
    const media = mediaAgent(mediaHost, ca, tunnel);
    const isSecure = config.waSocketUrl.startsWith('wss:');
    const direct = ca && new HttpsAgent({ ca });
    const agent = tunnel ? tunnelAgent(tunnel, isSecure, ca) : isSecure ? direct : undefined;
    const fetchAgent = tunnel ? tunnelAgent(tunnel, true, ca) : direct;
    // The declared type is that of the DOM, which knows no dispatchers.
    const options = { dispatcher: media } as unknown as SocketConfig['options'];
    const socketConfig = {
      waWebSocketUrl: config.waSocketUrl,
      defaultQueryTimeoutMs: config.waAnswerTimeoutMs,
      options,
      ...(mediaHost && { customUploadHosts: [{ hostname: mediaHost, maxContentLengthBytes: Infinity }] }),
      ...(config.waVersion && { version: config.waVersion }),
      ...(fetchAgent && { fetchAgent }),
      ...(agent && { agent }),
    };
    return { socketConfig, media };
  }

  /** Where to upload, best first; `offered` are the hosts that WhatsApp names. */
  uploadHosts(offered: string[]): string[] {
    return this.mediaHost ? [this.mediaHost] : offered.length ? offered : [MEDIA_HOST];
  }

  /** The URL of an uploaded file, which is never one that whoever sent the message chose the host of. */
  downloadUrl(path: string): string {
    return new URL(path, `https://${MEDIA_HOST}`).href;
  }
}

function mediaAgent(mediaHost: string | null, ca: Buffer | undefined, tunnel: Tunnel | null): Agent {
  const connect = buildConnector({ ca, timeout: CONNECT_TIMEOUT_MS });
  const [hostname = '', port = ''] = mediaHost?.split(':') ?? [];
  return new Agent({
    headersTimeout: STALL_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
    connect: (target, done) => {
      const isStandIn = mediaHost === target.host;
      const isService = target.hostname.endsWith('.whatsapp.net') && target.protocol === 'https:';
      if (!isService && !isStandIn) return done(new Error('not a media host of WhatsApp'), null);
      // The certificate is still checked against the name that was asked for.
      const mapped = mediaHost && isService ? { ...target, hostname, port, servername: target.hostname } : target;
      if (!tunnel) return connect(mapped, done);
      tunnel(mapped.hostname, Number(mapped.port || 443)).then(
        (httpSocket) => connect({ ...mapped, httpSocket }, done),
        (error: Error) => done(error, null),
      );
    },
  });
}
