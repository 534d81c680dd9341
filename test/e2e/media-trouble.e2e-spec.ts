import { type ImageContent, ok } from '@app/client/client.js';
import { contentOf, type MessageOrder } from '@app/testing/message-content.js';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MessageFile } from '@app/platform/events/media-content.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { mediaLeft } from '@app/testing/media-library.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import sharp from 'sharp';

describe('files of messages in trouble', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let contact: SimulatedContact;
  let other: SimulatedContact;
  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    contact = await stack.simulator.aContact('reader');
    other = await stack.simulator.aContact('reader');
  });
  afterEach(() => stack.simulator.api.ok('DELETE /media/faults'));

  const send = async (order: Partial<MessageOrder>) => {
    const body = { to: contact.pn, ...order } as MessageOrder;
    const answer = await session.api.call('POST /messages', body);
    expect(answer.status).toBe(202);
    return answer.body;
  };
  const get = (id: string) =>
    ok(tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })));
  const becomes = (id: string, status: string) =>
    eventually(`${id} is ${status}`, async () => {
      const message = await get(id);
      return message.status === status && message;
    });
  const fault = (match: object, action: object, times?: number) =>
    stack.simulator.api.ok('POST /media/faults', { match, action, ...(times && { times }) });
  const seenBy = async ({ pn }: SimulatedContact) =>
    (await stack.simulator.messages(pn)).filter(({ repeat }) => !repeat).map(({ id }) => id);
  const picture = async (shade: number) => (await sampleFiles.jpg(shade)).toString('base64');

  describe('on the way out', () => {
    it('lets nothing overtake a file in its chat, while other chats go on', async () => {
      await fault({ direction: 'upload' }, { kind: 'slow', bytesPerSec: 400 });
      const file = await send({ type: 'image', data: await picture(20) });
      const behind = await send({ type: 'text', text: 'behind the picture' });
      const elsewhere = await send({ to: other.pn, type: 'text', text: 'in another chat' });
      await becomes(elsewhere.id, 'read');
      expect([(await get(file.id)).status, (await get(behind.id)).status]).toEqual(['pending', 'pending']);
      await becomes(behind.id, 'read');
      const order = (await seenBy(contact)).filter((id) => [file.messageId, behind.messageId].includes(id));
      expect(order).toEqual([file.messageId, behind.messageId]);
    });

    it('tries an upload again that fails, and sends under the same id', async () => {
      await fault({ direction: 'upload' }, { kind: 'status', code: 500 }, 3);
      const { id, messageId } = await send({ type: 'image', data: await picture(60) });
      expect((await becomes(id, 'read')).messageId).toBe(messageId);
    });

    it('uploads a file once, however many it is sent to', async () => {
      const uploads = async () => (await stack.simulator.api.ok<{ items: unknown[] }>('GET /media')).items.length;
      const before = await uploads();
      const first = await send({ type: 'image', data: await picture(100) });
      const mediaId = contentOf<ImageContent>(first).media.id!;
      const more = await Promise.all([contact, other].map(({ pn: to }) => send({ to, type: 'image', mediaId })));
      for (const { id } of [first, ...more]) await becomes(id, 'read');
      expect((await uploads()) - before).toBe(1);
    });

    it('fails with a code when the file is deleted before it is uploaded, and sends what waited behind it', async () => {
      await fault({ direction: 'upload' }, { kind: 'status', code: 500 });
      const file = await send({ type: 'image', data: await picture(140) });
      const behind = await send({ type: 'text', text: 'after all' });
      await ok(
        tenant.client.DELETE('/v1/media/{id}', { params: { path: { id: contentOf<ImageContent>(file).media.id! } } }),
      );
      expect((await becomes(file.id, 'failed')).errorCode).toMatch(/^media\.(not-found|gone)$/);
      await becomes(behind.id, 'read');
    });
  });

  describe('on the way in', () => {
    const receive = async (kind: string, fields: object = {}) => {
      const order = { to: phone, kind, ...fields };
      const { id } = await stack.simulator.api.ok<{ id: string }>(`POST /accounts/${contact.pn}/media`, order);
      return id;
    };
    const told = (messageId: string, count = 1) =>
      eventually('the event is there', async () => {
        const events = (await tenant.events('message.media')).filter(({ data }) => data.messageId === messageId);
        return events.length >= count && (events.at(-1)?.data as { id: string; media: MessageFile });
      });
    const file = (id: string) => session.api.download(`GET /messages/${id}/media`);

    it('downloads again what broke off', async () => {
      await fault({ direction: 'download', type: 'document' }, { kind: 'truncated' }, 1);
      const { media } = await told(await receive('document', { sizeBytes: 200_000, fileName: 'once.bin' }));
      expect(media).toMatchObject({ status: 'stored', sizeBytes: 200_000 });
    });

    it('has the phone upload again what WhatsApp has forgotten', async () => {
      await fault({ direction: 'download', type: 'audio' }, { kind: 'status', code: 410 }, 1);
      const { media } = await told(await receive('audio'));
      expect(media).toMatchObject({ status: 'stored' });
    });

    it('says when a file is not to be had, and tries again when it is asked to', async () => {
      await stack.simulator.kick(phone, 'closeSocket');
      await fault({ direction: 'download', type: 'video' }, { kind: 'status', code: 404 });
      const messageId = await receive('video');
      await stack.simulator.api.ok(`DELETE /accounts/${phone}/media/${messageId}`).catch(() => undefined);
      const { id, media } = await told(messageId);
      expect(media).toMatchObject({ status: 'failed', errorCode: 'media.gone', id: null });
      expect(await session.api.call(`GET /messages/${id}/media`)).toMatchObject({
        status: 409,
        body: { code: 'media.failed' },
      });
      await stack.simulator.api.ok('DELETE /media/faults');
      const again = await tenant.api.call(`POST ${session.path}/messages/${id}/media/retry`);
      expect(again).toMatchObject({ status: 202, body: { content: { media: { status: 'waiting' } } } });
      expect((await told(messageId, 2)).media).toMatchObject({ status: 'stored' });
    });

    it('serves the file of a message, and gets it back when the library has lost it', async () => {
      const messageId = await receive('image');
      const { id, media } = await told(messageId);
      const first = await file(id);
      expect(first.headers.get('content-type')).toBe(media.mimeType);
      await ok(tenant.client.DELETE('/v1/media/{id}', { params: { path: { id: media.id! } } }));
      expect(await session.api.call(`GET /messages/${id}/media`)).toMatchObject({
        status: 409,
        body: { code: 'media.not-ready' },
      });
      await told(messageId, 2);
      const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');
      expect(hash((await file(id)).body)).toBe(hash(first.body));
    });

    it('knows no file of a text, nor of a message of somebody else', async () => {
      const { id } = await session.send(contact.pn, 'just words');
      expect(await tenant.api.call(`GET ${session.path}/messages/${id}/media`)).toMatchObject({
        status: 404,
        body: { code: 'message.no-file' },
      });
      const stranger = await stack.gateway.aTenant();
      expect(await stranger.api.call(`GET ${session.path}/messages/${id}/media`)).toMatchObject({ status: 404 });
      expect(await stranger.api.call(`POST ${session.path}/messages/${id}/media/retry`)).toMatchObject({ status: 404 });
    });
  });

  describe('that are refused', () => {
    /** A server that promises a gigabyte. */
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 1_073_741_824, 'content-type': 'image/png' });
      response.write('x');
    });
    let url: string;
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/huge.png`;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });
    const bomb = () =>
      sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'black' } })
        .png({ compressionLevel: 6 })
        .toBuffer();
    const text = Buffer.from('these are words').toString('base64');
    it.each<[string, () => object | Promise<object>, number, string]>([
      ['a text as a picture', () => ({ type: 'image', data: text }), 400, 'media.wrong-kind'],
      ['a picture as a voice note', async () => ({ type: 'voice', data: await picture(1) }), 400, 'media.wrong-kind'],
      ['an empty file', () => ({ type: 'document', data: 'data:;base64,' }), 400, 'media.empty'],
      [
        'a bomb',
        async () => ({ type: 'image', data: (await bomb()).toString('base64') }),
        400,
        'media.too-many-pixels',
      ],
      ['a gigabyte', () => ({ type: 'image', url }), 413, 'media.too-large'],
      ['an unreachable URL', () => ({ type: 'image', url: 'http://127.0.0.1:9/x.png' }), 400, 'media.fetch-failed'],
      ['no source', () => ({ type: 'image' }), 400, 'media.one-source'],
      ['two sources', () => ({ type: 'image', data: text, mediaId: 'med_x' }), 400, 'media.one-source'],
      ["somebody else's file", () => ({ type: 'image', mediaId: 'med_unknown' }), 404, 'media.not-found'],
      [
        'a caption of 5 000 characters',
        () => ({ type: 'image', data: text, caption: 'x'.repeat(5000) }),
        400,
        'request.invalid',
      ],
    ])('refuses %s, and nothing is left of it', async (_, order, status, code) => {
      const messages = () => ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { limit: 1 })));
      const [left, newest] = [await mediaLeft(stack.gateway), await messages()];
      const answer = await session.api.raw('POST /messages', { to: contact.pn, ...(await order()) });
      expect(answer).toMatchObject({ status, body: { code, detail: expect.stringMatching(/\w+ \w+/) as string } });
      expect(await mediaLeft(stack.gateway)).toEqual(left);
      expect((await messages()).items).toEqual(newest.items);
    });
  });
});
