import { ok } from '@app/client/client.js';
import { Webhook } from 'standardwebhooks';
import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';
import { WebhookReceiver } from '@app/testing/webhook-receiver.js';

describe('from tenant to signed webhook', () => {
  const stack = useStack();
  let receiver: WebhookReceiver;
  beforeAll(async () => (receiver = await WebhookReceiver.start()));
  afterAll(() => receiver.stop());

  it('pairs by QR, sends a text, gets the echo at a webhook that verifies, and sees it read', async () => {
    const tenant = await stack.gateway.aTenant();
    const { secret } = await ok(
      tenant.client.POST('/v1/webhooks', {
        body: {
          url: receiver.url,
          types: ['message.received'],
        },
      }),
    );
    const echo = await stack.simulator.aContact('echo');
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    expect((await session.get()).me).toMatchObject({ waId: phone, phone });

    const sent = await session.send(`+${echo.pn}`, 'hello there', { wait: true });
    // Who answers so fast may have read it by then.
    expect(['server_ack', 'delivered', 'read']).toContain(sent.status);

    const { headers, raw, event } = await receiver.delivery('the echo', ({ type }) => type === 'message.received');
    new Webhook(secret).verify(raw, headers as Record<string, string>);
    expect(event).toMatchObject({
      id: headers['webhook-id'],
      tenantId: tenant.id,
      sessionId: session.id,
      data: { message: { text: 'hello there', chatId: echo.pn, sender: { phone: echo.pn, lid: `${echo.lid}@lid` } } },
    });

    const read = await eventually('the message is read', async () => {
      const message = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: sent.id })),
      );
      return message.status === 'read' && message;
    });
    const order = read.timeline.map(({ status }) => status);
    expect(order).toEqual(['pending', 'sent', 'server_ack', 'delivered', 'read']);

    const { items } = await ok(
      tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { chatId: echo.pn })),
    );
    expect(items.map(({ text, fromMe }) => [text, fromMe])).toEqual([
      ['hello there', false],
      ['hello there', true],
    ]);
  });

  it('pairs by code', async () => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    const phone = stack.aPhone();
    await session.start();
    await session.qr();
    const { code } = await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/pairing-code', { ...session.at(), body: { phone: `+${phone}` } }),
    );
    expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    await stack.simulator.api.ok('POST /pair-code', { pn: phone, code: code.replace('-', '') });
    expect((await session.becomes('connected')).me).toMatchObject({ phone });
    const types = (await tenant.events()).map(({ type }) => type);
    expect(types).toContain('session.pairing_code');
  });

  it('answers the QR code as JSON and as a picture, and refuses it once connected', async () => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    await session.start();
    await session.qr();
    const code = await ok(tenant.client.GET('/v1/sessions/{sessionId}/qr', session.at()));
    expect(typeof code === 'object' && code.image).toMatch(/^data:image\/png;base64,/);
    const picture = await tenant.api.call(`GET ${session.path}/qr`, undefined, { accept: 'image/png' });
    expect(picture.headers.get('content-type')).toBe('image/png');
    await session.pair(stack.aPhone());
    expect(await tenant.api.call(`GET ${session.path}/qr`)).toMatchObject({
      status: 409,
      body: { code: 'session.already-linked' },
    });
  });

  it('sends once for one Idempotency-Key, and refuses the key for another message', async () => {
    const tenant = await stack.gateway.aTenant();
    const contact = await stack.simulator.aContact('reader');
    const session = await tenant.aPairedSession(stack.aPhone());
    const send = (text: string) => session.send(contact.pn, text, { idempotencyKey: 'order-1', wait: true });
    const [first, again] = [await send('once'), await send('once')];
    expect(again.id).toBe(first.id);
    await expect(send('something else')).rejects.toThrow('idempotency.key-reused');
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/stop', session.at()));
    expect((await session.send(contact.pn, 'once', { idempotencyKey: 'order-1' })).id).toBe(first.id);
    expect(await stack.simulator.stats(contact.pn)).toMatchObject({ distinct: 1, repeats: 0 });
  });

  it('logs out, and pairs the same session with another account', async () => {
    const tenant = await stack.gateway.aTenant();
    const [first, second] = [stack.aPhone(), stack.aPhone()];
    const session = await tenant.aPairedSession(first);
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/logout', session.at()));
    expect(await session.get()).toMatchObject({ status: 'logged_out', me: null });
    await session.pair(second);
    expect((await session.get()).me).toMatchObject({ phone: second });
  });

  it('stops without losing the login, and deletes', async () => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aPairedSession(stack.aPhone());
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/stop', session.at()));
    expect(await session.get()).toMatchObject({ status: 'stopped', reason: 'requested' });
    await expect(session.send('6281300000000', 'too late')).rejects.toThrow('session.not-started');
    await session.start();
    await session.becomes('connected');
    await ok(tenant.client.DELETE('/v1/sessions/{sessionId}', session.at()));
    expect(await tenant.api.call(`GET ${session.path}`)).toMatchObject({ status: 404 });
  });

  describe('bad input', () => {
    it.each([
      ['an unknown field', { to: '6281300000001', type: 'text', text: 'x', colour: 'red' }, '/colour'],
      ['a number that is no phone number', { to: '12ab', type: 'text', text: 'x' }, '/to'],
      ['a wrong type', { to: '6281300000001', type: 'text', text: 7 }, '/text'],
      ['an unknown kind of message', { to: '6281300000001', type: 'dance', text: 'x' }, '/type'],
      ['a text that is too long', { to: '6281300000001', type: 'text', text: 'x'.repeat(65_537) }, '/text'],
    ])('refuses %s and names the field', async (_, body, pointer) => {
      const tenant = await stack.gateway.aTenant();
      const session = await tenant.aSession();
      const answer = await session.api.raw('POST /messages', body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
      const { items } = await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at()));
      expect(items).toEqual([]);
    });

    it('refuses a body of 17 MB and a session that is not linked', async () => {
      const tenant = await stack.gateway.aTenant();
      const session = await tenant.aSession();
      const huge = JSON.stringify({ to: '6281300000001', type: 'text', text: 'x'.repeat(17_000_000) });
      expect(await session.api.raw('POST /messages', huge)).toMatchObject({
        status: 413,
        body: { code: 'media.body-too-large' },
      });
      const text = { to: '6281300000001', type: 'text' as const, text: 'hello' };
      expect(await tenant.api.call(`POST ${session.path}/messages`, text)).toMatchObject({
        status: 409,
        body: { code: 'session.not-linked' },
      });
      expect(await tenant.api.call('GET /v1/sessions/ses_nobody')).toMatchObject({
        status: 404,
        body: { code: 'session.not-found' },
      });
    });
  });
});
