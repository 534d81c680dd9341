import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { allRoutes } from './control/all-routes.js';
import { createHttp } from './control/http.js';
import { Stage } from './control/stage.js';
import { hostAndPort, nameOf, openMediaServer } from './media/media-server.js';
import type { MediaOptions, MediaWorld } from './media/media-server.js';
import { createSimulation } from './simulation.js';
import { createImpostor, createServerIdentity } from './wire/certificates.js';
import { Doorway } from './wire/doorway.js';
import { generousLimits } from './wire/limits.js';
import type { Limits } from './wire/limits.js';
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
  /** How much of the process clients may take; generous by default. */
  limits?: Partial<Limits>;
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
  refuseWeakToken(host, options.token);
  const seed = options.seed ?? randomBytes(16).toString('hex');
  const logger = options.logger ?? pino({ level: 'silent' });
  const identity = createServerIdentity(seed);
  const rootKey = identity.rootPublicKey.toString('hex');

  const app = await createHttp(token);
  const mediaServer = await openMediaServer(options, logger, (): MediaWorld => stage.current);
  const { site, caFile } = mediaServer;
  const network = { socketUrl: '', rootKey, mediaHost: site.host, caFile };
  const renew = (next: string, clock: Clock) => createSimulation(next, clock, logger, site);
  const settled = (): Promise<void> => stage.current.population.settled();
  const build = (world: World): Promise<void> => buildWorld({ app, token, settled }, world);
  const stage = new Stage(renew(seed, options.clock ?? new Clock()), network, renew, build);
  for (const routes of allRoutes) routes(app, stage);

  const doorway = new Doorway({
    path: SOCKET_PATH,
    identity,
    impostor: createImpostor(seed),
    handshakeTimeoutMs: options.handshakeTimeoutMs ?? 20_000,
    limits: { ...generousLimits, ...options.limits },
    host: () => stage.current.network,
  });
  doorway.attach(app.server);
  try {
    await build(options.world ?? []);
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
      stage.current.clock.stop();
      for (const { connection } of stage.current.network.connections) connection.close();
      doorway.close();
      await app.close();
      await mediaServer.close();
    },
  };
}

const LOOPBACK = /^(localhost|::1|127(\.\d+){3})$/;
const STRONG_TOKEN_LENGTH = 16;

/** Who can reach the control API rules the network: beyond this machine only a token somebody chose well protects it. */
function refuseWeakToken(host: string, token: string | undefined): void {
  if (LOOPBACK.test(host) || (token?.length ?? 0) >= STRONG_TOKEN_LENGTH) return;
  throw new Error(`To listen on ${host}, set a token of at least ${STRONG_TOKEN_LENGTH} characters.`);
}
