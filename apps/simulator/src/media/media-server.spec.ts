import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect } from 'node:tls';
import { pino } from 'pino';
import { Clock } from '../world/clock.js';
import { Seed } from '../world/seed.js';
import { nameOf, openMediaServer } from './media-server.js';
import type { MediaServer } from './media-server.js';
import { inspect } from './media-cipher.js';
import { MediaStore } from './media-store.js';

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

const MIB = 1024 * 1024;
const tokenOf = (body: Buffer): string => createHash('sha256').update(body).digest('base64url');

describe('the media server', () => {
  const clock = new Clock(Date.parse('2026-01-01'));
  const logger = pino({ level: 'silent' });
  let server: MediaServer;
  let media: MediaStore;
  let agent: Agent;

  beforeAll(async () => {
    const options = { mediaTtlMs: 60_000, maxMediaBytes: 120 * MIB };
    server = await openMediaServer(options, logger, () => ({ media, clock }));
    agent = new Agent({ ca: readFileSync(server.caFile), keepAlive: true });
  });
  beforeEach(() => (media = new MediaStore({ clock, seed: new Seed('media'), logger }, server.site)));
  afterEach(() => media.close());
  afterAll(async () => {
    agent.destroy();
    await server.close();
    expect(existsSync(dirname(server.caFile))).toBe(false);
  });

  function call(method: string, path: string, headers = {}, body: Buffer | Readable = Buffer.alloc(0)): Promise<Reply> {
    const [host = '', port] = server.site.host.split(':');
    // The name is checked against the certificate, the address is where it is.
    const options = { host, port, servername: 'mmg.whatsapp.net', method, path, headers, agent };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject);
      void pipeline(body instanceof Readable ? body : Readable.from([body]), sent).catch(reject);
    });
  }
  async function upload(body: Buffer, type = 'mms/image', auth = media.grant().auth): Promise<Reply> {
    return call('POST', `/${type}/${tokenOf(body)}?auth=${encodeURIComponent(auth)}`, {}, body);
  }
  const answerOf = ({ body }: Reply) => JSON.parse(body.toString()) as { url: string; direct_path: string };

  it('gives back what was uploaded, whatever is added to the query', async () => {
    const body = randomBytes(70_000);
    const { url, direct_path: path } = answerOf(await upload(body));
    expect(url.startsWith(`https://${server.site.host}${path}`)).toBe(true);
    expect((await call('GET', `${path}&hash=abc&mms-type=image`)).body.equals(body)).toBe(true);
    const head = await call('HEAD', path);
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '70000', 0]);
  });

  it.each([
    ['bytes=16-31', 206, 'bytes 16-31/100', 16],
    ['bytes=90-', 206, 'bytes 90-99/100', 10],
    ['bytes=90-500', 206, 'bytes 90-99/100', 10],
    ['bytes=-7', 206, 'bytes 93-99/100', 7],
    ['bytes=0-1,5-6', 200, undefined, 100],
  ])('answers the range %s', async (range, status, contentRange, length) => {
    const { direct_path: path } = answerOf(await upload(randomBytes(100)));
    const { body, headers, ...reply } = await call('GET', path, { range });
    expect([reply.status, headers['content-range'], body.length]).toEqual([status, contentRange, length]);
  });

  it('refuses a range behind the end', async () => {
    const { direct_path: path } = answerOf(await upload(randomBytes(100)));
    expect(await call('GET', path, { range: 'bytes=100-' })).toMatchObject({ status: 416 });
  });

  it('keeps what is of no known kind where pictures are', async () => {
    const { direct_path: path } = answerOf(await upload(randomBytes(10), 'mms/constructor'));
    expect(path).toMatch(/^\/v\/t62\.7118-24\//);
  });

  it('refuses uploads without leave, with leave that has ended, of another body and of too many bytes', async () => {
    const body = randomBytes(50);
    const { auth } = media.grant();
    expect((await upload(body, 'mms/image', '')).status).toBe(401);
    expect((await upload(body, 'mms/image', `${auth}x`)).status).toBe(401);
    const wrong = `/mms/image/${tokenOf(body)}?auth=${auth}`;
    expect((await call('POST', wrong, {}, randomBytes(50))).status).toBe(400);
    const length = { 'content-length': 121 * MIB };
    await expect(call('POST', wrong, length, Buffer.alloc(0)).then(({ status }) => status)).resolves.toBe(413);
    clock.advance(7 * 60 * 60 * 1000);
    expect((await upload(body, 'mms/image', auth)).status).toBe(401);
    expect(readdirSync(join(server.site.folder, readdirSync(server.site.folder)[0] ?? ''))).toEqual([]);
  });

  it('takes newsletter uploads and cover photos of businesses, which get an id with a proof', async () => {
    const body = randomBytes(60);
    expect(await upload(body, 'newsletter/newsletter-image')).toMatchObject({ status: 200 });
    const cover = JSON.parse((await upload(body, 'pps/biz-cover-photo')).body.toString()) as Record<string, string>;
    expect(cover.meta_hmac).toBe(tokenOf(body));
    expect([cover.fbid, cover.ts].join()).toMatch(/^\d+,\d+$/);
  });

  it('tells what never existed from what has expired', async () => {
    const { direct_path: path } = answerOf(await upload(randomBytes(50)));
    expect((await call('GET', '/v/t62.7118-24/1_n.enc')).status).toBe(404);
    clock.advance(60_001);
    expect((await call('GET', path)).status).toBe(410);
    expect(media.list()).toEqual([]);
  });

  it('lets transfers fail as ordered, as often as ordered', async () => {
    const { direct_path: path } = answerOf(await upload(randomBytes(5_000)));
    const fault = media.faults.add({ match: { type: 'image' }, action: { kind: 'status', code: 500 }, times: 1 });
    expect((await call('GET', path)).status).toBe(500);
    expect((await call('GET', path)).status).toBe(200);
    expect(media.faults.list()).toMatchObject([{ id: fault.id, hits: 1 }]);
    media.faults.add({ match: { direction: 'download' }, action: { kind: 'truncated' }, times: 1 });
    await expect(call('GET', path)).rejects.toThrow('aborted');
    media.faults.add({ match: { direction: 'upload' }, action: { kind: 'status', code: 404 }, times: 1 });
    expect((await upload(randomBytes(10))).status).toBe(404);
  });

  it('is slow when told so, by the time of the network', async () => {
    const body = randomBytes(1000);
    const { direct_path: path } = answerOf(await upload(body));
    media.faults.add({ action: { kind: 'slow', bytesPerSec: 1000 } });
    const start = clock.now();
    let isDone = false;
    const reply = call('GET', path).finally(() => (isDone = true));
    while (!isDone) {
      clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await reply).body.equals(body)).toBe(true);
    expect(clock.now() - start).toBeGreaterThanOrEqual(1000);
  });

  it('encrypts what people send so that it can be checked, and notices each damage', async () => {
    const stored = await media.store(Buffer.from('hello'), 'image');
    const { body } = await call('GET', stored.directPath);
    const { ok, sha256, sizeBytes } = await inspect(Readable.from([body]), stored, 'image');
    const expected = createHash('sha256').update('hello').digest();
    expect([ok, sha256, sizeBytes]).toEqual([true, expected.toString('hex'), 5]);
    expect([stored.fileLength, stored.fileSha256.equals(expected)]).toEqual([5, true]);
    const damaged = Buffer.from(body);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(await inspect(Readable.from([damaged]), stored, 'image')).toMatchObject({ ok: false });
    const other = { ...stored, fileSha256: Buffer.alloc(32, 1) };
    expect(await inspect(Readable.from([body]), other, 'image')).toMatchObject({ ok: false });
  });

  it('passes 100 MB through without holding it', async () => {
    let peak = 0;
    const watch = (): void => void (peak = Math.max(peak, process.memoryUsage().arrayBuffers));
    const timer = setInterval(watch, 5);
    const chunk = randomBytes(MIB / 4);
    const before = process.memoryUsage().arrayBuffers;
    const stored = await media.store(Readable.from(repeat(chunk, 400)), 'document');
    const options = { host: '127.0.0.1', port: server.site.host.split(':')[1], servername: 'mmg.whatsapp.net', agent };
    const inspection = await new Promise((resolve, reject) => {
      request({ ...options, path: stored.directPath }, (response) => {
        inspect(response, stored, 'document').then(resolve, reject);
      }).end();
    });
    clearInterval(timer);
    watch();
    expect(inspection).toMatchObject({ ok: true, sizeBytes: 100 * MIB });
    expect(peak - before).toBeLessThan(64 * MIB);
  });
});

function* repeat(chunk: Buffer, times: number): Generator<Buffer> {
  for (let n = 0; n < times; n++) yield chunk;
}

describe('the address of the media server', () => {
  const loopback = { host: '127.0.0.1' };
  it.each([
    [{}, '127.0.0.1'],
    [{ host: '0.0.0.0' }, '127.0.0.1'],
    [{ ...loopback, publicHost: 'simulator' }, 'simulator'],
  ])('%j is told as %s', (options, name) => expect(nameOf(options)).toBe(name));

  it('is in the certificate, whatever it is', async () => {
    const logger = pino({ level: 'silent' });
    const server = await openMediaServer({ ...loopback, publicHost: 'wa.test' }, logger, () => {
      throw new Error('no request is made');
    });
    const [, port = ''] = server.site.host.split(':');
    expect(server.site.host).toBe(`wa.test:${port}`);
    const trust = { ...loopback, port: Number(port), servername: 'wa.test', ca: readFileSync(server.caFile) };
    const socket = connect(trust);
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.destroy();
    await server.close();
  });
});
