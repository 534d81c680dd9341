import { type ImageContent, ok } from '@app/client/client.js';
import { contentOf } from '@app/testing/message-content.js';
import { createHash, createHmac } from 'node:crypto';
import type { EventBody, GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { eventually } from '@app/testing/eventually.js';
import { LocalReceiver, type ReceivedRequest } from '@app/testing/local-receiver.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import { Webhook } from 'standardwebhooks';

const SECRET = 'shared-with-the-receiver';
const hmac = ({ body }: ReceivedRequest) => createHmac('sha256', SECRET).update(body).digest('hex');
const parsed = <T>({ body }: ReceivedRequest) => JSON.parse(body) as T;
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('webhooks that speak like other gateways', () => {
  const stack = useStack({ WEBHOOK_MEDIA_MAX_BYTES: '100000' });
  const receiver = new LocalReceiver();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let contact: SimulatedContact;
  beforeAll(async () => {
    await receiver.start();
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    contact = await stack.simulator.aContact('reader');
  });
  afterAll(() => receiver.stop());

  async function aHook(path: string, settings: object): Promise<string> {
    const order = { url: receiver.url(path), ...settings };
    return (await ok(tenant.client.POST('/v1/webhooks', { body: order }))).secret;
  }
  const at = (path: string, what: string, fits: (request: ReceivedRequest) => boolean) =>
    eventually(`${what} at ${path}`, () =>
      receiver.requests.find((request) => request.path === path && request.body.startsWith('{') && fits(request)),
    );
  const says = (words: string) => (request: ReceivedRequest) => request.body.includes(words);
  const write = (text: string) => stack.simulator.send(contact.pn, phone, { text });
  const sendFile = (caption: string, more: object = {}) =>
    stack.simulator.api.ok<{ id: string }>(`POST /accounts/${contact.pn}/media`, {
      to: phone,
      kind: 'image',
      caption,
      ...more,
    });
  /** The file as the library has it. */
  async function stored(caption: string): Promise<Buffer> {
    const { items } = await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at()));
    const files = items.filter(({ type }) => type !== 'text').map((item) => contentOf<ImageContent>(item));
    const id = files.find((file) => file.caption === caption)?.media.id;
    return (await tenant.api.download(`GET /v1/media/${id}/content`)).body;
  }
  const linked = async (link: string) =>
    Buffer.from(await (await fetch(new URL(link, `${tenant.api.url}/`))).arrayBuffer());

  it('gowa', async () => {
    await aHook('/gowa', { format: 'gowa', secret: SECRET });
    await write('for gowa');
    const request = await at('/gowa', 'the message', says('for gowa'));
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${hmac(request)}`,
    });
    expect(request.headers).not.toHaveProperty('webhook-signature');
    expect(parsed(request)).toMatchObject({
      event: 'message',
      device_id: `${phone}@s.whatsapp.net`,
      payload: { body: 'for gowa', chat_id: `${contact.pn}@s.whatsapp.net`, from_lid: `${contact.lid}@lid` },
    });

    await sendFile('a picture for gowa');
    const picture = await at('/gowa', 'the picture', says('a picture for gowa'));
    const { payload } = parsed<{ payload: { image: { url: string; caption: string } } }>(picture);
    expect(payload.image.caption).toBe('a picture for gowa');
    expect(sha256(await linked(payload.image.url))).toBe(sha256(await stored('a picture for gowa')));

    const { messageId } = await session.send(contact.pn, 'read this', { wait: true });
    const ack = await at('/gowa', 'the receipt', (got) => says('message.ack')(got) && says('"read"')(got));
    expect(parsed(ack)).toMatchObject({ event: 'message.ack', payload: { ids: [messageId], receipt_type: 'read' } });
    // What it has no name for counts as delivered, and is not sent.
    const events = receiver.requests.filter(({ path }) => path === '/gowa').map((got) => parsed<EventBody>(got));
    expect(events.filter((event) => 'type' in event)).toEqual([]);
  });

  it('digigo, with files as bytes', async () => {
    await aHook('/digigo', { format: 'digigo', media: 'base64', secret: SECRET });
    await sendFile('a picture for digigo');
    const request = await at('/digigo', 'the picture', says('a picture for digigo'));
    expect(request.headers['x-hmac-signature']).toBe(hmac(request));
    const told = parsed<{ base64: string; s3: { url: string } }>(request);
    expect(told).toMatchObject({
      type: 'Message',
      userID: session.id,
      instanceName: 'Sales',
      mimeType: 'image/jpeg',
      event: {
        Info: { Chat: `${contact.pn}@s.whatsapp.net`, IsFromMe: false, Type: 'media' },
        Message: { imageMessage: { caption: 'a picture for digigo' } },
      },
    });
    const file = await stored('a picture for digigo');
    expect(told.base64).toBe(file.toString('base64'));
    expect(sha256(await linked(told.s3.url))).toBe(sha256(file));

    await session.send(contact.pn, 'an echo', { wait: true });
    const echo = await at('/digigo', 'the echo', says('an echo'));
    expect(parsed(echo)).toMatchObject({ type: 'Message', event: { Info: { IsFromMe: true, IsFromAPI: true } } });
  });

  it('wa-akg, without files', async () => {
    await aHook('/wa-akg', { format: 'wa-akg', media: 'none', secret: SECRET });
    await sendFile('a picture for wa-akg');
    const request = await at('/wa-akg', 'the picture', says('a picture for wa-akg'));
    expect(request.headers['x-webhook-signature']).toBe(`sha256=${hmac(request)}`);
    expect(parsed(request)).toMatchObject({
      event: 'message.received',
      sessionId: session.id,
      data: { chatType: 'PERSONAL', type: 'IMAGE', caption: 'a picture for wa-akg', fileUrl: null },
    });
  });

  it('says what it was asked to say, to try it', async () => {
    const { items } = await ok(tenant.client.GET('/v1/webhooks'));
    for (const { id } of items) await ok(tenant.client.POST('/v1/webhooks/{id}/test', { params: { path: { id } } }));
    expect(parsed(await at('/gowa', 'the test', says('"test"')))).toMatchObject({ event: 'test' });
    expect(parsed(await at('/digigo', 'the test', says('TestEvent')))).toMatchObject({ type: 'TestEvent' });
    expect(parsed(await at('/wa-akg', 'the test', says('"test"')))).toMatchObject({ event: 'test' });
  });

  it('brings files in events of our own as bytes, or not at all', async () => {
    const secret = await aHook('/bytes', { media: 'base64', types: ['message.media'] });
    await aHook('/none', { media: 'none', types: ['message.media'] });
    await aHook('/link', { types: ['message.media'] });
    const { id } = await sendFile('a small one', { kind: 'document', sizeBytes: 5000 });
    const isMedia = says(id);
    const bytes = await at('/bytes', 'the file', isMedia);
    new Webhook(secret).verify(bytes.body, bytes.headers as Record<string, string>);
    const file = await stored('a small one');
    expect(parsed<EventBody>(bytes).data.base64).toBe(file.toString('base64'));
    expect(parsed<EventBody>(await at('/none', 'the file', isMedia)).data).toMatchObject({ link: null });
    const { data } = parsed<EventBody>(await at('/link', 'the file', isMedia));
    expect(data).not.toHaveProperty('base64');
    expect(sha256(await linked(data.link as string))).toBe(sha256(file));

    const large = await sendFile('a large one', { kind: 'document', sizeBytes: 200_000 });
    expect(parsed<EventBody>(await at('/bytes', 'the large file', says(large.id))).data).toMatchObject({
      base64: null,
      link: expect.any(String) as string,
      media: { status: 'stored' },
    });
  });
});
