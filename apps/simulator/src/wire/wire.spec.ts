import { once } from 'node:events';
import { deflateSync } from 'node:zlib';
import { rawSocket } from '../../test-kit/baileys-client.js';
import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';
import { FrameReader } from './frame-reader.js';
import { decodeStanza, encodeStanza, stanza, toXml } from './stanza.js';

const prologue = Buffer.from([0x57, 0x41, 6, 3]);
const frame = (text: string) => Buffer.concat([Buffer.from([0, 0, text.length]), Buffer.from(text)]);

describe('frames', () => {
  const read = (...chunks: Buffer[]) => {
    const reader = new FrameReader(1000);
    return chunks.flatMap((chunk) => reader.push(chunk)).map(String);
  };

  it('are found whether they are merged or split byte by byte', () => {
    const stream = Buffer.concat([prologue, frame('one'), frame('two')]);
    expect(read(stream)).toEqual(['one', 'two']);
    expect(read(...[...stream].map((byte) => Buffer.from([byte])))).toEqual(['one', 'two']);
  });

  it('may follow an edge-routing header', () => {
    const routing = Buffer.from([0x45, 0x44, 0, 1, 0, 0, 2, 9, 9]);
    const stream = Buffer.concat([routing, prologue, frame('one')]);
    expect(read(stream)).toEqual(['one']);
    expect(read(stream.subarray(0, 5), stream.subarray(5, 8), stream.subarray(8))).toEqual(['one']);
  });

  it('are refused when the prologue is foreign or the length absurd', () => {
    expect(() => read(Buffer.from('GET / HTTP/1.1'))).toThrow('prologue');
    expect(() => read(Buffer.concat([prologue, Buffer.from([255, 255, 255])]))).toThrow('frame of');
  });
});

describe('stanzas', () => {
  const node = stanza('message', { to: '1@s.whatsapp.net', id: 'A', none: undefined }, [
    stanza('body', {}, Buffer.from('hi')),
  ]);

  it('survive the codec, compressed or not', () => {
    const plain = encodeStanza(node);
    const compressed = Buffer.concat([Buffer.from([2]), deflateSync(plain.subarray(1))]);
    for (const bytes of [plain, compressed])
      expect(decodeStanza(bytes)).toMatchObject({ tag: 'message', attrs: { id: 'A' } });
  });

  it('may use words that every object knows', () => {
    const strange = stanza('constructor', { toString: '__proto__', valueOf: 'constructor' }, [stanza('__proto__')]);
    expect(decodeStanza(encodeStanza(strange))).toEqual(strange);
  });

  it('can be read by people', () => {
    expect(toXml(node)).toBe('<message to="1@s.whatsapp.net" id="A"><body><!-- 2 bytes -->aGk=</body></message>');
  });
});

describe('a broken connection', () => {
  const world = useSimulator({ handshakeTimeoutMs: 3000 });

  let client: BaileysClient | undefined;

  it.each([
    ['garbage', Buffer.from('garbage garbage')],
    ['a hello that is none', Buffer.concat([prologue, frame('nonsense')])],
    ['an oversized frame', Buffer.concat([prologue, Buffer.from([255, 255, 255])])],
    ['half a prologue and then nothing', prologue.subarray(0, 2)],
  ])('after %s is dropped, and nothing else', async (_what, bytes) => {
    client ??= await world.aClient().pair(world.aNumber());
    const socket = await rawSocket(world.simulator);
    socket.send(bytes);
    await once(socket, 'close');
    expect(client.isOpen).toBe(true);
    expect(await client.socket.fetchPrivacySettings(true)).toMatchObject({ last: 'all' });
  });

  it('is no obstacle for a client that sends routing information', async () => {
    client ??= await world.aClient().pair(world.aNumber());
    await client.close();
    client.creds.routingInfo = Buffer.from([8, 13, 8, 5]);
    await client.connect().opened();
  });
});
