import type { MessageOrder } from '@app/testing/message-content.js';
import { ok } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { LocalReceiver } from '@app/testing/local-receiver.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import sharp from 'sharp';

interface MessageBody {
  id: string;
  messageId: string;
  chatId: string;
  type: string;
  status: string;
  errorCode: string | null;
  text: string | null;
  content: Record<string, unknown> | null;
  context: Record<string, unknown> | null;
}

type Wire = Record<string, Record<string, unknown> & { contextInfo?: Record<string, unknown> }>;

describe('how and where messages are sent', () => {
  const stack = useStack();
  const web = new LocalReceiver();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let contact: SimulatedContact;
  let phone: string;

  beforeAll(async () => {
    await web.start();
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    contact = await stack.simulator.aContact('reader');
  });
  afterAll(() => web.stop());

  const send = (order: object) => {
    const body = order as MessageOrder;
    return ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', { ...session.at({}, { wait: 'server_ack' }), body }),
    );
  };
  const refusal = (body: object) => session.api.raw('POST /messages', body);
  const seen = (messageId: string, account = contact.pn) =>
    eventually(`${account} has ${messageId}`, async () => {
      const path = `GET /messages?account=${account}&full=true`;
      const { items } = await stack.simulator.api.ok<{ items: { id: string; message: Wire }[] }>(path);
      return items.find(({ id }) => id === messageId)?.message;
    });
  const received = (fits: (message: MessageBody) => boolean) =>
    eventually('the message is here', async () => {
      const { items } = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { limit: 100 })),
      );
      return items.find(fits);
    });

  describe('options', () => {
    it('answers with the text and sender of what it answers', async () => {
      const question = await send({ to: contact.pn, type: 'poll', question: 'Where?', options: ['here', 'there'] });
      const answer = await send({ to: contact.pn, type: 'text', text: 'here', replyTo: question.messageId });
      expect(answer.context).toEqual({
        quoted: { messageId: question.messageId, senderId: phone, text: 'Where?' },
      });
      const { extendedTextMessage } = await seen(answer.messageId);
      expect(extendedTextMessage?.contextInfo).toMatchObject({
        stanzaId: question.messageId,
        participant: `${phone}@s.whatsapp.net`,
        quotedMessage: { pollCreationMessageV3: { name: 'Where?' } },
      });
    });

    it('forwards, disappears and mentions', async () => {
      const options = { isForwarded: true, expirationSeconds: 86_400, mentions: [`+${contact.pn}`] };
      const sent = await send({ to: contact.pn, type: 'text', text: `hi @${contact.pn}`, ...options });
      expect(sent.context).toEqual({ isForwarded: true, expirationSeconds: 86_400, mentions: [contact.pn] });
      expect((await seen(sent.messageId)).extendedTextMessage?.contextInfo).toMatchObject({
        isForwarded: true,
        expiration: 86_400,
        mentionedJid: [`${contact.pn}@s.whatsapp.net`],
      });
    });

    it('disappears as the chat says, unless told otherwise', async () => {
      const friend = await stack.simulator.aContact('reader');
      const hello = { to: friend.pn, type: 'text', text: 'hello' };
      expect((await send(hello)).context).toBeNull();
      await ok(
        tenant.client.PUT('/v1/sessions/{sessionId}/chats/{chatId}/disappearing', {
          ...session.at({ chatId: friend.pn }),
          body: { seconds: 604_800 },
        }),
      );
      const sent = await send(hello);
      expect(sent.context).toEqual({ expirationSeconds: 604_800 });
      expect((await seen(sent.messageId, friend.pn)).extendedTextMessage?.contextInfo?.expiration).toBe(604_800);
      expect((await send({ ...hello, expirationSeconds: 0 })).context).toBeNull();
    });

    it('goes out under an id of the caller, once', async () => {
      const order = { to: contact.pn, type: 'text', text: 'mine', messageId: 'ORDER-4711-A' };
      expect((await send(order)).messageId).toBe('ORDER-4711-A');
      expect(await seen('ORDER-4711-A')).toMatchObject({ extendedTextMessage: { text: 'mine' } });
      const other = await stack.simulator.aContact('silent');
      const again = { ...order, to: other.pn };
      expect(await refusal(again)).toMatchObject({ status: 409, body: { code: 'message.id-taken' } });
    });

    it('gives two callers at the same moment one message per id', async () => {
      const others = await Promise.all([1, 2, 3, 4].map(() => stack.simulator.aContact('silent')));
      const answers = await Promise.all(
        others.map(({ pn }) => refusal({ to: pn, type: 'text', text: 'x', messageId: 'ORDER-4712-A' })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    });

    it('answers a repeated call with the same key and id with the same message', async () => {
      const order = { to: contact.pn, type: 'text', text: 'x', messageId: 'ORDER-4713-A' };
      const headers = { 'idempotency-key': 'order-4713' };
      const first = await ok(
        tenant.client.POST('/v1/sessions/{sessionId}/messages', { ...session.at(), body: order, headers }),
      );
      const second = await ok(
        tenant.client.POST('/v1/sessions/{sessionId}/messages', { ...session.at(), body: order, headers }),
      );
      expect(second.id).toBe(first.id);
    });

    it('asks whether a number is on WhatsApp, once', async () => {
      const order = { type: 'text', text: 'are you there?', checkNumber: true };
      expect(await send({ to: contact.pn, ...order })).toMatchObject({ chatId: contact.pn });
      for (let call = 0; call < 2; call++)
        expect(await refusal({ to: '6281399999999', ...order })).toMatchObject({
          status: 400,
          body: { code: 'message.not-on-whatsapp', errors: [{ pointer: '/to' }] },
        });
      const path = `GET /stanzas?account=${phone}&tag=iq&direction=out`;
      const { items } = await stack.simulator.api.ok<{ items: object[] }>(path);
      const asked = items.filter((stanza) => JSON.stringify(stanza).includes('6281399999999'));
      expect(asked).toHaveLength(1);
    });
  });

  describe('links', () => {
    const text = (path: string) => `look: ${web.url(path)}, it is new`;
    beforeAll(async () => {
      const picture = sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } });
      const png = await picture.png().toBuffer();
      const head = '<title>plain</title><meta property="og:title" content="Daily &amp; bread">';
      const rest = '<meta name="description" content="Baked"><meta property="og:image" content="/picture.png">';
      web.answer((response, { path }) => {
        if (path === '/broken') return void response.writeHead(500).end();
        const isPicture = path === '/picture.png';
        response.writeHead(200, { 'content-type': isPicture ? 'image/png' : 'text/html' });
        response.end(isPicture ? png : `<html><head>${head}${rest}</head>`);
      });
    });

    it('shows what the page says, with its picture', async () => {
      const sent = await send({ to: contact.pn, type: 'text', text: text('/page'), linkPreview: 'auto' });
      const linkPreview = { url: web.url('/page'), title: 'Daily & bread', description: 'Baked' };
      expect(sent.content).toMatchObject({ linkPreview });
      expect((await seen(sent.messageId)).extendedTextMessage).toMatchObject({
        text: text('/page'),
        matchedText: web.url('/page'),
        title: 'Daily & bread',
        description: 'Baked',
        jpegThumbnail: expect.stringMatching(/^\/9j\//) as string,
      });
    });

    it('shows what the caller says', async () => {
      const linkPreview = { url: 'https://shop.example/', title: 'Shop', image: web.url('/picture.png') };
      const sent = await send({ to: contact.pn, type: 'text', text: 'https://shop.example/', linkPreview });
      expect((await seen(sent.messageId)).extendedTextMessage).toMatchObject({
        matchedText: 'https://shop.example/',
        title: 'Shop',
        jpegThumbnail: expect.stringMatching(/^\/9j\//) as string,
      });
    });

    it('sends without a preview when there is none to be had, and fetches nothing unasked', async () => {
      for (const linkPreview of ['auto', false]) {
        const sent = await send({ to: contact.pn, type: 'text', text: text('/broken'), linkPreview });
        expect(sent.content).toBeNull();
      }
      expect(web.requests.filter(({ path }) => path === '/broken')).toHaveLength(1);
    });
  });

  it('moves a live location, in rising order', async () => {
    const place = { to: contact.pn, type: 'live-location', latitude: 1.5, longitude: 2.5 };
    const first = await send({ ...place, caption: 'coming' });
    const next = await send({ ...place, latitude: 1.75, updateOf: first.id });
    const [from, to] = [await seen(first.messageId), await seen(next.messageId)].map(
      (wire) => wire.liveLocationMessage,
    );
    expect(from).toMatchObject({ degreesLatitude: 1.5, caption: 'coming' });
    expect(to).toMatchObject({ degreesLatitude: 1.75, timeOffset: 1 });
    expect(Number(to?.sequenceNumber)).toBeGreaterThan(Number(from?.sequenceNumber));
    const poll = await send({ to: contact.pn, type: 'poll', question: 'x?', options: ['a', 'b'] });
    expect(await refusal({ ...place, updateOf: poll.id })).toMatchObject({
      status: 400,
      body: { code: 'message.not-updatable', errors: [{ pointer: '/updateOf' }] },
    });
  });

  it('puts a link for a call into an event', async () => {
    const event = { to: contact.pn, type: 'event', name: 'Call', startsAt: '2030-01-31T20:00:00Z', call: 'video' };
    const sent = await send(event);
    expect(sent.content).toMatchObject({
      joinLink: expect.stringMatching(/^https:\/\/call\.whatsapp\.com\/video\//) as string,
    });
    expect((await seen(sent.messageId)).eventMessage).toMatchObject({ isScheduleCall: true });
  });

  it('mentions everybody in a group', async () => {
    const members = [phone, (await stack.simulator.aContact('silent')).pn];
    const group = { subject: 'Choir', owner: contact.pn, members };
    const { jid } = await stack.simulator.api.ok<{ jid: string }>('POST /groups', group);
    const sent = await send({ to: jid, type: 'text', text: '@all tonight', mentionAll: true });
    expect(sent.context).toMatchObject({ isMentioningAll: true, mentions: expect.any(Array) as string[] });
    const { contextInfo } = (await seen(sent.messageId)).extendedTextMessage ?? {};
    expect(contextInfo).toMatchObject({ nonJidMentions: 1 });
    expect(contextInfo?.mentionedJid as string[]).toHaveLength(2);
  });

  describe('statuses', () => {
    const status = { to: 'status@broadcast', type: 'text', text: 'At the lake' };

    it('go to their audience, and to the own phone', async () => {
      const [friend, stranger] = [await stack.simulator.aContact('reader'), await stack.simulator.aContact('reader')];
      const look = { backgroundColor: '#1f6feb', textColor: '#ffffff', font: 'calistoga' };
      const sent = await send({ ...status, ...look, audience: [friend.pn] });
      expect(sent).toMatchObject({ content: look, context: { audience: [friend.pn] }, chatId: 'status@broadcast' });
      for (const account of [friend.pn, phone])
        expect(await seen(sent.messageId, account)).toMatchObject({
          extendedTextMessage: {
            text: 'At the lake',
            backgroundArgb: 0xff1f6feb,
            textArgb: 0xffffffff,
            font: 'CALISTOGA_REGULAR',
          },
        });
      expect(await stack.simulator.messages(stranger.pn)).toEqual([]);
    });

    it('go to everybody there is a chat with, unless told', async () => {
      const sent = await send(status);
      expect(sent.context?.audience).toContain(contact.pn);
      expect(await seen(sent.messageId)).toMatchObject({ extendedTextMessage: { text: 'At the lake' } });
    });

    it('of contacts come in', async () => {
      const [messageId] = await stack.simulator.send(contact.pn, 'status', { text: 'For you', viewers: [phone] });
      expect(await received((message) => message.messageId === messageId)).toMatchObject({
        chatId: 'status@broadcast',
        senderId: contact.pn,
        text: 'For you',
      });
    });

    it.each([
      ['a poll', { type: 'poll', question: 'x?', options: ['a', 'b'] }, 'message.not-for-statuses', '/type'],
      ['a group in the audience', { audience: ['120363000000000001@g.us'] }, 'message.wrong-address', '/audience/0'],
      ['an empty audience', { audience: [] }, 'request.invalid', '/audience'],
      ['a timer', { expirationSeconds: 86_400 }, 'message.option-refused', '/expirationSeconds'],
    ])('refuse %s', async (_, body, code, pointer) => {
      const { text, ...rest } = status;
      const order = 'type' in body ? { ...rest, ...body } : { ...rest, text, ...body };
      expect(await refusal(order)).toMatchObject({ status: 400, body: { code, errors: [{ pointer }] } });
    });
  });

  describe('newsletters', () => {
    let jid: string;
    beforeAll(async () => {
      const { api } = stack.simulator;
      ({ jid } = await api.ok<{ jid: string }>('POST /newsletters', { owner: contact.pn, name: 'Daily bread' }));
      await api.ok(`POST /newsletters/${jid}/followers`, { pn: phone });
      await api.ok(`POST /newsletters/${jid}/admins`, { pn: phone });
    });

    it.each([
      ['text', { type: 'text', text: 'Rye today' }],
      ['poll', { type: 'poll', question: 'Rye or wheat?', options: ['rye', 'wheat'] }],
    ])('get a %s', async (type, body) => {
      const sent = await send({ to: jid, ...body });
      expect(sent).toMatchObject({ type, status: 'server_ack', chatId: jid });
      const { posts } = await stack.simulator.api.ok<{ posts: { id: string }[] }>(`GET /newsletters/${jid}`);
      expect(posts.map(({ id }) => id)).toContain(sent.messageId);
    });

    it('are followed: posts come in, also while nobody listens, once', async () => {
      const post = (text: string) =>
        stack.simulator.api.ok<{ id: string }>(`POST /newsletters/${jid}/posts`, { text, by: contact.pn });
      await post('Spelt today');
      expect(await received(({ text }) => text === 'Spelt today')).toMatchObject({ chatId: jid, senderId: jid });
      await stack.gateway.kill();
      await post('Oats today');
      await stack.gateway.start();
      expect(await received(({ text }) => text === 'Oats today')).toMatchObject({ chatId: jid });
      const types = await tenant.events('newsletter.message');
      const texts = types.map(({ data }) => data.message?.text);
      expect(texts.filter((text) => text === 'Spelt today' || text === 'Oats today')).toEqual([
        'Spelt today',
        'Oats today',
      ]);
    });
  });
});
