import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ServerIdentity } from './certificates.js';
import { Connection } from './connection.js';
import type { ConnectionListener } from './connection.js';
import type { Limits } from './limits.js';

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** Where a new connection goes, and what may befall it at the door. */
export interface Host extends ConnectionListener {
  readonly size: number;
  opened(connection: Connection): void;
  /** An HTTP status to refuse the WebSocket with. */
  refusal(): number | undefined;
  /** Whether the server shows a certificate nobody trusts. */
  isImpostor(): boolean;
}

/** What the doorway works with. */
export interface DoorwayParts {
  path: string;
  identity: ServerIdentity;
  /** Shown to clients that are to meet an impostor. */
  impostor: ServerIdentity;
  handshakeTimeoutMs: number;
  limits: Limits;
  host: () => Host;
}

/** Turns HTTP upgrades into connections, as long as there are not too many of them. */
export class Doorway {
  private readonly sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  private readonly newcomers = new Map<string, Set<Connection>>();
  private issued = 0;

  constructor(private readonly parts: DoorwayParts) {}

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, tcp: Duplex, head: Buffer) => {
      // From here on nobody else listens: a peer that resets right now must not end the process.
      tcp.on('error', () => tcp.destroy());
      const status = this.refusalFor(request);
      if (status !== undefined) return void tcp.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
      this.sockets.handleUpgrade(request, tcp, head, (socket) => {
        const { impostor, identity, handshakeTimeoutMs, limits, host } = this.parts;
        const listener = host();
        const shown = listener.isImpostor() ? impostor : identity;
        const parts = { socket, tcp, identity: shown, handshakeTimeoutMs, limits };
        const connection = new Connection(++this.issued, parts, listener);
        this.remember(request.socket.remoteAddress ?? '', connection, tcp);
        listener.opened(connection);
      });
    });
  }

  close(): void {
    this.sockets.close();
  }

  private refusalFor(request: IncomingMessage): number | undefined {
    const { path, limits, host } = this.parts;
    if (request.url?.split('?')[0] !== path) return 404;
    if (host().size >= limits.connections || this.isCrowded(request.socket.remoteAddress ?? '')) return 503;
    return host().refusal();
  }

  private isCrowded(address: string): boolean {
    const { unprovenPerAddress } = this.parts.limits;
    const newcomers = this.newcomers.get(address);
    if (!newcomers || newcomers.size < unprovenPerAddress) return false;
    for (const connection of newcomers) if (connection.isProven) newcomers.delete(connection);
    return newcomers.size >= unprovenPerAddress;
  }

  private remember(address: string, connection: Connection, tcp: Duplex): void {
    const newcomers = this.newcomers.get(address) ?? new Set();
    this.newcomers.set(address, newcomers.add(connection));
    tcp.once('close', () => {
      newcomers.delete(connection);
      if (newcomers.size === 0 && this.newcomers.get(address) === newcomers) this.newcomers.delete(address);
    });
  }
}
