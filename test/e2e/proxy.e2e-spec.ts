import { randomBytes } from 'node:crypto';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { type ProxyLogin, startHttpProxy, startSocksProxy, type TestProxy } from '@app/testing/proxies.js';
import { useStack } from '@app/testing/use-stack.js';
import sharp from 'sharp';

describe('a proxy of a session', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  const login: ProxyLogin = { name: 'agent', password: `pw-${randomBytes(6).toString('hex')}` };
  const proxies: TestProxy[] = [];
  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
  });
  afterAll(() => Promise.all(proxies.map((proxy) => proxy.stop())));

  const started = async (proxy: Promise<TestProxy>) => {
    proxies.push(await proxy);
    return proxy;
  };
  const socketAddress = () => new URL(stack.simulator.gatewayEnv.WA_SOCKET_URL ?? '').host;
  const mediaAddress = () => stack.simulator.gatewayEnv.WA_MEDIA_HOST ?? '';
  const urlOf = (protocol: string, { port }: TestProxy, { name, password } = login) =>
    `${protocol}://${name}:${password}@127.0.0.1:${port}`;
  const set = (session: GatewaySession, url: string) => session.api.call(`PUT /proxy`, { url });
  const sendPicture = async (session: GatewaySession, to: string) => {
    const [r = 0, g = 0, b = 0] = randomBytes(3);
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: { r, g, b } } })
      .png()
      .toBuffer();
    const body = { to, type: 'image' as const, data: picture.toString('base64') };
    return session.api.ok(`POST /messages?wait=server_ack`, body);
  };

  it.each([
    ['http', () => startHttpProxy(login)],
    ['socks5', () => startSocksProxy(login)],
  ])('%s carries its socket, its uploads and its downloads', async (protocol, start) => {
    const proxy = await started(start());
    const session = await tenant.aSession();
    const answer = await set(session, urlOf(protocol, proxy));
    const shown = { url: `${protocol}://127.0.0.1:${proxy.port}`, hasCredentials: true };
    expect(answer).toMatchObject({ status: 200, body: shown });
    expect(await session.api.ok(`GET /proxy`)).toEqual(shown);

    const phone = stack.aPhone();
    await session.pair(phone);
    expect(new Set(proxy.targets)).toContain(socketAddress());
    const ana = await stack.simulator.aContact('reader');
    await session.send(ana.pn, 'Through the wall', { wait: true });

    const before = proxy.targets.length;
    expect((await sendPicture(session, ana.pn)).status).not.toMatch(/pending|failed/);
    expect(proxy.targets.slice(before)).toContain(mediaAddress());

    // Connections are kept for a while; a file of another host name needs one of its own.
    await stack.simulator.api.ok(`POST /accounts/${ana.pn}/media`, { to: phone, kind: 'document', sizeBytes: 20_000 });
    await eventually('the file is downloaded', async () =>
      (await tenant.events('message.media')).some(
        ({ sessionId, data }) =>
          sessionId === session.id && (data.media as { status?: string } | undefined)?.status !== 'failed',
      ),
    );
    expect(proxy.targets.filter((target) => target === mediaAddress()).length).toBeGreaterThanOrEqual(1);
    expect(new Set(proxy.targets)).toEqual(new Set([socketAddress(), mediaAddress()]));

    const seen = proxy.targets.length;
    await stack.gateway.stop();
    await stack.gateway.start();
    await session.becomes('connected');
    expect(proxy.targets.slice(seen)).toContain(socketAddress());
    await proxy.stop();
    await session.becomes('disconnected');
    await session.api.ok(`DELETE /proxy`);
    await session.becomes('connected');
    expect(await session.api.ok(`GET /proxy`)).toEqual({ url: null, hasCredentials: false });
    await session.api.ok(`POST /stop`);
  });

  it('is used by that session alone, and can be tried before', async () => {
    const proxy = await started(startHttpProxy(login));
    const session = await tenant.aPairedSession(stack.aPhone());
    expect(proxy.targets).toEqual([]);
    const test = (url?: string) => session.api.call(`POST /proxy/test`, { url });
    expect(await test()).toMatchObject({ status: 409, body: { code: 'proxy.none' } });
    const tried = await test(urlOf('http', proxy));
    expect(tried.status).toBe(200);
    expect(tried.body.latencyMs).toBeGreaterThanOrEqual(0);
    const wrong = urlOf('http', proxy, { name: 'agent', password: 'guessed' });
    expect(await test(wrong)).toMatchObject({ status: 503, body: { code: 'proxy.failed' } });
    expect(proxy.refused).toBe(1);
    const socks = await started(startSocksProxy(login));
    expect((await test(urlOf('socks5', socks))).status).toBe(200);
    expect(await test(urlOf('socks5', socks, { name: 'x', password: 'y' }))).toMatchObject({ status: 503 });
    expect(await test('http://127.0.0.1:1')).toMatchObject({ status: 503, body: { code: 'proxy.failed' } });
    await set(session, urlOf('http', proxy));
    await session.becomes('connected');
    expect(proxy.targets.filter((target) => target === socketAddress()).length).toBeGreaterThanOrEqual(2);
    expect((await test()).status).toBe(200);
  });

  it('is refused where it must not be, and keeps its password to itself', async () => {
    const session = await tenant.aSession();
    for (const url of ['ftp://127.0.0.1:21', 'no url', 'http://127.0.0.1:3128/path', ''])
      expect(await set(session, url)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid', errors: [{ pointer: '/url' }] },
      });
    for (const url of ['http://169.254.169.254', 'socks5://10.0.0.1:1080'])
      expect(await set(session, url)).toMatchObject({ status: 400, body: { code: 'outbound.refused' } });
    const { items } = await tenant.api.ok('GET /v1/sessions');
    expect(JSON.stringify(items)).not.toContain(login.password);
    expect(stack.gateway.log).not.toContain(login.password);
  });
});
