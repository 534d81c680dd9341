import { EventEmitter } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, unavailable } from '@app/platform/errors/app-error.js';
import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { SocksProxyAgent } from 'socks-proxy-agent';

const OPEN_WITHIN_MS = 20_000;

/** Opens connections to elsewhere. */
export type Tunnel = (host: string, port: number) => Promise<Socket>;

/**
 * Connections through a proxy: `http://`, `https://` or `socks5://`, with name and password if it wants them. The proxy
 * looks up the names; where the proxy itself is was checked like every address that a caller gives.
 */
export function tunnelThrough(outbound: OutboundSockets, proxyUrl: string): Tunnel {
  const proxy = new URL(proxyUrl);
  const open = proxy.protocol.startsWith('socks') ? throughSocks : throughHttp;
  return async (host, port) => {
    try {
      return await open(outbound, proxy, { host, port });
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw unavailable('proxy.failed', `The proxy could not be used: ${reasonOf(error)}.`, error);
    }
  };
}

interface Target {
  host: string;
  port: number;
}

function throughHttp(outbound: OutboundSockets, proxy: URL, { host, port }: Target): Promise<Socket> {
  const isTls = proxy.protocol === 'https:';
  const to = { host: proxy.hostname, port: Number(proxy.port || (isTls ? 443 : 80)) };
  const target = `${host}:${port}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers = {
    host: target,
    ...(proxy.username && { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
  };
  return new Promise((resolve, reject) => {
    const createConnection = () => outbound.connect({ ...to, ...(isTls && { tls: {} }) });
    const asked = request({ createConnection, method: 'CONNECT', path: target, headers, timeout: OPEN_WITHIN_MS });
    asked.once('connect', ({ statusCode }, socket: Socket) => {
      socket.setTimeout(0);
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`it answered ${statusCode}`));
    });
    asked.once('timeout', () => asked.destroy(new Error('it did not answer in time')));
    asked.once('error', reject);
    asked.end();
  });
}

async function throughSocks(outbound: OutboundSockets, proxy: URL, { host, port }: Target): Promise<Socket> {
  const { address, family } = await outbound.addressOf(proxy.hostname);
  const pinned = new URL(proxy);
  // Names are looked up by the proxy.
  pinned.protocol = 'socks5h:';
  pinned.hostname = family === 6 ? `[${address}]` : address;
  const agent = new SocksProxyAgent(pinned);
  // It wants a request only to tell it of troubles.
  const nobody = Object.assign(new EventEmitter(), { destroy: () => undefined });
  const timer = AbortSignal.timeout(OPEN_WITHIN_MS);
  return Promise.race([
    agent.connect(nobody as never, { host, port, secureEndpoint: false }),
    new Promise<never>((_, reject) =>
      timer.addEventListener('abort', () => reject(new Error('it did not answer in time'))),
    ),
  ]);
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : 'it failed').replace(/\.$/, '');
