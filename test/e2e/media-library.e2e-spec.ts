import { ok } from '@app/client/client.js';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InputOf } from '@app/testing/api-route.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewayTenant } from '@app/testing/gateway-process.js';
import { type MediaAnswer, mediaLeft, upload } from '@app/testing/media-library.js';
import { useStack } from '@app/testing/use-stack.js';
import sharp from 'sharp';

/** The one address that may be called: what is refused lies elsewhere on this machine. */
const OPEN = '127.0.0.2';
const MAX_BYTES = 1024 * 1024;

describe('the media library', () => {
  const stack = useStack({
    OUTBOUND_ALLOW: OPEN,
    MEDIA_MAX_BYTES: String(MAX_BYTES),
    MEDIA_JSON_MAX_BYTES: String(2 * MAX_BYTES),
    PUBLIC_URL: 'https://gw.example/',
  });
  let tenant: GatewayTenant;
  beforeAll(async () => void (tenant = await stack.gateway.aTenant()));

  const get = async (id: string, headers?: { range?: string; 'if-range'?: string; 'if-none-match'?: string }) => {
    const answer = await tenant.api.download(`GET /v1/media/${id}/content`, undefined, headers);
    return { ...answer, body: answer.body.toString() };
  };
  const here = (link: string) => link.replace('https://gw.example', tenant.api.url);
  const importing = (body: InputOf<'POST /v1/media/import'>) => tenant.api.call('POST /v1/media/import', body);
  const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64');

  it('takes an upload and gives it back whole and in parts', async () => {
    const { status, body } = await upload(tenant, 'hello world', 'Straße (1).txt');
    expect(status).toBe(201);
    expect(body).toMatchObject({ mimeType: 'text/plain', sizeBytes: 11, fileName: 'Straße (1).txt' });
    const whole = await get(body.id);
    expect(whole.body).toBe('hello world');
    expect(whole.headers.get('content-disposition')).toContain("filename*=UTF-8''Stra%C3%9Fe%20%281%29.txt");
    const head = await tenant.api.raw(`HEAD /v1/media/${body.id}/content`);
    expect([head.status, head.headers.get('content-length'), head.body]).toEqual([200, '11', '']);
    const part = await get(body.id, { range: 'bytes=6-' });
    expect([part.status, part.headers.get('content-range'), part.body]).toEqual([206, 'bytes 6-10/11', 'world']);
    const last = await get(body.id, { range: 'bytes=-2', 'if-range': `"${body.sha256}"` });
    expect([last.status, last.body]).toEqual([206, 'ld']);
    const changed = await get(body.id, { range: 'bytes=6-', 'if-range': '"other"' });
    expect([changed.status, changed.body]).toEqual([200, 'hello world']);
    const same = await get(body.id, { 'if-none-match': `"${body.sha256}"` });
    expect(same.status).toBe(304);
    const beyond = await get(body.id, { range: 'bytes=11-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */11']);
  });

  it('says what a file is by its bytes, whatever its name', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect((await upload(tenant, png, 'virus.exe')).body.mimeType).toBe('image/png');
    expect((await upload(tenant, 'MZ\x90\0\x03', 'photo.png')).body.mimeType).not.toContain('image');
  });

  it('prepares an upload to be sent as something, with fields before and after the file', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const { status, body } = await upload(tenant, png, 'a.png', {
      kind: 'sticker',
      stickerPack: 'Red',
      fileName: 'b.png',
    });
    expect([status, body.mimeType, body.fileName]).toEqual([201, 'image/webp', 'b.webp']);
    expect(body).toMatchObject({ width: 512, height: 512, origin: 'derived' });
  });

  it('lists the newest first, page by page, and by origin', async () => {
    const other = await stack.gateway.aTenant();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.unshift((await upload(other, name, name)).body.id);
    const list = (query: InputOf<'GET /v1/media'>) => other.api.ok('GET /v1/media', query);
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect((await list({ origin: 'inbound' })).items).toEqual([]);
    expect((await list({ origin: 'upload' })).items).toHaveLength(3);
  });

  it('takes base64, data URLs and files that are there, and knows the same file again', async () => {
    const { body } = await importing({ data: base64('once'), fileName: 'once.txt' });
    const again = await importing({ data: `data:text/plain;base64,${base64('once')}`, fileName: 'once.txt' });
    expect(again.body.id).toBe(body.id);
    const document = await importing({ mediaId: body.id, kind: 'document' });
    expect(document.body).toMatchObject({ sha256: body.sha256, fileName: 'once.txt' });
  });

  it('deletes, once', async () => {
    const { body } = await upload(tenant, 'short-lived');
    expect((await tenant.api.call(`DELETE /v1/media/${body.id}`)).status).toBe(204);
    for (const route of [`GET /v1/media/${body.id}`, `DELETE /v1/media/${body.id}`] as const)
      expect((await tenant.api.call(route)).status).toBe(404);
    expect((await fetch(here(body.link))).status).toBe(404);
  });

  it('opens a signed link without a token, and no other', async () => {
    const { body } = await upload(tenant, '<svg xmlns="http://www.w3.org/2000/svg"/>', 'by-link.html');
    const answer = await fetch(here(body.link));
    expect(await answer.text()).toContain('<svg');
    // It must not be shown by a browser in our name.
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    const { body: other } = await upload(tenant, 'other');
    const url = new URL(here(body.link));
    const forged = [
      url.href.replace(/expires=\d+/, 'expires=99999999999'),
      url.href.replace(/signature=./, 'signature=_'),
      url.href.replace(body.id, other.id),
      url.origin + url.pathname,
      `${url.origin}${url.pathname}?expires=1&signature=x`,
    ];
    for (const link of forged) expect((await fetch(link)).status).toBe(404);
  });

  it('keeps tenants apart', async () => {
    const other = await stack.gateway.aTenant();
    const { body } = await upload(tenant, 'mine');
    for (const route of [
      `GET /v1/media/${body.id}`,
      `GET /v1/media/${body.id}/content`,
      `DELETE /v1/media/${body.id}`,
    ] as const)
      expect((await other.api.call(route)).status).toBe(404);
    const taken = await other.api.call('POST /v1/media/import', { mediaId: body.id, kind: 'document' });
    expect([taken.status, taken.body.code]).toEqual([404, 'media.not-found']);
    expect((await ok(other.client.GET('/v1/media'))).items).toEqual([]);
    // Equal content of two tenants is two objects: one cannot tell what the other has.
    expect((await upload(other, 'mine')).body.id).not.toBe(body.id);
  });

  describe('refuses and leaves nothing behind:', () => {
    let before: Awaited<ReturnType<typeof mediaLeft>>;
    beforeEach(async () => void (before = await mediaLeft(stack.gateway)));
    afterEach(async () => {
      expect(await mediaLeft(stack.gateway)).toEqual(before);
      expect(before.scratch).toEqual([]);
    });

    it('an empty file', async () => {
      expect(await upload(tenant, '')).toMatchObject({ status: 400, body: { code: 'media.empty' } });
      expect(await importing({ data: 'data:text/plain;base64,' })).toMatchObject({ body: { code: 'media.empty' } });
    });

    it('a file that is too large, and says how large it may be', async () => {
      const { status, body } = await upload(tenant, Buffer.alloc(MAX_BYTES + 1));
      expect([status, body.code]).toEqual([413, 'media.too-large']);
      expect(body.detail).toContain(String(MAX_BYTES));
      expect(body.errors).toMatchObject([{ pointer: '/file' }]);
    });

    it('a body that says it has 1 GB, before it is read', async () => {
      const { status, body } = await announce(tenant, 2 ** 30);
      expect([status, body.code]).toEqual([413, 'media.too-large']);
    });

    it('base64 that is too large for JSON, and says what to do', async () => {
      const { status, body } = await importing({ data: 'A'.repeat(3 * MAX_BYTES) });
      expect([status, body.code]).toEqual([413, 'media.body-too-large']);
      expect(body.detail).toContain('POST /v1/media');
    });

    it('a file of the wrong kind', async () => {
      for (const kind of ['image', 'video', 'gif', 'video-note', 'audio', 'voice', 'sticker', 'picture'])
        expect(await upload(tenant, 'just text', 'photo.jpg', { kind })).toMatchObject({
          status: 400,
          body: { code: 'media.wrong-kind' },
        });
    });

    it('a picture that unfolds to gigabytes', async () => {
      const black = sharp({ create: { width: 15_000, height: 15_000, channels: 3, background: 'black' } });
      const { status, body } = await upload(tenant, await black.png().toBuffer(), 'a.png', { kind: 'image' });
      expect([status, body.code]).toEqual([400, 'media.too-many-pixels']);
    });

    it('a broken picture', async () => {
      const png = await sharp({ create: { width: 99, height: 99, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      const broken = png.subarray(0, png.length / 2);
      expect(await upload(tenant, broken, 'a.png', { kind: 'image' })).toMatchObject({
        body: { code: 'media.unreadable' },
      });
    });

    it('a form without a file, with two, with unknown fields, cut off, and no form at all', async () => {
      const part = (name: string, file = '') =>
        `--x\r\ncontent-disposition: form-data; name="${name}"${file && `; filename="${file}"`}\r\n\r\n1\r\n`;
      const bodies: [string, string][] = [
        [`${part('kind')}--x--\r\n`, 'request.invalid'],
        [`${part('file', 'a')}${part('file', 'b')}--x--\r\n`, 'request.malformed'],
        [`${part('other', 'a')}--x--\r\n`, 'request.invalid'],
        [`${part('file', 'a')}${part('colour')}--x--\r\n`, 'request.invalid'],
        [part('file', 'a').slice(0, -2), 'request.malformed'],
      ];
      for (const [body, code] of bodies) {
        const headers = { 'content-type': 'multipart/form-data; boundary=x' };
        const answer = await tenant.api.raw('POST /v1/media', body, headers);
        expect([answer.status, answer.body.code, body]).toEqual([400, code, body]);
      }
      expect((await tenant.api.raw('POST /v1/media', {})).body.code).toBe('request.malformed');
    });

    it('an upload that is broken off', async () => {
      const controller = new AbortController();
      const slow = new ReadableStream({
        start: (stream) => {
          stream.enqueue(Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'));
        },
      });
      const headers = {
        authorization: `Bearer ${tenant.api.token}`,
        'content-type': 'multipart/form-data; boundary=x',
      };
      const init = { method: 'POST', headers, body: slow, duplex: 'half', signal: controller.signal };
      const call = fetch(`${tenant.api.url}/v1/media`, init as RequestInit).catch(() => null);
      await eventually('it is being written', async () => (await mediaLeft(stack.gateway)).scratch.length);
      controller.abort();
      await call;
      await eventually('it is gone', async () => (await mediaLeft(stack.gateway)).scratch.length === 0);
    });

    it('two sources or none, and what is not base64', async () => {
      for (const body of [{}, { url: 'https://example.com', data: 'aaaa' }])
        expect((await importing(body)).body.code).toBe('media.one-source');
      for (const data of ['not base64!', 'data:text/plain,hello'])
        expect((await importing({ data })).body).toMatchObject({
          code: 'media.not-base64',
          errors: [{ pointer: '/data' }],
        });
    });
  });

  it('takes no form on other routes', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await tenant.api.raw('POST /v1/media/import', '--x--', headers);
    expect([answer.status, answer.body.code]).toEqual([415, 'request.media-type']);
  });

  describe('fetches', () => {
    let server: Server;
    let port: number;
    /** Addresses at which somebody knocked. */
    const reached = new Set<string | undefined>();
    beforeAll(async () => {
      server = createServer((request, response) => {
        reached.add(request.socket.localAddress?.replace('::ffff:', ''));
        const [, to] = /^\/to\/(.*)/.exec(request.url ?? '') ?? [];
        if (to !== undefined) return void response.writeHead(302, { location: decodeURIComponent(to) }).end();
        if (request.url === '/missing') return void response.writeHead(404).end('no');
        if (request.url === '/huge') return void response.writeHead(200, { 'content-length': 2 ** 30 }).write('x');
        if (request.url === '/broken') {
          response.writeHead(200, { 'content-length': 100 });
          return void response.write('x', () => response.destroy());
        }
        if (request.url === '/endless') {
          const more = () => void (response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more)));
          return more();
        }
        response.writeHead(200, { 'content-type': 'text/html' }).end('a,b\n1,2\n');
      });
      await new Promise<void>((done) => server.listen(0, '::', done));
      port = (server.address() as AddressInfo).port;
    });
    afterAll(() => void (server.closeAllConnections(), server.close()));
    const at = (path: string, host = OPEN) => `http://${host}:${port}${path}`;
    const redirect = (to: string) => at(`/to/${encodeURIComponent(to)}`);

    it('a file from a URL, through redirects, under the name of the URL', async () => {
      const { status, body } = await importing({ url: redirect(at('/table%20one.csv?x=1')) });
      expect([status, body.fileName, body.mimeType]).toEqual([201, 'table one.csv', 'text/csv']);
    });

    it.each([
      ['/huge', 413, 'media.too-large'],
      ['/endless', 413, 'media.too-large'],
      ['/missing', 400, 'media.fetch-failed'],
      ['/broken', 400, 'media.fetch-failed'],
    ])('nothing from %s', async (path, status, code) => {
      const before = await mediaLeft(stack.gateway);
      const answer = await importing({ url: at(path) });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(await mediaLeft(stack.gateway)).toEqual(before);
    });

    it('nothing from inside, and answers exactly as for a name that does not exist', async () => {
      const inside = [
        at('/', '127.0.0.1'),
        at('/', 'localhost'),
        at('/', 'localhost.'),
        at('/', '127.1'),
        at('/', '2130706433'),
        at('/', '0x7f000001'),
        at('/', '0177.0.0.1'),
        at('/', '0.0.0.0'),
        at('/', '[::1]'),
        at('/', '[::]'),
        at('/', '[::ffff:127.0.0.1]'),
        at('/', '[::ffff:7f00:1]'),
        at('/', '[::127.0.0.1]'),
        at('/', '[64:ff9b::7f00:1]'),
        at('/', '[2002:7f00:1::]'),
        'http://10.0.0.1/',
        'http://172.16.0.1/',
        'http://192.168.0.1/',
        'http://100.64.0.1/',
        'http://169.254.169.254/latest/meta-data/',
        'http://[fd00:ec2::254]/',
        'http://[fe80::1]/',
        'http://[fc00::1]/',
        'file:///etc/passwd',
        'ftp://example.com/a',
        'gopher://127.0.0.1/',
        'data:text/plain,hello',
        '//example.com/a',
        'no URL',
        redirect(at('/', '127.0.0.1')),
        redirect('http://169.254.169.254/'),
        redirect('file:///etc/passwd'),
        redirect(at('/', '[::ffff:127.0.0.1]')),
      ];
      reached.clear();
      const answers = new Map<string, string[]>();
      for (const url of ['http://no-such-name.invalid/', ...inside]) {
        const { status, body } = await importing({ url });
        const text = JSON.stringify({ status, ...body, requestId: '' });
        answers.set(text, [...(answers.get(text) ?? []), url]);
      }
      expect([...answers.values()]).toHaveLength(1);
      expect([...answers.keys()][0]).toContain('media.fetch-failed');
      expect([...reached]).toEqual([OPEN]);
    });
  });
});

/** Begins an upload of this many bytes and reads the answer, which must come without them. */
function announce({ api }: GatewayTenant, length: number): Promise<Pick<MediaAnswer, 'status' | 'body'>> {
  const headers = {
    authorization: `Bearer ${api.token}`,
    'content-type': 'multipart/form-data; boundary=x',
    'content-length': length,
  };
  return new Promise((resolve, reject) => {
    const call = httpRequest(`${api.url}/v1/media`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => {
        call.destroy();
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as MediaAnswer['body'] });
      });
    });
    call.on('error', reject);
    call.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
  });
}
