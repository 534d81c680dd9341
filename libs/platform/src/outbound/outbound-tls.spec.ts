import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { type Identity, TestAuthority } from '@app/testing/certificates.js';
import { Config } from '../config/config.js';
import { OutboundClient } from './outbound-client.js';

describe('OutboundClient to servers that want to know who calls', () => {
  let [authority, stranger]: TestAuthority[] = [];
  let client: Identity;
  let server: Server;
  let url: string;
  let outbound: OutboundClient;

  beforeAll(async () => {
    [authority, stranger] = [await TestAuthority.create(), await TestAuthority.create('CN=Another')];
    client = await authority.issue('CN=acme');
    const { certificate: cert, key } = await authority.issue('CN=server', { ips: ['127.0.0.1'] });
    const options = { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true };
    server = createServer(options, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      void text(request).then((body) => response.end(`${String(subject.CN)} ${body}`));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => void (server.closeAllConnections(), server.close()));
  beforeEach(() => (outbound = new OutboundClient(Object.assign(new Config(), { outboundAllow: ['127.0.0.1'] }))));
  afterEach(() => outbound.onApplicationShutdown());

  const post = (options: object) =>
    outbound.request(url, { method: 'POST', timeoutMs: 15_000, body: 'hello', maxBytes: 100, ...options });
  const tls = () => ({ ca: authority!.certificate, ...client });

  it('shows its certificate, and believes the authority that it was given', async () => {
    expect((await post({ tls: tls() })).body.toString()).toBe('acme hello');
  });

  it('sends a stream as it comes', async () => {
    const body = Readable.from(['he', 'llo']);
    const { body: answer } = await post({ tls: tls(), body, headers: { 'content-length': '5' } });
    expect(answer.toString()).toBe('acme hello');
  });

  it.each([
    ['no settings', () => undefined, /^The certificate is not trusted\.$/],
    ['another authority', () => ({ ...tls(), ca: stranger!.certificate }), /^The certificate is not trusted\.$/],
    // The server's alert and its hanging up arrive together.
    ['no certificate', () => ({ ca: authority!.certificate }), /wants a certificate|connection was (closed|reset)/],
  ])('fails with %s, in plain words', async (_, settings, detail) => {
    const reason = expect.stringMatching(detail) as string;
    await expect(post({ tls: settings() })).rejects.toMatchObject({ code: 'outbound.failed', detail: reason });
  });

  it('gives a connection to nobody with other settings', async () => {
    await post({ tls: tls() });
    await expect(post({ tls: { ca: authority!.certificate } })).rejects.toMatchObject({ code: 'outbound.failed' });
    await expect(post({})).rejects.toMatchObject({ code: 'outbound.failed' });
  });

  it('calls no address that is closed', async () => {
    const closed = new OutboundClient(new Config());
    const attempt = closed.request(url, { method: 'POST', timeoutMs: 15_000, tls: tls() });
    await expect(attempt).rejects.toMatchObject({ code: 'outbound.refused' });
    const named = closed.request(url.replace('127.0.0.1', 'localhost.'), {
      method: 'POST',
      timeoutMs: 15_000,
      tls: tls(),
    });
    await expect(named).rejects.toMatchObject({ code: 'outbound.refused' });
    await closed.onApplicationShutdown();
  });
});
