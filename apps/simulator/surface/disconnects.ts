import type { UserFacingSocketConfig } from '@whiskeysockets/baileys';
import type { BaileysClient } from '../test-kit/baileys-client.js';
import type { useSimulator } from '../test-kit/use-simulator.js';

type World = ReturnType<typeof useSimulator>;

/** One way to lose a connection and what an unmodified client makes of it. */
export interface Disconnect {
  trigger: string;
  /** The status code in `lastDisconnect`; undefined for an end without error. */
  statusCode: number | undefined;
  /** Short timeouts, where the client would wait long. */
  config?: Partial<UserFacingSocketConfig>;
  /** Whether the client has to be linked first. */
  isLinked: boolean;
  cause: (client: BaileysClient, world: World) => Promise<unknown>;
}

const kicked =
  (body: object) =>
  (client: BaileysClient, world: World): Promise<unknown> =>
    world.post(`/connections/${client.pn}/kick`, body);

const refused =
  (reason: number, more: object = {}) =>
  async (client: BaileysClient, world: World): Promise<void> => {
    await client.close();
    await world.post(`/accounts/${client.pn}/refuse-login`, { reason, ...more });
    client.connect();
  };

const row = (
  trigger: string,
  statusCode: number | undefined,
  cause: Disconnect['cause'],
  more: Partial<Disconnect> = {},
): Disconnect => ({ trigger, statusCode, cause, isLinked: true, ...more });

const streamError = (trigger: string, error: number | string, statusCode: number) =>
  row(`\`<stream:error>\` ${trigger}`, statusCode, kicked({ how: 'streamError', error }));

/** Every way a connection ends, with the code the client library reports. */
export const disconnects: Disconnect[] = [
  streamError('code 515 (restart required)', 515, 515),
  streamError('code 503 (service unavailable)', 503, 503),
  streamError('code 401, conflict device_removed', 401, 401),
  streamError('conflict replaced', 'replaced', 440),
  streamError('conflict device_removed without code', 'device_removed', 440),
  streamError('ack', 'ack', 500),
  row('`<failure reason=401>` (logged out)', 401, refused(401)),
  row('`<failure reason=402>` (temporary ban, with expiry)', 402, refused(402, { expireSeconds: 3600 })),
  row('`<failure reason=403>` (banned)', 403, refused(403)),
  row('`<failure reason=405>` (client too old)', 405, refused(405)),
  row('`<failure reason=411>`', 411, refused(411)),
  row('`<failure reason=463>`', 463, refused(463)),
  row('`<failure reason=500>`', 500, refused(500)),
  row('`<failure reason=501>`', 501, refused(501)),
  row('`<failure reason=503>`', 503, refused(503)),
  row('`<ib><downgrade_webclient/>`', 411, kicked({ how: 'downgrade' })),
  row('`<xmlstreamend/>`', 428, kicked({ how: 'streamEnd' })),
  row('WebSocket closed by the service', 428, kicked({ how: 'closeSocket', code: 1011 })),
  row('TCP reset', 428, kicked({ how: 'resetTcp' })),
  row('the service restarts', 428, (_client, world) => world.post('/connections/kick', { how: 'resetTcp' })),
  row('silence', 408, silence, { config: { keepAliveIntervalMs: 200 } }),
  row('QR references used up', 408, async (client) => client.connect(), {
    isLinked: false,
    config: { qrTimeout: 20 },
  }),
  row('nobody listens', 408, async (client) => client.connect(), {
    isLinked: false,
    config: { waWebSocketUrl: 'ws://127.0.0.1:9/ws/chat' },
  }),
  row('certificate of a stranger', 400, impostor, { isLinked: false }),
  row('a device nobody linked', 401, loggedOutElsewhere),
  row('own `logout()`', 401, (client) => client.socket.logout()),
  row('own `end(undefined)`', undefined, (client) => client.socket.end(undefined)),
];

async function silence(client: BaileysClient, world: World): Promise<void> {
  await kicked({ how: 'halfOpen' })(client, world);
  // The library gives up after its interval and five seconds more, and then waits for a close that never comes.
  await world.until('the client closing by itself', async () => client.socket.ws.isClosing);
  await kicked({ how: 'resetTcp' })(client, world);
}

async function impostor(client: BaileysClient, world: World): Promise<void> {
  await world.post('/faults', { match: {}, action: { kind: 'badHandshake' }, times: 1 });
  client.connect();
}

async function loggedOutElsewhere(client: BaileysClient, world: World): Promise<void> {
  await client.close();
  await world.post(`/accounts/${client.pn}/phone`, { op: 'logoutDevice' });
  client.connect();
}
