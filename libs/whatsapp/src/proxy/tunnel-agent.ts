import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Tunnel } from './tunnel.js';

interface Wanted {
  host: string;
  port: number | string;
  servername?: string;
}

type OnSocket = (error: Error | null, socket?: Duplex) => void;

/** An agent for the WebSocket that goes through a tunnel, with TLS inside where it is wanted. */
export function tunnelAgent(tunnel: Tunnel, isSecure: boolean, ca: Buffer | undefined): HttpsAgent {
  const createConnection = ({ host, port, servername }: Wanted, done: OnSocket): void => {
    tunnel(host, Number(port)).then(
      (socket) => {
        if (!isSecure) return done(null, socket);
        done(null, connectTls({ socket, ca, servername: servername ?? host, ALPNProtocols: ['http/1.1'] }));
      },
      (error: Error) => done(error),
    );
  };
  // Node calls it for every connection that it makes; its types do not tell.
  return Object.assign(isSecure ? new HttpsAgent() : new HttpAgent(), { createConnection }) as HttpsAgent;
}
