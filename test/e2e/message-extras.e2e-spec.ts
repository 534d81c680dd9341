import {
  type DocumentContent,
  type ImageContent,
  type MessageDetailsDto,
  ok,
  type OrderContent,
  type UpdateSettingsDto,
  type VideoContent,
} from '@app/client/client.js';
import { contentOf, type MessageOrder } from '@app/testing/message-content.js';
import type { MessageFile } from '@app/platform/events/media-content.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { mediaLeft } from '@app/testing/media-library.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import sharp from 'sharp';

interface MessageBody {
  id: string;
  messageId: string;
  chatId: string;
  type: string;
  text: string | null;
  status: string;
  content: Record<string, unknown> & { media: MessageFile };
}

interface Seen {
  id: string;
  kind: string;
  text: string | null;
  viewOnce?: boolean;
  media?: { ok: boolean | null; sizeBytes: number };
  message: Record<string, Record<string, unknown>>;
}

const STATUS = 'status@broadcast';
const base64 = (content: Buffer) => content.toString('base64');

describe('messages', () => {
  const stack = useStack({ MEDIA_MAX_BYTES: '3000000' });
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let contact: SimulatedContact;
  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    contact = await stack.simulator.aContact('reader', { retries: true });
  });

  const send = (order: object) =>
    ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', {
        ...session.at({}, { wait: 'server_ack' }),
        body: { to: contact.pn, ...order } as MessageOrder,
      }),
    );
  const refused = (order: object) => session.api.raw('POST /messages', { to: contact.pn, ...order });
  const seenBy = (account: string, messageId: string, isThere: (seen: Seen) => boolean = () => true) =>
    eventually('the contact has opened it', async () => {
      const { items } = await stack.simulator.api.ok<{ items: Seen[] }>(`GET /messages?account=${account}&full=true`);
      return items.find((seen) => seen.id === messageId && seen.media?.ok !== null && isThere(seen));
    });
  const received = (isIt: (message: MessageBody) => boolean, types = 'message.received') =>
    eventually('it has come in', async () => {
      const events = await tenant.events(types);
      return events.map(({ data }) => data.message as unknown as MessageBody).find((message) => isIt(message));
    });
  const downloaded = (messageId: string, card?: number) =>
    eventually('its file is there', async () => {
      const events = await tenant.events('message.media');
      return events.find(({ data }) => data.messageId === messageId && data.card === card)?.data.media as MessageFile;
    });
  const becomes = (id: string, isSo: (message: MessageDetailsDto) => unknown) =>
    eventually('the message is so', async () => {
      const message = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })),
      );
      return isSo(message) && message;
    });

  describe('with a picture of one’s own', () => {
    const blue = () => sharp({ create: { width: 900, height: 300, channels: 3, background: '#0000ff' } }).png();

    it.each([
      ['image', 'png', 'imageMessage', 'jpegThumbnail', 'jpeg'],
      ['video', 'mp4', 'videoMessage', 'jpegThumbnail', 'jpeg'],
      ['gif', 'gif', 'videoMessage', 'jpegThumbnail', 'jpeg'],
      ['document', 'wav', 'documentMessage', 'jpegThumbnail', 'jpeg'],
      ['sticker', 'png', 'stickerMessage', 'pngThumbnail', 'png'],
    ] as const)('show it before the %s is there', async (type, sample, field, thumbnail, format) => {
      const own = { thumbnail: { data: base64(await blue().toBuffer()) } };
      const { messageId } = await send({ type, data: base64(await sampleFiles[sample]()), ...own });
      const { message } = await seenBy(contact.pn, messageId);
      const shown = sharp(Buffer.from(String(message[field]?.[thumbnail]), 'base64'));
      const { format: found, width = 0, height = 0 } = await shown.metadata();
      expect({ found, isSmall: width <= 160, ratio: Math.round(width / height) }).toEqual({
        found: format,
        isSmall: true,
        ratio: 3,
      });
      expect((await shown.stats()).dominant).toMatchObject({ b: 248 });
    });

    it('show it with invitations', async () => {
      const own = { thumbnail: { data: base64(await blue().toBuffer()) } };
      const group = { groupId: '120363000000000001@g.us', name: 'Choir', code: 'abc' };
      const newsletter = { newsletterId: '120363000000000002@newsletter', name: 'News', caption: 'Join us' };
      const [one, two] = [
        await send({ type: 'group-invite', ...group, ...own }),
        await send({ type: 'newsletter-invite', ...newsletter, ...own }),
      ];
      const picture = { jpegThumbnail: expect.stringMatching(/^\/9j\//) as string };
      expect((await seenBy(contact.pn, one.messageId)).message.groupInviteMessage).toMatchObject(picture);
      expect((await seenBy(contact.pn, two.messageId)).message.newsletterAdminInviteMessage).toMatchObject({
        ...picture,
        newsletterName: 'News',
        caption: 'Join us',
      });
    });

    it.each<[string, object, string, string]>([
      ['words', { data: base64(Buffer.from('words')) }, 'media.wrong-kind', '/thumbnail'],
      ['nothing', {}, 'media.one-source', '/thumbnail'],
      ['a private address', { url: 'http://10.0.0.1/x.png' }, 'media.fetch-failed', '/thumbnail/url'],
    ])('refuse %s in its place', async (_, thumbnail, code, pointer) => {
      const data = base64(await sampleFiles.png(201));
      expect(await refused({ type: 'image', data, thumbnail })).toMatchObject({
        status: 400,
        body: { code, errors: [{ pointer }] },
      });
      expect(await refused({ type: 'audio', data, thumbnail })).toMatchObject({
        body: { code: 'request.invalid', errors: [{ pointer: '/thumbnail' }] },
      });
      expect(await refused({ to: '120363000000000001@newsletter', type: 'image', data, thumbnail })).toMatchObject({
        body: { code: 'message.option-refused', errors: [{ pointer: '/thumbnail' }] },
      });
    });
  });

  describe('that order', () => {
    const items = [
      { name: 'Rye bread', quantity: 2, price: 4.2, currency: 'EUR' },
      { name: 'Salt', quantity: 1, price: 1 },
    ];

    it('are counted, added up and readable', async () => {
      const sent = await send({ type: 'order', items, notes: 'By noon', message: 'My order' });
      const bill = { itemCount: 3, total: 9.4, currency: 'EUR', items, notes: 'By noon', message: 'My order' };
      expect(sent.content).toMatchObject({ ...bill, orderId: expect.stringMatching(/^\d+$/) as string });
      const message = 'My order\n\n2 × Rye bread: 8.40 EUR\n1 × Salt: 1 EUR\n\nBy noon';
      expect(sent.text).toBe(message);
      const { message: wire } = await seenBy(contact.pn, sent.messageId);
      expect(wire.orderMessage).toMatchObject({
        orderId: contentOf<OrderContent>(sent).orderId,
        itemCount: 3,
        totalAmount1000: '9400',
        totalCurrencyCode: 'EUR',
        message,
      });
    });

    it.each([
      ['another total', { total: 9 }, 'message.order-contradicts', '/total'],
      ['another count', { itemCount: 2 }, 'message.order-contradicts', '/itemCount'],
      ['another currency', { currency: 'USD' }, 'message.currencies-mixed', '/items/0/currency'],
      ['no items at all', { items: [] }, 'request.invalid', '/items'],
    ])('are refused with %s', async (_, more, code, pointer) => {
      expect(await refused({ type: 'order', items, ...more })).toMatchObject({
        status: 400,
        body: { code, errors: [{ pointer }] },
      });
    });
  });

  describe('as a status', () => {
    it.each([
      ['image', 'jpg', 'imageMessage'],
      ['video', 'mp4', 'videoMessage'],
      ['gif', 'gif', 'videoMessage'],
      ['audio', 'mp3', 'audioMessage'],
      ['voice', 'wav', 'audioMessage'],
    ] as const)('bring a file: %s', async (type, sample, field) => {
      const data = base64(await sampleFiles[sample]());
      const sent = await send({ to: STATUS, type, data, audience: [contact.pn] });
      const seen = await seenBy(contact.pn, sent.messageId);
      expect(seen).toMatchObject({
        kind: field,
        media: { ok: true, sizeBytes: contentOf<ImageContent>(sent).media.sizeBytes },
      });
    });

    it.each(['image', 'video', 'gif', 'audio', 'voice'])('come in with their file: %s', async (kind) => {
      const order = { to: 'status', kind, viewers: [phone] };
      const { id } = await stack.simulator.api.ok<{ id: string }>(`POST /accounts/${contact.pn}/media`, order);
      expect(await downloaded(id)).toMatchObject({ status: 'stored' });
      const message = await received(({ messageId }) => messageId === id, 'status.posted');
      expect(message).toMatchObject({ type: kind, chatId: STATUS, sender: { waId: contact.pn } });
    });

    it('mention people, who get it and are told', async () => {
      const other = await stack.simulator.aContact('reader');
      const order = { to: STATUS, type: 'text', text: `Hello @${other.pn}`, mentions: [other.pn] };
      const { messageId } = await send({ ...order, audience: [contact.pn] });
      for (const { pn } of [contact, other]) await seenBy(pn, messageId);
      const { xml } = await stanza(messageId);
      expect(xml).toContain(`<mentioned_users><to jid="${other.pn}@s.whatsapp.net"/></mentioned_users>`);
      const told = await received(
        ({ chatId, type }) => chatId === other.pn && type === 'status-mention',
        'message.sent',
      );
      expect(told.content).toEqual({ statusMessageId: messageId });
      const seen = await seenBy(other.pn, told.messageId);
      expect(seen.message.statusMentionMessage).toMatchObject({
        message: { protocolMessage: { type: 'STATUS_MENTION_MESSAGE', key: { id: messageId, remoteJid: STATUS } } },
      });
      expect((await stanza(told.messageId)).xml).toContain('<meta is_status_mention="true"/>');
      const mine = (await tenant.events('message.sent')).filter(({ data }) => data.message?.type === 'status-mention');
      expect(mine).toHaveLength(1);
      const [id] = await stack.simulator.send(other.pn, phone, { message: seen.message });
      const mentioned = await received((message) => message.messageId === id);
      expect(mentioned).toMatchObject({ type: 'status-mention', content: { statusMessageId: messageId } });
      expect(await refused({ ...order, mentions: ['120363000000000001@g.us'] })).toMatchObject({
        body: { code: 'message.wrong-address', errors: [{ pointer: '/mentions/0' }] },
      });
    });
  });

  it('that mention people in a status tell them once, over kill -9', async () => {
    const other = await stack.simulator.aContact('reader');
    const order = { to: STATUS, type: 'text', text: 'Hello', mentions: [other.pn], audience: [contact.pn] };
    const { messageId } = await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', { ...session.at(), body: order }),
    );
    await stack.gateway.kill();
    await stack.gateway.start();
    const told = await received(({ chatId, type }) => chatId === other.pn && type === 'status-mention', 'message.sent');
    await seenBy(other.pn, told.messageId);
    await seenBy(other.pn, messageId);
    const { items } = await stack.simulator.api.ok<{ items: Seen[] }>(`GET /messages?account=${other.pn}`);
    expect(items.filter(({ kind }) => kind === 'statusMentionMessage')).toHaveLength(1);
  });

  const stanza = (id: string, childTag?: string) => {
    const query = `account=${phone}&tag=message&direction=in&id=${id}${childTag ? `&childTag=${childTag}` : ''}`;
    return stack.simulator.api.ok<{ xml: string; seq: number }>(`GET /stanzas/wait?${query}`);
  };

  describe('that a recipient could not read', () => {
    const damageNext = () =>
      stack.simulator.api.ok('POST /faults', {
        match: { account: phone, tag: 'message', direction: 'in' },
        action: { kind: 'corrupt' },
        times: 1,
      });
    /** The stanzas of a message in order, without what differs each time. */
    const stanzas = (id: string, count: number) =>
      eventually(`it was sent ${count} times`, async () => {
        const { items } = await stack.simulator.api.ok<{ items: { attrs: Record<string, string>; xml: string }[] }>(
          `GET /stanzas?account=${phone}&tag=message&direction=in&id=${id}`,
        );
        return items.length >= count && items;
      });
    const extras = ({ attrs: { edit, type }, xml }: { attrs: Record<string, string>; xml: string }) => ({
      edit,
      type,
      nodes: /<(meta|biz).*(<\/biz>|\/>)/.exec(xml)?.[0],
    });

    it.each<[string, object]>([
      ['buttons', { type: 'buttons', text: 'Well?', buttons: [{ type: 'reply', id: 'y', label: 'Yes' }] }],
      ['poll', { type: 'poll', question: 'Fish or soup?', options: ['fish', 'soup'] }],
      ['event', { type: 'event', name: 'Dinner', startsAt: '2030-01-31T20:00:00Z' }],
    ])('come again as they were: %s', async (_, order) => {
      await damageNext();
      const { messageId } = await send(order);
      await seenBy(contact.pn, messageId);
      const [first, second] = await stanzas(messageId, 2);
      expect(extras(second!).nodes).toBeTruthy();
      expect(extras(second!)).toEqual(extras(first!));
    });

    it('come again as polls in a group', async () => {
      const group = { owner: phone, subject: 'Us', members: [contact.pn] };
      const { jid } = await stack.simulator.api.ok<{ jid: string }>('POST /groups', group);
      await send({ to: jid, type: 'text', text: 'keys' });
      await damageNext();
      const { messageId } = await send({ to: jid, type: 'poll', question: 'When?', options: ['now', 'then'] });
      await seenBy(contact.pn, messageId);
      const [first, second] = await stanzas(messageId, 2);
      expect(extras(second!)).toEqual({ ...extras(first!), nodes: '<meta polltype="creation"/>' });
    });

    it('come again as edits', async () => {
      const { id, messageId } = await send({ type: 'text', text: 'Helo' });
      await damageNext();
      const edit = await ok(
        tenant.client.PATCH('/v1/sessions/{sessionId}/messages/{messageId}', {
          ...session.at({ messageId: id }),
          body: { text: 'Hello' },
        }),
      );
      const seen = await seenBy(contact.pn, edit.messageId);
      expect(seen).toMatchObject({ target: messageId, action: 'MESSAGE_EDIT' });
      const [first, second] = await stanzas(edit.messageId, 2);
      expect(extras(second!)).toEqual({ ...extras(first!), edit: '1' });
    });

    it('come again as statuses, to whoever asks alone', async () => {
      const other = await stack.simulator.aContact('reader', { retries: true });
      await damageNext();
      const order = { to: STATUS, type: 'text', text: 'At the lake', audience: [contact.pn, other.pn] };
      const { messageId } = await send(order);
      for (const { pn } of [contact, other]) await seenBy(pn, messageId);
      const sent = await stanzas(messageId, 2);
      for (const { attrs } of sent) expect(attrs.to).toBe(STATUS);
      expect((await seenBy(other.pn, messageId)).text).toBe('At the lake');
    });
  });

  it.each([
    ['location', { latitude: 1, longitude: 1 }, 'locationMessage'],
    ['poll', { question: 'Who?', options: ['a', 'b'] }, 'pollCreationMessageV3'],
    ['contacts', { contacts: [{ name: 'Ana', phones: ['6281300000001'] }] }, 'contactMessage'],
  ])('mention people, words or not: %s', async (type, fields, field) => {
    const sent = await send({ type, ...fields, mentions: ['6281300000099'] });
    expect(sent).toMatchObject({ context: { mentions: ['6281300000099'] } });
    const { message } = await seenBy(contact.pn, sent.messageId);
    expect(message[field]?.contextInfo).toMatchObject({ mentionedJid: ['6281300000099@s.whatsapp.net'] });
  });

  it('make videos smaller, and say what documents are', async () => {
    const video = await send({ type: 'video', data: base64(sampleFiles.mp4()), compress: true });
    expect(contentOf<VideoContent>(video).media).toMatchObject({ status: 'stored', mimeType: 'video/mp4' });
    const data = base64(Buffer.from('anything'));
    const document = await send({ type: 'document', data, mimeType: 'application/x-thing', fileName: 'a.thing' });
    const { message } = await seenBy(contact.pn, document.messageId);
    expect(message.documentMessage).toMatchObject({ mimetype: 'application/x-thing', fileName: 'a.thing' });
    expect(await refused({ type: 'document', data, mimeType: 'thing' })).toMatchObject({
      body: { code: 'request.invalid', errors: [{ pointer: '/mimeType' }] },
    });
  });

  it('with a file to be seen once come in', async () => {
    const order = { to: phone, kind: 'image', viewOnce: true };
    const { id } = await stack.simulator.api.ok<{ id: string }>(`POST /accounts/${contact.pn}/media`, order);
    expect(await downloaded(id)).toMatchObject({ status: 'stored' });
    expect(await received(({ messageId }) => messageId === id)).toMatchObject({
      type: 'image',
      context: { isViewOnce: true },
    });
  });

  it.each(['pollCreationMessage', 'pollCreationMessageV2', 'pollCreationMessageV3'])(
    'come in as polls of every form: %s',
    async (field) => {
      const poll = { name: field, options: [{ optionName: 'a' }, { optionName: 'b' }], selectableOptionsCount: 1 };
      const messageContextInfo = { messageSecret: base64(Buffer.alloc(32, 3)) };
      await stack.simulator.send(contact.pn, phone, { message: { [field]: poll, messageContextInfo } });
      expect(await received(({ text }) => text === field)).toMatchObject({
        type: 'poll',
        content: { question: field, options: ['a', 'b'], maxAnswers: 1 },
      });
    },
  );

  it('go to the announcements of a community as polls of their form', async () => {
    const { api } = stack.simulator;
    const founding = { subject: 'Village', owner: phone, members: [contact.pn] };
    const { groups } = await api.ok<{ groups: { jid: string; kind: string }[] }>('POST /communities', founding);
    const to = groups.find(({ kind }) => kind === 'announcements')?.jid;
    const { messageId } = await send({ to, type: 'poll', question: 'Fete?', options: ['yes', 'no'] });
    const { message } = await seenBy(contact.pn, messageId);
    expect(message.pollCreationMessageV2).toMatchObject({ name: 'Fete?', selectableOptionsCount: 1 });
    expect((await stanza(messageId)).xml).toContain('<meta polltype="creation"/>');
  });

  it('with files go to newsletters and come from there', async () => {
    const { api } = stack.simulator;
    const { jid } = await api.ok<{ jid: string }>('POST /newsletters', { owner: phone, name: 'News' });
    const follower = stack.aPhone();
    await tenant.aPairedSession(follower);
    await api.ok(`POST /newsletters/${jid}/followers`, { pn: follower });
    for (const [type, sample] of [
      ['image', 'jpg'],
      ['video', 'mp4'],
    ] as const) {
      const post = await send({ to: jid, type, data: base64(await sampleFiles[sample]()), caption: `a ${type}` });
      const media = await downloaded(post.messageId);
      expect(media).toMatchObject({ status: 'stored', sizeBytes: contentOf<ImageContent>(post).media.sizeBytes });
      const isIt = ({ text, chatId }: MessageBody) => chatId === jid && text === `a ${type}`;
      expect(await received(isIt, 'newsletter.message')).toMatchObject({ type });
    }
  });

  describe('whose files a session does not want', () => {
    const set = (mediaDownload: UpdateSettingsDto['mediaDownload']) =>
      session.api.call('PATCH /settings', { mediaDownload });
    afterAll(() => set(null));

    it('come without them, until somebody asks', async () => {
      expect((await set(['document'])).body).toMatchObject({ mediaDownload: ['document'] });
      const give = async (kind: string) =>
        (await stack.simulator.api.ok<{ id: string }>(`POST /accounts/${contact.pn}/media`, { to: phone, kind })).id;
      const [image, document] = [await give('image'), await give('document')];
      await downloaded(document);
      const { id } = await received(({ messageId }) => messageId === image);
      expect(await becomes(id, () => true)).toMatchObject({ content: { media: { status: 'waiting' } } });
      await ok(
        tenant.client.POST('/v1/sessions/{sessionId}/messages/{messageId}/media/retry', session.at({ messageId: id })),
      );
      expect(await downloaded(image)).toMatchObject({ status: 'stored' });
      expect((await tenant.events('message.media')).filter(({ data }) => data.messageId === image)).toHaveLength(1);
    });

    it('are named by words too', async () => {
      expect((await set('none')).body).toMatchObject({ mediaDownload: 'none' });
      expect((await set('all')).body).toMatchObject({ mediaDownload: 'all' });
      expect((await set(null)).body).toMatchObject({ mediaDownload: null });
      for (const wrong of ['some', [], ['text'], 7])
        expect(await session.api.raw('PATCH /settings', { mediaDownload: wrong })).toMatchObject({
          status: 400,
          body: { code: 'request.invalid', errors: [{ pointer: '/mediaDownload' }] },
        });
    });
  });

  describe('as a form', () => {
    const post = async (fields: Record<string, string | string[]>, file?: Buffer, name = 'a.bin') => {
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(field, one);
      if (file) form.append('file', new Blob([new Uint8Array(file)]), name);
      return session.api.call('POST /messages?wait=server_ack', form);
    };
    /** Files and rows of the library, and half-done work. */
    const library = async () => {
      const { files, scratch, rows } = await mediaLeft(stack.gateway);
      return { files: files.length, rows: rows.length, scratch };
    };

    it('bring their file along', async () => {
      const mentions = [contact.pn, '6281300000099'];
      const fields = { to: contact.pn, type: 'image', caption: '{not} JSON', viewOnce: 'true', mentions };
      const { status, body } = await post(fields, await sampleFiles.jpg(11), 'shop.jpg');
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { type: 'image', text: '{not} JSON', context: { isViewOnce: true, mentions } },
      });
      const seen = await seenBy(contact.pn, body.messageId);
      expect(seen).toMatchObject({ viewOnce: true, media: { ok: true } });
      const document = await post({ to: contact.pn, type: 'document' }, Buffer.from('menu'), 'menu.txt');
      expect(contentOf<DocumentContent>(document.body).media).toMatchObject({
        fileName: 'menu.txt',
        mimeType: 'text/plain',
      });
    });

    it('do without one, with lists and objects in JSON', async () => {
      const fields = { to: contact.pn, type: 'poll', question: 'Which?', options: '["a","b"]', maxAnswers: '2' };
      expect((await post(fields)).body).toMatchObject({ content: { options: ['a', 'b'], maxAnswers: 2 } });
      const place = { location: '{"name":"Home"}', startsAt: '2030-01-31T20:00:00Z', isCanceled: 'true' };
      const event = { to: contact.pn, type: 'event', name: 'Dinner', ...place };
      expect((await post(event)).body).toMatchObject({ content: { location: { name: 'Home' }, isCanceled: true } });
    });

    it.each<[string, Record<string, string>, string, string | undefined]>([
      ['words as a picture', { type: 'image' }, 'media.wrong-kind', undefined],
      ['a file that the type does not take', { type: 'text', text: 'hi' }, 'request.invalid', '/file'],
      ['two sources', { type: 'document', url: 'https://example.com/a' }, 'media.one-source', ''],
      ['an unknown field', { type: 'document', colour: 'red' }, 'request.invalid', '/colour'],
      ['an unknown message', { type: 'document', replyTo: 'msg_none' }, 'message.not-found', undefined],
      ['what is no JSON', { type: 'document', thumbnail: '{' }, 'request.invalid', '/thumbnail'],
      ['a message id that is taken', { type: 'document', messageId: 'FORM-TAKEN' }, 'message.id-taken', undefined],
    ])('are refused with %s, and leave nothing behind', async (_, fields, code, pointer) => {
      await tenant.api.call(`POST ${session.path}/messages`, {
        to: contact.pn,
        type: 'text',
        text: 'first',
        messageId: 'FORM-TAKEN',
      });
      const before = await library();
      const { body } = await post({ to: contact.pn, ...fields }, Buffer.from(`only words ${code} ${pointer}`), 'a.txt');
      expect(body).toMatchObject({ code, ...(pointer !== undefined && { errors: [{ pointer }] }) });
      expect(await library()).toEqual(before);
      expect(before.scratch).toEqual([]);
    });

    it('are refused when they are cut off, too large, or bring two files', async () => {
      const before = await library();
      const part = (name: string, value: string, file = '') =>
        `--x\r\ncontent-disposition: form-data; name="${name}"${file && `; filename="${file}"`}\r\n\r\n${value}\r\n`;
      const fields = part('to', contact.pn) + part('type', 'document');
      const bodies: [string, number, string][] = [
        [fields + part('file', 'half', 'a').slice(0, -2), 400, 'request.malformed'],
        [`${fields + part('file', '1', 'a') + part('file', '2', 'b')}--x--\r\n`, 400, 'request.malformed'],
        [`${fields + part('file', 'x'.repeat(3_000_001), 'a')}--x--\r\n`, 413, 'media.too-large'],
        [`${fields + part('caption', 'x'.repeat(200_000))}--x--\r\n`, 400, 'request.invalid'],
        [`${fields}--x--\r\n`, 400, 'media.one-source'],
      ];
      for (const [body, status, code] of bodies) {
        const headers = { 'content-type': 'multipart/form-data; boundary=x' };
        const answer = await session.api.raw('POST /messages', body, headers);
        expect([answer.status, answer.body.code]).toEqual([status, code]);
      }
      expect(await library()).toEqual(before);
    });

    it('are the same message when they are repeated with their key', async () => {
      const send = async (words: string) => {
        const form = new FormData();
        for (const [name, value] of Object.entries({ to: contact.pn, type: 'document' })) form.set(name, value);
        form.set('file', new Blob([words]), 'same.txt');
        return (await session.api.call('POST /messages', form, { 'Idempotency-Key': 'form-1' })).body;
      };
      const [one, two, three] = [await send('same'), await send('same'), await send('other')];
      expect(two.id).toBe(one.id);
      expect(three.code).toBe('idempotency.key-reused');
    });
  });
});
