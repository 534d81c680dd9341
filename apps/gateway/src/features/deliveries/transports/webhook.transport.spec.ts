import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { Actor } from '@app/platform/auth/actor.js';
import { TestAuthority } from '@app/testing/certificates.js';
import { soon } from '@app/testing/expect-soon.js';
import { LocalReceiver, useLocalReceiver } from '@app/testing/local-receiver.js';
import { useFeature } from '@app/testing/use-feature.js';
import { Webhook } from 'standardwebhooks';
import { WebhooksModule } from '../../webhooks/webhooks.module.js';
import { WebhooksService, type WebhookInput } from '../../webhooks/webhooks.service.js';
import { DeliveriesModule } from '../deliveries.module.js';
import { DeliveriesService } from '../deliveries.service.js';

const config = { roles: ['jobs' as const], outboundAllow: ['127.0.0.0/8'] };

describe('webhooks on their way', () => {
  const app = useFeature([DeliveriesModule, WebhooksModule], { config });
  const receiver = useLocalReceiver();

  const webhooks = () => app.get(WebhooksService);
  const create = async (input: WebhookInput = {}) => {
    const actor = await app.aUser();
    return { actor, ...(await webhooks().create(actor, { url: receiver.url(), ...input })) };
  };
  const log = async (actor: Actor) => (await app.get(DeliveriesService).list(actor, { limit: 10 })).items;

  it('carry headers of your own, and none that are not', async () => {
    const { actor, webhook } = await create({ headers: { 'X-Key': 'secret', 'user-agent': 'Mine' } });
    await webhooks().test(actor, webhook.id);
    const [request] = await receiver.received(1);
    expect(request!.headers).toMatchObject({ 'x-key': 'secret', 'content-type': 'application/json' });
    await webhooks().update(actor, webhook.id, { headers: null });
    await webhooks().test(actor, webhook.id);
    const [, next] = await receiver.received(2);
    expect(next!.headers).not.toHaveProperty('x-key');
  });

  it('are signed with the old secret and the new one, while both are good', async () => {
    const { actor, webhook, secret } = await create();
    const rotated = await webhooks().rotateSecret(actor, webhook.id, { keepHours: 24 });
    await webhooks().test(actor, webhook.id);
    const [request] = await receiver.received(1);
    for (const good of [secret, rotated.secret])
      new Webhook(good).verify(request!.body, request!.headers as Record<string, string>);
    expect(request!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);

    const last = await webhooks().rotateSecret(actor, webhook.id, { keepHours: 0 });
    await webhooks().test(actor, webhook.id);
    const [, next] = await receiver.received(2);
    new Webhook(last.secret).verify(next!.body, next!.headers as Record<string, string>);
    for (const over of [secret, rotated.secret])
      expect(() => new Webhook(over).verify(next!.body, next!.headers as Record<string, string>)).toThrow();
  });

  describe('to the receiver of the documentation', () => {
    const [, example = ''] = /```js\n([\s\S]+?)```/.exec(readFileSync('docs/webhooks.md', 'utf8')) ?? [];
    let port: number;
    let child: ChildProcess | undefined;
    let printed = '';
    beforeAll(async () => {
      const probe = new LocalReceiver();
      await probe.start();
      port = Number(new URL(probe.url()).port);
      await probe.stop();
    });
    afterEach(async () => {
      if (!child) return;
      child.kill();
      await once(child, 'exit');
    });
    const start = (secret: string) => {
      const env = { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port), NODE_OPTIONS: '' };
      child = spawn(process.execPath, ['--input-type=module', '-e', example], { env });
      child.stdout?.on('data', (part: Buffer) => (printed += part.toString()));
    };

    it('are taken when they are ours, and refused when they are not', async () => {
      const { actor, webhook, secret } = await create({ url: `http://127.0.0.1:${port}/` });
      start(secret);
      await soon(() =>
        fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }).then(({ status }) =>
          expect(status).toBe(401),
        ),
      );
      await webhooks().test(actor, webhook.id);
      await soon(async () => expect(await log(actor)).toMatchObject([{ status: 'delivered', responseStatus: 204 }]));
      expect(printed).toContain('This is a test.');
      await webhooks().rotateSecret(actor, webhook.id, { keepHours: 0 });
      await webhooks().test(actor, webhook.id);
      await soon(async () => expect((await log(actor))[0]).toMatchObject({ status: 'pending', responseStatus: 401 }));
    });
  });

  it('show the certificate that the server asks for', async () => {
    const authority = await TestAuthority.create();
    const { certificate: cert, key } = await authority.issue('CN=server', { ips: ['127.0.0.1'] });
    const callers: string[] = [];
    const server = createServer(
      { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        callers.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
        void text(request).then(() => response.writeHead(204).end());
      },
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const { actor, webhook } = await create({ url });
      await webhooks().test(actor, webhook.id);
      const refused = { status: 'pending', attempts: 1, lastError: 'The certificate is not trusted.' };
      await soon(async () => expect(await log(actor)).toMatchObject([refused]));
      const tls = { ca: authority.certificate, ...(await authority.issue('CN=acme')) };
      await webhooks().update(actor, webhook.id, { tls });
      await soon(async () => expect(await log(actor)).toMatchObject([{ status: 'delivered', attempts: 2 }]));
      expect(callers).toEqual(['acme']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
