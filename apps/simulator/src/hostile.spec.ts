import { deflateSync } from 'node:zlib';
import type { WebSocket } from 'ws';
import { closed, rawSocket } from '../test-kit/baileys-client.js';
import { useSimulator } from '../test-kit/use-simulator.js';
import { decodeStanza, encodeStanza, stanza } from './wire/stanza.js';
import type { Stanza } from './wire/stanza.js';

const prologue = Buffer.from([0x57, 0x41, 6, 3]);
const framed = (bytes: Buffer) => {
  const length = Buffer.alloc(3);
  length.writeUIntBE(bytes.length, 0, 3);
  return Buffer.concat([length, bytes]);
};

describe('a stanza nobody builds in earnest', () => {
  const nested = (depth: number): Stanza => (depth === 0 ? stanza('a') : stanza('a', {}, [nested(depth - 1)]));
  const many = (count: number) =>
    stanza(
      'a',
      {},
      Array.from({ length: count }, () => stanza('b')),
    );

  it.each([
    ['inflates without end', () => Buffer.concat([Buffer.from([2]), deflateSync(Buffer.alloc(64 * 1024 * 1024))])],
    ['is nested too deep', () => encodeStanza(nested(100))],
    ['is nested deeper than the stack', () => Buffer.concat([Buffer.from([0]), deep(500_000)])],
    ['has too many parts', () => encodeStanza(many(60_000))],
    [
      'has too many attributes',
      () => encodeStanza(stanza('a', Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n])))),
    ],
    ['is empty', () => Buffer.from([0])],
  ])('is refused when it %s', (_what, bytes) => {
    expect(() => decodeStanza(bytes())).toThrow();
  });

  it('is no upload of keys and no message to a large group', () => {
    expect(decodeStanza(encodeStanza(many(5_000))).content).toHaveLength(5_000);
  });
});

/** List of two (tag and content), tag 3, list of one, and so on. */
function deep(depth: number): Buffer {
  return Buffer.concat(Array.from({ length: depth }, () => Buffer.from([248, 2, 3, 248, 1])));
}

describe('hostile clients', () => {
  const limits = { unprovenPerAddress: 200, stanzasPerSec: 500, queuedBytes: 512 * 1024 };
  const world = useSimulator({ seed: 'hostile', handshakeTimeoutMs: 3_000, limits });

  /** Ways to be a nuisance; each ends with the connection lost. */
  const nuisances: ((socket: WebSocket) => void)[] = [
    (socket) => socket.send(Buffer.from('GET / HTTP/1.1\r\n\r\n')),
    (socket) => socket.send(Buffer.concat([prologue, Buffer.from([255, 255, 255])])),
    (socket) => socket.send(Buffer.concat([prologue, framed(Buffer.from('nonsense'))])),
    (socket) => socket.send(Buffer.concat([prologue, framed(Buffer.alloc(100_000))])),
    // Stops in the middle and waits.
    (socket) => socket.send(prologue.subarray(0, 3)),
    () => undefined,
    (socket) => socket.send(Buffer.concat([prologue, ...Array.from({ length: 5_000 }, () => framed(Buffer.alloc(0)))])),
    (socket) => socket.send(Buffer.concat([Buffer.from([0x45, 0x44, 0, 1, 255, 255, 255]), prologue])),
  ];

  it.each(nuisances.map((nuisance, n) => [n, nuisance] as const))(
    'are dropped, and nobody else (%d)',
    async (_n, nuisance) => {
      const socket = await rawSocket(world.simulator);
      const gone = closed(socket);
      nuisance(socket);
      await gone;
      expect(await world.get<string>('/metrics')).toContain('simulator_errors_total 0');
    },
  );

  it('that only open sockets are refused when there are too many of them, until those are gone', async () => {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => rawSocket(world.simulator)));
    await expect(rawSocket(world.simulator, 503)).resolves.toBeDefined();
    await Promise.all(sockets.map((socket) => closed(socket)));
    await world.aClient().pair(world.aNumber());
  });

  it('that were let in and then flood are dropped, and may come back', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const ping = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p', id: 'flood' } };
    for (let n = 0; n < 3_000; n++) void client.socket.sendNode(ping).catch(() => undefined);
    expect(await client.ended()).toEqual({ statusCode: 428 });
    await client.connect().opened();
  });

  it('that do not read are dropped before they fill the memory', async () => {
    const [sleeper, friend] = [
      await world.aClient().pair(world.aNumber()),
      await world.aClient().pair(world.aNumber()),
    ];
    await friend.sendText(sleeper.pn, 'hello');
    await sleeper.received('hello');
    const { socket } = sleeper.socket.ws as unknown as { socket: WebSocket };
    socket.pause();
    const { items } = await world.get<{ items: { id: number; pn: string }[] }>('/connections');
    const before = items.find(({ pn }) => pn === sleeper.pn)?.id;
    const isGone = async () => {
      const now = await world.get<{ items: { id: number }[] }>('/connections');
      return !now.items.some(({ id }) => id === before);
    };
    const text = 'x'.repeat(60_000);
    for (let n = 0; n < 300 && !(await isGone()); n++) await friend.sendText(sleeper.pn, text);
    expect(await isGone()).toBe(true);
    expect(friend.isOpen).toBe(true);
    socket.resume();
    await sleeper.ended();
  });
});
