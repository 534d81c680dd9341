import { readFileSync } from 'node:fs';
import { Agent as HttpsAgent } from 'node:https';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { WA_CERT_DETAILS, type SocketConfig } from '@whiskeysockets/baileys';
import { Config } from '@app/platform/config/config.js';
import { Agent, buildConnector, type Dispatcher } from 'undici';

const MEDIA_HOST = 'mmg.whatsapp.net';
const CONNECT_TIMEOUT_MS = 20_000;
/** For the next byte, in either direction. */
const STALL_TIMEOUT_MS = 60_000;

/** Which WhatsApp the process talks to; the only difference between the real network and the sandbox. */
@Injectable()
export class WaNetwork implements OnApplicationShutdown {
  readonly socketConfig: Partial<SocketConfig>;
  /** Connects to WhatsApp's media hosts and to nothing else, whatever address a message names. */
  readonly media: Dispatcher;
  /** `host:port` that stands for all media hosts; null on the real network. */
  private readonly mediaHost: string | null;

  constructor(config: Config) {
    // Baileys reads the root key at each handshake; it has no option for it.
    if (config.waRootKey) WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(config.waRootKey, 'hex');
    const ca = config.waTlsCa ? readFileSync(config.waTlsCa) : undefined;
    const agent = ca && new HttpsAgent({ ca });
    this.mediaHost = config.waMediaHost ?? null;
    this.media = mediaAgent(this.mediaHost, ca);
    // The declared type is that of the DOM, which knows no dispatchers.
    const options = { dispatcher: this.media } as unknown as SocketConfig['options'];
    this.socketConfig = {
      waWebSocketUrl: config.waSocketUrl,
      options,
      ...(this.mediaHost && { customUploadHosts: [{ hostname: this.mediaHost, maxContentLengthBytes: Infinity }] }),
      ...(config.waVersion && { version: config.waVersion }),
      ...(agent && { fetchAgent: agent, ...(config.waSocketUrl.startsWith('wss:') && { agent }) }),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.media.destroy();
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

function mediaAgent(mediaHost: string | null, ca: Buffer | undefined): Agent {
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
      connect(mediaHost && isService ? { ...target, hostname, port, servername: target.hostname } : target, done);
    },
  });
}
