import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { Injectable } from '@nestjs/common';
import { WA_CERT_DETAILS, type SocketConfig } from '@whiskeysockets/baileys';
import { Config } from '@app/platform/config/config.js';

/** Which WhatsApp the process talks to; the only difference between the real network and the sandbox. */
@Injectable()
export class WaNetwork {
  readonly socketConfig: Partial<SocketConfig>;

  constructor(config: Config) {
    // Baileys reads the root key at each handshake; it has no option for it.
    if (config.waRootKey) WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(config.waRootKey, 'hex');
    const agent = config.waTlsCa ? new Agent({ ca: readFileSync(config.waTlsCa) }) : undefined;
    this.socketConfig = {
      waWebSocketUrl: config.waSocketUrl,
      ...(config.waVersion && { version: config.waVersion }),
      ...(agent && { fetchAgent: agent, ...(config.waSocketUrl.startsWith('wss:') && { agent }) }),
    };
  }
}
