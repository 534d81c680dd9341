import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import type { WebSocket } from 'ws';
import { closed, rawSocket } from '../test-kit/baileys-client.js';
import type { BaileysClient } from '../test-kit/baileys-client.js';
import { useSimulator } from '../test-kit/use-simulator.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MiB = 1024 * 1024;
const LETTERS = 5;

const prologue = Buffer.from([0x57, 0x41, 6, 3]);
const framed = (bytes: Buffer) => {
  const length = Buffer.alloc(3);
  length.writeUIntBE(bytes.length, 0, 3);
  return Buffer.concat([length, bytes]);
};
const hello = () =>
  framed(Buffer.from(proto.HandshakeMessage.encode({ clientHello: { ephemeral: randomBytes(32) } }).finish()));

/** What strangers do; each way is tried by five of them, again after the first time they were dropped. */
const strangers: ((socket: WebSocket) => void)[] = [
  // Another protocol.
  (socket) => socket.send(Buffer.from('GET / HTTP/1.1\r\n\r\n')),
  // Nothing at all.
  () => undefined,
  // A prologue that never ends.
  (socket) => socket.send(prologue.subarray(0, 3)),
  // Garbage instead of a handshake.
  (socket) => socket.send(Buffer.concat([prologue, framed(randomBytes(500))])),
  // Half a handshake.
  (socket) => socket.send(Buffer.concat([prologue, hello()])),
  // Garbage for the other half.
  (socket) => socket.send(Buffer.concat([prologue, hello(), framed(randomBytes(200))])),
  // A frame, and then a message, of a size nobody takes.
  (socket) => socket.send(Buffer.concat([prologue, Buffer.from([255, 255, 255]), Buffer.alloc(MiB)])),
  (socket) => socket.send(Buffer.alloc(10 * MiB)),
];

/** What is smaller than it looks, once it is opened. */
const bomb = Buffer.concat([Buffer.from([2]), deflateSync(Buffer.alloc(64 * MiB))]);
/** A stanza in a stanza, and so on. */
const pit = Buffer.concat([
  Buffer.from([0]),
  ...Array.from({ length: 100_000 }, () => Buffer.from([248, 2, 3, 248, 1])),
]);
const ping = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p', id: 'flood' } };

/** What clients do that were let in; each way is tried by two of them. */
const traitors: ((client: BaileysClient) => void)[] = [
  // A flood of stanzas that are right, one by one.
  (client) => {
    for (let n = 0; n < 3_000; n++) void client.socket.sendNode(ping).catch(() => undefined);
  },
  (client) => webSocketOf(client).send(framed(randomBytes(300))),
  (client) => void client.socket.sendRawMessage(bomb),
  (client) => void client.socket.sendRawMessage(pit),
  // Does not read what it is sent.
  (client) => webSocketOf(client).pause(),
];

describe('fifty hostile clients beside fifty good ones', () => {
  const limits = { stanzasPerSec: 500, queuedBytes: MiB };
  const world = useSimulator({ seed: 'crowd', handshakeTimeoutMs: 5_000, limits });

  // All share one process here: what keeps it busy must not look to a client like a service that has gone silent.
  const aPatientClient = () => world.aClient({ keepAliveIntervalMs: 120_000 });
  const linked = async (count: number): Promise<BaileysClient[]> => {
    const clients: BaileysClient[] = [];
    while (clients.length < count)
      clients.push(...(await Promise.all(Array.from({ length: 5 }, () => aPatientClient().pair(world.aNumber())))));
    return clients;
  };
  const connected = async () => {
    const { items } = await world.get<{ items: { pn: string | null }[] }>('/connections');
    return items.map(({ pn }) => pn).sort();
  };
  const intrude = async (n: number) => {
    for (let round = 0; round < 2; round++) {
      const socket = await rawSocket(world.simulator);
      const gone = closed(socket);
      strangers[n % strangers.length]?.(socket);
      await gone;
    }
  };
  /** Writes to somebody who answers each message, and waits for the last answer. */
  const converse = async (client: BaileysClient) => {
    const friend = await world.aContact({ behaviour: 'echo' });
    const texts = Array.from({ length: LETTERS }, (_, n) => `letter ${n} of ${client.pn}`);
    for (const text of texts) await client.sendText(friend.pn, text);
    await client.received(texts.at(-1));
    return { friend, texts };
  };

  it('are dropped; the good ones send and receive everything, in order, and stay connected', async () => {
    const good = await linked(50);
    const bad = await linked(10);
    const [heldBefore, peakBefore] = [heldMiB(), peakMiB()];
    const intruders = Array.from({ length: 40 }, (_, n) => intrude(n));
    bad.forEach((client, n) => traitors[n % traitors.length]?.(client));
    const pest = await world.aContact();
    for (const client of bad.filter((_, n) => n % traitors.length === traitors.length - 1))
      await world.post(`/accounts/${pest.pn}/send`, { to: client.pn, text: 'x'.repeat(60_000), count: 200 });
    const conversations = await Promise.all(good.map(converse));
    await Promise.all(intruders);
    await world.until('only good clients', async () => (await connected()).length === good.length);

    expect(await connected()).toEqual(good.map(({ pn }) => pn).sort());
    expect(good.filter(({ ending, isOpen }) => ending || !isOpen)).toEqual([]);
    for (const [n, { friend, texts }] of conversations.entries()) {
      const { items } = await world.get<{ items: { from: string; text: string }[] }>(`/messages?account=${friend.pn}`);
      expect(items.filter(({ from }) => from !== friend.pn).map(({ text }) => text)).toEqual(texts);
      const answers = good[n]?.upserts.filter(({ message }) => !message.key.fromMe && message.message?.conversation);
      expect(answers?.map(({ message }) => message.message?.conversation)).toEqual(texts);
    }
    expect(await world.get<string>('/metrics')).toContain('simulator_errors_total 0');
    expect(heldMiB() - heldBefore).toBeLessThan(250);
    expect(peakMiB() - peakBefore).toBeLessThan(1_000);
    for (const client of bad) webSocketOf(client).resume();
  });
});

function webSocketOf(client: BaileysClient): WebSocket {
  return (client.socket.ws as unknown as { socket: WebSocket }).socket;
}

/** What cannot be thrown away. */
function heldMiB(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MiB;
}

function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}
