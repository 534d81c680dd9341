import { type ImageContent, ok } from '@app/client/client.js';
import { contentOf } from '@app/testing/message-content.js';
import { createHash } from 'node:crypto';
import type { MessageFile } from '@app/platform/events/media-content.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';

interface Seen {
  id: string;
  viewOnce?: boolean;
  kind: string;
  media: { mimetype: string; sizeBytes: number; sha256: string; ok: boolean | null; problem?: string };
  message: Record<string, Record<string, unknown>>;
}

const aText = expect.any(String) as string;
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('messages with files', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let contact: SimulatedContact;
  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    contact = await stack.simulator.aContact('reader');
  });

  const send = (order: object) =>
    ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', {
        ...session.at({}, { wait: 'server_ack' }),
        body: { to: contact.pn, ...order },
      }),
    );
  const seenBy = ({ pn }: SimulatedContact, { messageId }: { messageId: string }) =>
    eventually('the contact has opened it', async () => {
      const { items } = await stack.simulator.api.ok<{ items: Seen[] }>(`GET /messages?account=${pn}&full=true`);
      const seen = items.find(({ id }) => id === messageId);
      return seen?.media?.ok !== null && seen;
    });
  const content = async (mediaId: string | null): Promise<Buffer> =>
    (await tenant.api.download(`GET /v1/media/${mediaId}/content`)).body;

  const image = { mimetype: 'image/jpeg', width: 64, height: 48, jpegThumbnail: aText };
  const voice = { ptt: true, seconds: 2, mimetype: 'audio/ogg; codecs=opus', waveform: aText };
  const video = { mimetype: 'video/mp4', seconds: 2, width: 160, height: 120, jpegThumbnail: aText };
  const stickerLooks = { mimetype: 'image/webp', width: 512, height: 512 };
  it.each([
    ['image', 'jpg', { caption: 'look' }, 'imageMessage', { ...image, caption: 'look' }],
    ['video', 'mp4', { caption: 'see' }, 'videoMessage', { ...video, caption: 'see' }],
    ['gif', 'gif', {}, 'videoMessage', { ...video, gifPlayback: true }],
    ['video-note', 'mp4', {}, 'ptvMessage', { mimetype: 'video/mp4', seconds: 2, jpegThumbnail: aText }],
    ['audio', 'mp3', {}, 'audioMessage', { mimetype: 'audio/mpeg', seconds: 2 }],
    ['voice', 'mp3', {}, 'audioMessage', voice],
    ['voice', 'wav', {}, 'audioMessage', voice],
    [
      'document',
      'wav',
      { fileName: 'report.wav', caption: 'read' },
      'documentMessage',
      { fileName: 'report.wav', caption: 'read', mimetype: 'audio/wav' },
    ],
    ['sticker', 'png', {}, 'stickerMessage', stickerLooks],
    ['sticker', 'jpg', {}, 'stickerMessage', stickerLooks],
    ['sticker', 'gif', {}, 'stickerMessage', { ...stickerLooks, isAnimated: true }],
    ['sticker', 'mp4', {}, 'stickerMessage', { ...stickerLooks, isAnimated: true }],
  ] as const)('sends a %s made from %s', async (type, sample, fields, field, expected) => {
    const file = await sampleFiles[sample]();
    const sent = await send({ type, data: file.toString('base64'), ...fields });
    expect(sent).toMatchObject({ type, content: { media: { status: 'stored' } } });
    const seen = await seenBy(contact, sent);
    expect(seen.message[field]).toMatchObject(expected);
    const stored = await content(contentOf<ImageContent>(sent).media.id);
    expect(seen.media).toMatchObject({ ok: true, sizeBytes: stored.length, sha256: sha256(stored) });
    expect(contentOf<ImageContent>(sent).media).toMatchObject({ sizeBytes: stored.length });
  });

  it('sends pictures as an album, as replies, and to be seen once', async () => {
    const jpg = async (shade: number) => (await sampleFiles.jpg(shade)).toString('base64');
    const album = await send({ type: 'album', images: 2 });
    const parts = [];
    for (const shade of [30, 90])
      parts.push(await send({ type: 'image', data: await jpg(shade), albumOf: album.id, replyTo: album.id }));
    for (const part of parts) {
      const { message } = await seenBy(contact, part);
      expect(message.messageContextInfo?.messageAssociation).toMatchObject({
        associationType: 'MEDIA_ALBUM',
        parentMessageKey: { id: album.messageId },
      });
      expect(message.imageMessage?.contextInfo).toMatchObject({ stanzaId: album.messageId });
    }
    const once = await send({ type: 'image', data: await jpg(150), viewOnce: true });
    expect(await seenBy(contact, once)).toMatchObject({ viewOnce: true, media: { ok: true } });
    const refused = { to: contact.pn, type: 'image' as const, data: await jpg(30), albumOf: once.id };
    expect(await tenant.api.call(`POST ${session.path}/messages`, refused)).toMatchObject({
      status: 400,
      body: { code: 'message.not-an-album', errors: [{ pointer: '/albumOf' }] },
    });
    expect(
      await tenant.api.call(`POST ${session.path}/messages`, { to: contact.pn, type: 'album', images: 1 }),
    ).toMatchObject({ status: 400, body: { code: 'message.album-size' } });
  });

  it('sends a picture as a status', async () => {
    const data = (await sampleFiles.jpg(170)).toString('base64');
    const order = { to: 'status@broadcast', type: 'image', data, caption: 'today', audience: [contact.pn] };
    const seen = await seenBy(contact, await send(order));
    expect(seen).toMatchObject({ media: { ok: true }, message: { imageMessage: { caption: 'today' } } });
  });

  it('sends a picture to a newsletter unsealed, and to a group', async () => {
    const { api } = stack.simulator;
    const { jid } = await api.ok<{ jid: string }>('POST /newsletters', { owner: phone, name: 'News' });
    await api.ok(`POST /newsletters/${jid}/followers`, { pn: contact.pn });
    const data = (await sampleFiles.png(77)).toString('base64');
    const post = await send({ to: jid, type: 'image', data, caption: 'news' });
    const { items } = await eventually('it is posted', async () => {
      const newsletter = await api.ok<{ posts: { message?: unknown }[] }>(`GET /newsletters/${jid}`);
      return newsletter.posts.length > 0 && { items: newsletter.posts };
    });
    expect(JSON.stringify(items)).toContain('news');
    // Sealed it would be longer.
    const files = await api.ok<{ items: { sizeBytes: number }[] }>('GET /media');
    expect(files.items.at(-1)?.sizeBytes).toBe(contentOf<ImageContent>(post).media.sizeBytes);
    const group = await api.ok<{ jid: string }>('POST /groups', { owner: phone, subject: 'Us', members: [contact.pn] });
    const shared = await send({ to: group.jid, type: 'image', data });
    expect((await seenBy(contact, shared)).media).toMatchObject({ ok: true });
  });

  it.each([
    ['image', 'image', { caption: 'look' }],
    ['video', 'video', { caption: 'see' }],
    ['gif', 'gif', {}],
    ['videoNote', 'video-note', {}],
    ['audio', 'audio', {}],
    ['voice', 'voice', {}],
    ['document', 'document', { fileName: 'big.bin', sizeBytes: 300_000 }],
    ['sticker', 'sticker', {}],
  ])('receives %s as %s and has its file downloaded', async (kind, type, fields) => {
    const order = { to: phone, kind, ...fields };
    const { id } = await stack.simulator.api.ok<{ id: string }>(`POST /accounts/${contact.pn}/media`, order);
    const event = await eventually('the file is there', async () => {
      const events = await tenant.events('message.media');
      return events.find(({ data }) => data.messageId === id);
    });
    const { media, link } = event.data as { media: MessageFile; link: string };
    expect(media).toMatchObject({ status: 'stored', id: expect.stringMatching(/^med_/) as string });
    const original = Buffer.from(await (await fetchFile(`/accounts/${contact.pn}/media/${id}`)).arrayBuffer());
    const stored = await content(media.id);
    expect(sha256(stored)).toBe(sha256(original));
    const linked = await fetch(new URL(link, tenant.api.url));
    expect(sha256(Buffer.from(await linked.arrayBuffer()))).toBe(sha256(original));
    const message = await ok(
      tenant.client.GET(
        '/v1/sessions/{sessionId}/messages/{messageId}',
        session.at({ messageId: event.data.id as string }),
      ),
    );
    expect(message).toMatchObject({ type, content: { media }, text: (fields as { caption?: string }).caption ?? null });
    const received = (await tenant.events('message.received')).find(({ data }) => data.message?.messageId === id);
    expect(received?.data.message).toMatchObject({ type, content: { media: { status: 'waiting', id: null } } });
  });

  const fetchFile = (path: string) =>
    fetch(stack.simulator.api.url + path, { headers: { authorization: `Bearer ${stack.simulator.api.token}` } });
});
