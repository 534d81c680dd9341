import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Config } from '../config/config.js';
import { OutboundClient } from './outbound-client.js';

describe('OutboundClient', () => {
  const clients: OutboundClient[] = [];
  const client = (...outboundAllow: string[]) => {
    const made = new OutboundClient(Object.assign(new Config(), { outboundAllow }));
    clients.push(made);
    return made;
  };
  let server: Server;
  let port: number;
  const sockets = new Set<unknown>();
  let seen: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      sockets.add(request.socket);
      seen.push(`${request.method} ${request.url}`);
      if (request.url === '/slow') return;
      const [, hops = 0, to] = /^\/hop\/(\d)\/(.*)/.exec(request.url ?? '') ?? [];
      if (to !== undefined) {
        const next = Number(hops) > 1 ? `/hop/${Number(hops) - 1}/${to}` : decodeURIComponent(to);
        return void response.writeHead(302, { location: next, connection: 'close' }).end();
      }
      if (request.url === '/long') return void response.writeHead(200, { 'content-length': 2 ** 30 }).write('x');
      if (request.url === '/endless') return void Readable.from(endless()).pipe(response);
      if (request.url === '/redirect') return void response.writeHead(302, { location: '/end' }).end();
      if (request.url === '/trickle') return void response.write('x');
      response.end('x'.repeat(100));
    });
    await new Promise<void>((done) => server.listen(0, done));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    seen = [];
    for (const made of clients.splice(0)) await made.onApplicationShutdown();
  });
  afterAll(() => void (server.closeAllConnections(), server.close()));
  const get = (made: OutboundClient, url: string, options = {}) =>
    made.request(url, { method: 'GET', timeoutMs: 15_000, ...options });

  it.each([
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://anything.localhost:PORT/',
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://0x7f.1:PORT/',
    'http://2130706433:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0.0.0.0:PORT/',
    'http://[::]:PORT/',
    'http://[::1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:0:127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[fc00::1]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://168.63.129.16/metadata',
    'http://[::ffff:168.63.129.16]/metadata',
    'http://100.64.0.1/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'nonsense',
  ])('refuses %s', async (url) => {
    const made = client();
    const attempt = get(made, url.replace('PORT', String(port)));
    await expect(attempt).rejects.toMatchObject({ code: 'outbound.refused' });
    expect(() => made.assertAllowed(url.replace('PORT', String(port)))).toThrow();
    expect(seen).toEqual([]);
  });

  it('refuses a name that leads inside exactly as one that leads nowhere', async () => {
    const failures = await Promise.all(
      ['http://localhost.:PORT', 'http://no-such-name.invalid'].map((url) =>
        get(client('other.example'), url.replace('PORT', String(port))).catch((error: unknown) => error),
      ),
    );
    expect(failures[0]).toMatchObject({ code: 'outbound.refused' });
    expect((failures[0] as Error).message).toBe((failures[1] as Error).message);
  });

  it.each([['127.0.0.0/8'], ['127.0.0.1'], ['localhost', 'localhost'], ['*.localhost', 'hook.localhost']])(
    'calls what OUTBOUND_ALLOW opens with %s',
    async (entry, host = '127.0.0.1') => {
      if (host === 'hook.localhost') return expect(() => client(entry).assertAllowed(`http://${host}`)).not.toThrow();
      await expect(get(client(entry), `http://${host}:${port}/`)).resolves.toMatchObject({ status: 200 });
    },
  );

  it('keeps other ranges closed when one is open', async () => {
    await expect(get(client('127.0.0.0/8'), 'http://10.0.0.1/')).rejects.toMatchObject({ code: 'outbound.refused' });
  });

  it('hands a redirect back instead of following it', async () => {
    await expect(get(client('127.0.0.1'), `http://127.0.0.1:${port}/redirect`)).resolves.toMatchObject({ status: 302 });
    expect(seen).toEqual(['GET /redirect']);
  });

  it.each(['/slow', '/trickle'])('gives up on %s when the time is over', async (path) => {
    const attempt = get(client('127.0.0.1'), `http://127.0.0.1:${port}${path}`, { timeoutMs: 100, maxBytes: 10 });
    await expect(attempt).rejects.toMatchObject({
      code: 'outbound.failed',
      detail: 'There was no answer within 0.1 s.',
    });
  });

  it('reads no more than the cap', async () => {
    const made = client('127.0.0.1');
    const url = `http://127.0.0.1:${port}/`;
    await expect(get(made, url, { maxBytes: 99 })).rejects.toMatchObject({ code: 'outbound.too-large' });
    expect((await get(made, url, { maxBytes: 100 })).body).toHaveLength(100);
  });

  it('uses connections again', async () => {
    sockets.clear();
    const made = client('127.0.0.1');
    for (let round = 0; round < 5; round++) await get(made, `http://127.0.0.1:${port}/`);
    expect(sockets.size).toBeLessThan(3);
  });

  it('says in plain words why there was no answer', async () => {
    const attempt = get(client('127.0.0.1'), 'http://127.0.0.1:1/');
    await expect(attempt).rejects.toMatchObject({ code: 'outbound.failed', detail: 'The connection was refused.' });
  });

  describe('downloads', () => {
    const download = async (made: OutboundClient, path: string, options = {}) => {
      const limits = { timeoutMs: 15_000, maxBytes: 1000, ...options };
      const answer = await made.download(path.startsWith('http') ? path : `http://127.0.0.1:${port}${path}`, limits);
      return { ...answer, content: await text(answer.body) };
    };
    const hop = (count: number, to: string) => `/hop/${count}/${encodeURIComponent(to)}`;

    it('follow three redirects and no more', async () => {
      const answer = await download(client('127.0.0.1'), hop(3, '/end'));
      expect(answer).toMatchObject({ status: 200, url: `http://127.0.0.1:${port}/end`, content: 'x'.repeat(100) });
      await expect(download(client('127.0.0.1'), hop(4, '/end'))).rejects.toMatchObject({ code: 'outbound.failed' });
    });

    it.each(['http://127.0.0.2:PORT/end', 'http://10.0.0.1/', 'http://[::1]:PORT/', 'file:///etc/passwd'])(
      'follow no redirect to %s',
      async (to) => {
        const attempt = download(client('127.0.0.1'), hop(1, to.replace('PORT', String(port))));
        await expect(attempt).rejects.toMatchObject({ code: 'outbound.refused' });
        expect(seen).toHaveLength(1);
      },
    );

    it('connect to no address that a name has only the second time', async () => {
      const made = new Rebinding(Object.assign(new Config(), { outboundAllow: ['127.0.0.1'] }));
      clients.push(made);
      made.answers = ['127.0.0.1', '127.0.0.2'];
      const attempt = download(made, `http://rebinding.example:${port}${hop(1, '/end')}`);
      await expect(attempt).rejects.toMatchObject({ code: 'outbound.refused' });
      expect(seen).toHaveLength(1);
      expect(made.answers).toEqual([]);
    });

    it('refuse an answer that says it is too long, and cut off one that does not', async () => {
      for (const path of ['/long', '/endless'])
        await expect(download(client('127.0.0.1'), path)).rejects.toMatchObject({ code: 'outbound.too-large' });
    });

    it('end when the time is over, also in the middle', async () => {
      for (const path of ['/slow', '/trickle'])
        await expect(download(client('127.0.0.1'), path, { timeoutMs: 100 })).rejects.toThrow();
    });
  });
});

/** Answers each lookup with the next address. */
class Rebinding extends OutboundClient {
  answers: string[] = [];
  protected override resolve = ((_host: string, _options: object, done: (...result: unknown[]) => void) => {
    done(null, [{ address: this.answers.shift(), family: 4 }]);
  }) as never;
}

function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(100);
}
