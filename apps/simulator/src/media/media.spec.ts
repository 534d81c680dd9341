import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { downloadMediaMessage, normalizeMessageContent } from '@whiskeysockets/baileys';
import type { AnyMessageContent, WAMessage } from '@whiskeysockets/baileys';
import { parseBuffer } from 'music-metadata';
import sharp from 'sharp';
import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';
import { mediaKinds } from './media-message.js';
import type { MediaKind } from './media-message.js';
import { mp4 } from './samples/mp4.js';
import { voiceRecording } from './samples/ogg-opus.js';
import { photo, sticker } from './samples/pictures.js';
import { tone } from './samples/wav.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('media', () => {
  const world = useSimulator({ seed: 'media' });
  let me: BaileysClient;
  let friend: { pn: string; jid: string };
  const download = (message: WAMessage): Promise<Buffer> =>
    downloadMediaMessage(message, 'buffer', { options: me.media.config.options ?? {} });

  beforeAll(async () => {
    me = await world.aClient().pair(world.aNumber());
    const { pn } = await world.aContact({ behaviour: 'reader' });
    friend = { pn, jid: `${pn}@s.whatsapp.net` };
  });

  async function send(content: AnyMessageContent): Promise<WAMessage> {
    const sent = await me.socket.sendMessage(friend.jid, content);
    if (!sent) throw new Error('not sent');
    return sent;
  }
  async function arrives(kind: MediaKind, order: object = {}): Promise<WAMessage> {
    const { status, body } = await world.post(`/accounts/${friend.pn}/media`, { to: me.pn, kind, ...order });
    expect(status).toBe(202);
    return me.until(() => me.upserts.find(({ message }) => message.key.id === body.id)?.message);
  }
  /** The file a message speaks of, whatever it is wrapped in. */
  function fileOf({ message }: WAMessage) {
    const content = normalizeMessageContent(message) ?? {};
    const file =
      content.imageMessage ??
      content.videoMessage ??
      content.ptvMessage ??
      content.audioMessage ??
      content.documentMessage ??
      content.stickerMessage;
    if (!file) throw new Error('no file');
    return file;
  }

  const wav = Buffer.concat([...tone('test')]);
  const film = Buffer.concat([...mp4('test')]);
  const sendable: [string, string, (bytes: Buffer) => AnyMessageContent, () => Buffer | Promise<Buffer>][] = [
    ['image', 'imageMessage', (image) => ({ image, caption: 'a picture' }), () => photo('test', 64, 64)],
    ['video', 'videoMessage', (video) => ({ video, caption: 'a film' }), () => film],
    ['gif', 'videoMessage', (video) => ({ video, gifPlayback: true }), () => film],
    ['video note', 'ptvMessage', (video) => ({ video, ptv: true }), () => film],
    ['audio', 'audioMessage', (audio) => ({ audio, mimetype: 'audio/wav' }), () => wav],
    ['voice', 'audioMessage', (audio) => ({ audio, ptt: true }), () => voiceRecording('test', 1)],
    ['document', 'documentMessage', (document) => ({ document, mimetype: 'text/plain' }), () => randomBytes(5000)],
    ['sticker', 'stickerMessage', (sticker) => ({ sticker }), () => sticker('test')],
    ['image for one look', 'imageMessage', (image) => ({ image, viewOnce: true }), () => photo('once', 64, 64)],
  ];

  it.each(sendable)('a client sends a %s and the receiver opens it', async (_name, kind, content, bytes) => {
    const plain = await bytes();
    const { key } = await send(content(plain));
    const { media, ...message } = await world.fileSeen(friend.pn, key.id ?? '');
    expect(message.kind).toBe(kind);
    expect(media).toMatchObject({ ok: true, sizeBytes: plain.length, sha256: sha256(plain) });
  });

  it('a client streams a large document', async () => {
    const chunk = randomBytes(1024 * 1024);
    const parts = Array<Buffer>(20).fill(chunk);
    const stream = Readable.from(parts);
    const { key } = await send({ document: { stream }, mimetype: 'application/zip', fileName: 'large.zip' });
    const { media } = await world.fileSeen(friend.pn, key.id ?? '');
    expect(media).toMatchObject({ ok: true, sizeBytes: 20 * 1024 * 1024, sha256: sha256(Buffer.concat(parts)) });
  });

  it.each(mediaKinds)('a person sends %s and the client downloads it by url and by path', async (kind) => {
    const message = await arrives(kind, { caption: `look: ${kind}` });
    const file = fileOf(message);
    const bytes = await download(message);
    expect(bytes.length).toBe(Number(file.fileLength));
    expect(sha256(bytes)).toBe(Buffer.from(file.fileSha256 ?? []).toString('hex'));
    file.url = '';
    expect((await download(message)).equals(bytes)).toBe(true);
  });

  it('a person sends what can be seen once, and large files', async () => {
    const once = await arrives('image', { viewOnce: true });
    expect(once.message?.viewOnceMessageV2?.message?.imageMessage?.viewOnce).toBe(true);
    expect((await download(once)).length).toBeGreaterThan(100);
    const heard = await arrives('voice', { viewOnce: true });
    expect(heard.message?.viewOnceMessageV2Extension?.message?.audioMessage?.ptt).toBe(true);
    const large = await arrives('document', { sizeBytes: 5_000_000, fileName: 'large.bin', caption: 'large' });
    expect(fileOf(large)).toMatchObject({ fileName: 'large.bin', caption: 'large' });
    expect((await download(large)).length).toBe(5_000_000);
    expect(fileOf(await arrives('video', { sizeBytes: 100_000 })).fileLength).toMatchObject({ low: 100_000 });
  });

  it.each([
    ['image', 'image/jpeg', () => photo('mine', 200, 100)],
    ['video', 'video/mp4', () => film],
    ['voice', 'audio/ogg; codecs=opus', () => voiceRecording('mine', 1)],
    ['document', 'text/plain', () => Buffer.from('my own words')],
    ['sticker', 'image/webp', () => sticker('mine')],
  ] as const)('sends an own %s, and shows it to who looks for it later', async (kind, mimetype, bytes) => {
    const content = Buffer.from(await bytes());
    const own = { contentBase64: content.toString('base64'), mimetype, fileName: 'mine.txt' };
    const message = await arrives(kind, own);
    expect(fileOf(message)).toMatchObject({ mimetype });
    expect(await download(message)).toEqual(content);
    // The receiver has a copy for linked clients; the sender, without any, downloads it again.
    for (const pn of [friend.pn, me.pn]) {
      const headers = { authorization: `Bearer ${world.simulator.token}` };
      const shown = await fetch(`${world.simulator.url}/accounts/${pn}/media/${message.key.id}`, { headers });
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, mimetype]);
      expect(Buffer.from(await shown.arrayBuffer())).toEqual(content);
    }
  });

  it('shows no file that never came, was deleted or cannot be downloaded any more', async () => {
    const message = await arrives('document');
    const id = message.key.id ?? '';
    await world.fileSeen(me.pn, id);
    const read = (pn: string, which: string) => world.get(`/accounts/${pn}/media/${which}`);
    // The sender has read it by now.
    await read(friend.pn, id);
    await world.post('/media/expire', {});
    expect(await read(friend.pn, id)).toMatchObject({ code: 'media.gone' });
    expect(await read(friend.pn, 'NEVER')).toMatchObject({ code: 'media.unknown' });
    await world.remove(`/accounts/${me.pn}/media/${id}`);
    expect(await read(me.pn, id)).toMatchObject({ code: 'media.unknown' });
  });

  it('sends what other programs can open', async () => {
    expect(await sharp(await photo('a', 320, 240)).metadata()).toMatchObject({ format: 'jpeg', width: 320 });
    expect(await sharp(await sticker('a')).metadata()).toMatchObject({ format: 'webp', width: 512, hasAlpha: true });
    const [video, voice, audio] = [film, voiceRecording('hello', 2), wav].map((bytes) => parseBuffer(bytes));
    expect((await video)?.format).toMatchObject({
      container: expect.stringContaining('isom') as string,
      hasVideo: true,
    });
    expect(await voice).toMatchObject({ format: { codec: 'Opus', duration: 2 }, common: { title: 'hello' } });
    expect((await audio)?.format).toMatchObject({ container: 'WAVE', sampleRate: 8000, duration: 1 });
  });

  it.each([
    ['imageSender', 'imageMessage'],
    ['videoSender', 'videoMessage'],
    ['voiceSender', 'audioMessage'],
    ['documentSender', 'documentMessage'],
    ['stickerSender', 'stickerMessage'],
  ] as const)('%s answers each text', async (behaviour, kind) => {
    const { pn } = await world.aContact({ behaviour });
    await me.sendText(pn, `to ${behaviour}`);
    const { message } = await me.until(() =>
      me.upserts.find((one) => !one.message.key.fromMe && one.message.key.remoteJid?.startsWith(pn)),
    );
    expect(normalizeMessageContent(message.message)?.[kind]).toBeTruthy();
    expect((await download(message)).length).toBe(Number(fileOf(message).fileLength));
  });

  it('records what could not be opened', async () => {
    // The sender's own phone downloads it as well.
    await world.post('/media/faults', { match: { direction: 'download' }, action: { kind: 'truncated' }, times: 2 });
    const cut = await send({ document: randomBytes(100_000), mimetype: 'text/plain' });
    expect((await world.fileSeen(friend.pn, cut.key.id ?? '')).media).toMatchObject({ ok: false });
    const fault = { match: { direction: 'download' }, action: { kind: 'status', code: 404 }, times: 2 };
    await world.post('/media/faults', fault);
    const lost = await send({ document: randomBytes(100), mimetype: 'text/plain' });
    const { media } = await world.fileSeen(friend.pn, lost.key.id ?? '');
    expect(media).toMatchObject({ ok: false, problem: 'the media server answers 404' });
  });

  it('a client tries again with new leave when an upload is refused', async () => {
    await world.post('/media/faults', {
      match: { direction: 'upload' },
      action: { kind: 'status', code: 500 },
      times: 1,
    });
    await expect(send({ image: await photo('x', 8, 8) })).rejects.toThrow('Media upload failed on all hosts');
    await expect(send({ image: await photo('x', 8, 8) })).resolves.toBeTruthy();
  });

  describe('that has expired', () => {
    async function expired(): Promise<WAMessage> {
      const message = await arrives('image');
      await world.fileSeen(me.pn, message.key.id ?? '');
      await world.post('/media/expire', {});
      await expect(download(message)).rejects.toMatchObject({ output: { statusCode: 410 } });
      return message;
    }

    it('is uploaded again by the own phone when a client asks', async () => {
      const message = await expired();
      const before = fileOf(message).directPath;
      const updated = await me.socket.updateMediaMessage(message);
      expect(fileOf(updated).directPath).not.toBe(before);
      expect(sha256(await download(updated))).toBe(Buffer.from(fileOf(updated).fileSha256 ?? []).toString('hex'));
      const isIts = ({ key }: { key: { id?: string | null } }) => key.id === message.key.id;
      const [update] = await me.event('messages.media-update', (updates) => updates.some(isIts));
      expect(update?.media?.ciphertext.length).toBeGreaterThan(20);
    });

    it('is lost when the phone has deleted it, or never had it', async () => {
      const message = await expired();
      expect((await world.remove(`/accounts/${me.pn}/media/${message.key.id}`)).status).toBe(204);
      expect((await world.remove(`/accounts/${me.pn}/media/${message.key.id}`)).status).toBe(404);
      await expect(me.socket.updateMediaMessage(message)).rejects.toMatchObject({ output: { statusCode: 404 } });
      const unknown = { ...message, key: { ...message.key, id: 'NEVER' } };
      await expect(me.socket.updateMediaMessage(unknown)).rejects.toMatchObject({ output: { statusCode: 404 } });
    });

    it('is not handed out to who does not have its key', async () => {
      const message = await expired();
      const file = fileOf(message);
      file.mediaKey = randomBytes(32);
      await expect(me.socket.updateMediaMessage(message)).rejects.toMatchObject({ output: { statusCode: 412 } });
    });
  });

  it.each([
    [{ kind: 'image', sizeBytes: 5 }, 'media.size'],
    [{ kind: 'sticker', viewOnce: true }, 'media.view-once'],
    [{ kind: 'hologram' }, 'request.invalid'],
    [{ kind: 'image', contentBase64: 'AAAA' }, 'request.invalid'],
    [{ kind: 'image', contentBase64: 'AAAA', mimetype: 'image/png' }, 'media.unreadable'],
    [{ kind: 'document', contentBase64: 'AAAA', mimetype: 'a/b', sizeBytes: 5 }, 'media.size'],
    [{ kind: 'document', sizeBytes: 0 }, 'request.invalid'],
    [{ kind: 'image', to: '999999' }, 'account.unknown'],
  ])('refuses to send %j', async (order, code) => {
    const { status, body } = await world.post(`/accounts/${friend.pn}/media`, { to: me.pn, ...order });
    expect([status >= 400 && status < 500, body.code]).toEqual([true, code]);
  });

  it.each([
    ['/media/expire', { path: '/v/nothing' }, 'media.unknown'],
    ['/media/faults', { action: { kind: 'slow' } }, 'request.invalid'],
    ['/media/faults', { action: { kind: 'status', code: 200 } }, 'request.invalid'],
  ])('refuses POST %s %j', async (path, order, code) => {
    expect((await world.post(path, order)).body.code).toBe(code);
  });

  it('lists and ends faults, lists files, and forgets both with a reset', async () => {
    const { body } = await world.post<{ id: string }>('/media/faults', { action: { kind: 'timeout' } });
    const { items: faults } = await world.get<{ items: object[] }>('/media/faults');
    expect(faults.at(-1)).toMatchObject({ id: body.id, hits: 0 });
    expect((await world.remove(`/media/faults/${body.id}`)).status).toBe(204);
    expect((await world.remove(`/media/faults/${body.id}`)).body).toMatchObject({ code: 'fault.unknown' });
    await arrives('sticker');
    const { items } = await world.get<{ items: object[] }>('/media');
    expect(items.at(-1)).toMatchObject({ type: 'sticker' });
    await world.post('/reset', {});
    expect(await world.get('/media')).toEqual({ items: [] });
  });
});
