import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import { allRoutes } from './control/all-routes.js';
import { createHttp } from './control/http.js';
import { Stage } from './control/stage.js';
import { hostAndPort, nameOf, openMediaServer } from './media/media-server.js';
import type { MediaOptions, MediaWorld } from './media/media-server.js';
import { createSimulation } from './simulation.js';
import { createServerIdentity } from './wire/certificates.js';
import { Connection } from './wire/connection.js';
import { Clock } from './world/clock.js';
import { buildWorld } from './worlds/world.js';
import type { World } from './worlds/world.js';

const SOCKET_PATH = '/ws/chat';

/** How to start; everything has a default. */
export interface SimulatorOptions extends MediaOptions {
  /** 0 takes any free port. */
  port?: number;
  /** Bearer token of the control API; random when absent. */
  token?: string;
  /** Makes the root key, opaque ids, names and message ids repeatable. */
  seed?: string;
  /** The network's time; it runs by default, `new Clock(ms)` stands still until it is moved. */
  clock?: Clock;
  /** How long a connection may take to prove who it is. */
  handshakeTimeoutMs?: number;
  /** What the network starts with; empty by default. */
  world?: World;
  logger?: Logger;
}

/** A running network. */
export interface Simulator {
  url: string;
  socketUrl: string;
  /** The key a client must trust, in hex. */
  rootKey: string;
  token: string;
  /** `host:port` of the media server. */
  mediaHost: string;
  /** File with the certificate that clients must trust to reach the media server. */
  caFile: string;
  close(): Promise<void>;
}

/** Starts a network: control API over HTTP and the clients' WebSocket on the same port. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', token = randomBytes(24).toString('base64url') } = options;
  const seed = options.seed ?? randomBytes(16).toString('hex');
  const logger = options.logger ?? pino({ level: 'silent' });
  const identity = createServerIdentity(seed);
  const rootKey = identity.rootPublicKey.toString('hex');

  const app = await createHttp(token);
  const mediaServer = await openMediaServer(options, logger, (): MediaWorld => stage.current);
  const { site, caFile } = mediaServer;
  const network = { socketUrl: '', rootKey, mediaHost: site.host, tlsCa: caFile };
  const clock = options.clock ?? new Clock();
  const renew = (next: string) => createSimulation(next, clock, logger, site);
  const stage = new Stage(renew(seed), network, renew);
  for (const routes of allRoutes) routes(app, stage);

  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 8 * 1024 * 1024 });
  const { handshakeTimeoutMs = 20_000 } = options;
  let lastConnection = 0;
  app.server.on('upgrade', (request: IncomingMessage, tcp: Duplex, head: Buffer) => {
    // From here on nobody else listens: a peer that resets right now must not end the process.
    tcp.on('error', () => tcp.destroy());
    if (request.url?.split('?')[0] !== SOCKET_PATH) return void tcp.end('HTTP/1.1 404 Not Found\r\n\r\n');
    sockets.handleUpgrade(request, tcp, head, (socket) => {
      const { network: clients } = stage.current;
      clients.opened(new Connection(++lastConnection, { socket, tcp, identity, handshakeTimeoutMs }, clients));
    });
  });
  try {
    await buildWorld({ app, token, settled: () => stage.current.population.settled() }, options.world ?? []);
    await app.listen({ port, host });
  } catch (error) {
    await Promise.all([app.close(), mediaServer.close()]);
    throw error;
  }

  const address = hostAndPort(nameOf(options), (app.server.address() as AddressInfo).port);
  network.socketUrl = `ws://${address}${SOCKET_PATH}`;
  return {
    url: `http://${address}`,
    socketUrl: network.socketUrl,
    rootKey,
    token,
    mediaHost: site.host,
    caFile,
    close: async () => {
      for (const { connection } of stage.current.network.connections) connection.close();
      sockets.close();
      await app.close();
      await mediaServer.close();
    },
  };
}
