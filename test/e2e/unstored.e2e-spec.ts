import type { MessageOrder } from '@app/testing/message-content.js';
import type { InputOf } from '@app/testing/api-route.js';
import { ok } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { LocalReceiver } from '@app/testing/local-receiver.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import { WebhookReceiver } from '@app/testing/webhook-receiver.js';
import sharp from 'sharp';

interface MessageBody {
  id: string;
  messageId: string;
  chatId: string;
  status: string;
  context: Record<string, unknown> | null;
  reactions?: object[];
}

interface Seen {
  id: string;
  kind: string;
  target?: string;
  text: string | null;
  action?: string;
  message: Record<string, Record<string, unknown>>;
}

describe('messages that are not stored', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;
  let group: string;
  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    ana = await stack.simulator.aContact('reader');
    const order = { subject: 'Crew', owner: ana.pn, members: [phone], addressing: 'lid' };
    group = (await stack.simulator.api.ok<{ jid: string }>('POST /groups', order)).jid;
    // From here on the session knows both addresses of Ana, and how the group calls people.
    await received({ text: 'hello' });
    await received({ text: 'hello all' }, group);
  });

  let count = 0;
  /** WhatsApp's id of a message that the gateway has never seen. */
  const anId = () => `3EB0C0FFEE${String(++count).padStart(6, '0')}`;
  const on = (id: string) => session.api.under(`/messages/${id}`);
  const refused = async (route: string, id: string, body?: object) => {
    const answer = await on(id).raw(route, body);
    return [answer.status, answer.body.code, ...(answer.body.errors ?? []).map(({ pointer }) => pointer)].join(' ');
  };
  const seen = (what: string, fits: (item: Seen) => boolean, account = ana.pn) =>
    eventually(`${account} sees ${what}`, async () => {
      const path = `GET /messages?account=${account}&full=true`;
      return (await stack.simulator.api.ok<{ items: Seen[] }>(path)).items.find(fits);
    });
  const seenDeed = (target: string, kind: string) =>
    seen(`${kind} of ${target}`, (item) => item.target === target && item.kind === kind);
  const get = (id: string) =>
    ok(tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })));
  const list = async (query: InputOf<'GET /v1/sessions/{sessionId}/messages'> = { limit: 200 }) =>
    (await session.api.ok('GET /messages', query)).items;
  const send = (body: object) =>
    ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', {
        ...session.at({}, { wait: 'server_ack' }),
        body: { type: 'text', text: 'x', ...body } as MessageOrder,
      }),
    );
  async function received(message: object, to = phone): Promise<MessageBody> {
    const [messageId = ''] = await stack.simulator.send(ana.pn, to, { ...message });
    return eventually(`${messageId} has come`, async () => (await list()).find((item) => item.messageId === messageId));
  }
  const receipt = (id: string, type: string) =>
    stack.simulator.api.ok<{ attrs: Record<string, string> }>(
      `GET /stanzas/wait?account=${phone}&tag=receipt&direction=in&type=${type}&id=${id}&timeoutMs=10000`,
    );

  describe('are acted on by their key', () => {
    it('reacts in a chat of two, and takes it back', async () => {
      const id = anId();
      const reaction = await on(id).ok(`PUT /reactions?wait=server_ack&chatId=%2B${ana.pn}`, { emoji: '👍' });
      expect(reaction).toMatchObject({ type: 'reaction', targetId: null, errorCode: null });
      const { message, text } = await seenDeed(id, 'reactionMessage');
      expect(text).toBe('👍');
      expect(message.reactionMessage?.key).toMatchObject({ id, fromMe: false, remoteJid: `${ana.pn}@s.whatsapp.net` });
      expect(await get(reaction.id)).toMatchObject({ id: reaction.id, chatId: ana.pn });
      expect((await list()).map((item) => item.id)).not.toContain(reaction.id);
      await on(id).ok(`DELETE /reactions?wait=server_ack&chatId=${ana.lid}@lid`);
      await seen('the reaction taken back', (item) => item.target === id && !item.text);
      expect(await refused('GET', id)).toBe('404 message.not-found');
    });

    it('names the author in a group as the group does', async () => {
      const id = anId();
      await on(id).ok(`PUT /reactions?wait=server_ack&chatId=${group}&senderId=${ana.pn}`, { emoji: '👍' });
      const { message } = await seenDeed(id, 'reactionMessage');
      expect(message.reactionMessage?.key).toMatchObject({ remoteJid: group, participant: `${ana.lid}@lid` });
      expect(await refused(`PUT /reactions?chatId=${group}`, id, { emoji: '👍' })).toBe(
        '400 message.key-incomplete /senderId',
      );
    });

    it('shows the reaction when the message comes after all', async () => {
      const id = anId();
      await on(id).ok(`PUT /reactions?wait=server_ack&chatId=${ana.pn}`, { emoji: '🎉' });
      const message = await received({ text: 'late', id });
      expect(await get(message.id)).toMatchObject({ reactions: [{ emoji: '🎉', by: phone }] });
    });

    it('shows it when the phone shares the message', async () => {
      const friend = await stack.simulator.aContact('reader');
      const owner = stack.aPhone();
      const longAgo = Math.floor(Date.now() / 1000) - 365 * 86_400;
      await stack.simulator.aContact('phone', { pn: owner });
      const past = [{ chat: friend.pn, textTemplate: 'no {n}', count: 3, until: longAgo }];
      await stack.simulator.api.ok(`POST /accounts/${owner}/history`, { chats: past });
      const other = await tenant.aPairedSession(owner);
      const texts = async () =>
        (await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', other.at({}, { chatId: friend.pn })))).items;
      await eventually('the newest is there', async () => (await texts()).length === 1);
      const { items } = await stack.simulator.api.ok<{ items: { oldestId: string }[] }>(
        `GET /accounts/${owner}/history`,
      );
      const id = items[0]?.oldestId ?? '';
      const route = `${other.path}/messages/${id}` as const;
      await tenant.api.ok(`PUT ${route}/reactions?wait=server_ack&chatId=${friend.pn}`, { emoji: '❤️' });
      await ok(
        tenant.client.POST('/v1/sessions/{sessionId}/chats/{chatId}/history', {
          ...other.at({ chatId: friend.pn }),
          body: { count: 5 },
        }),
      );
      await eventually('the old message shows it', async () => {
        const { status, body } = await tenant.api.call(`GET ${route}`);
        return status === 200 && body.reactions?.length === 1;
      });
    });

    it('edits and deletes own ones', async () => {
      const id = anId();
      const key = `chatId=${ana.pn}&fromMe=true` as const;
      const edit = { text: 'better words', isForwarded: true };
      expect(await on(id).ok(`PATCH ?wait=server_ack&${key}`, edit)).toMatchObject({ type: 'edit', errorCode: null });
      expect(await seenDeed(id, 'protocolMessage')).toMatchObject({ action: 'MESSAGE_EDIT', text: 'better words' });
      await on(id).ok(`DELETE ?wait=server_ack&${key}`);
      await seen('the deletion', (item) => item.target === id && item.action === 'REVOKE');
    });

    it('pins', async () => {
      const id = anId();
      await on(id).ok(`PUT /pin?wait=server_ack&chatId=${ana.pn}`, { days: 7 });
      await seenDeed(id, 'pinInChatMessage');
    });

    it('stars, and deletes for this account alone', async () => {
      const id = anId();
      await on(id).ok(`PUT /star?chatId=${ana.pn}`);
      const starred = async () =>
        JSON.stringify(
          (await stack.simulator.api.ok<{ starred: object[] }>(`GET /accounts/${phone}/settings`)).starred,
        );
      expect(await starred()).toContain(id);
      await on(id).ok(`DELETE /star?chatId=${ana.pn}`);
      expect(await refused(`POST /delete?chatId=${ana.pn}`, id)).toBe('400 message.key-incomplete /timestamp');
      await on(id).ok(`POST /delete?chatId=${ana.pn}&timestamp=2026-01-02T03:04:05Z`);
    });

    it('tells that they were read and played', async () => {
      const [one, two, three] = [anId(), anId(), anId()];
      await on(one).ok(`POST /read?chatId=${ana.pn}`, { as: 'played' });
      await receipt(one, 'played');
      await ok(
        tenant.client.POST('/v1/sessions/{sessionId}/messages/read', {
          ...session.at(),
          body: {
            messageIds: [two, three],
            chatId: group,
            senderId: ana.pn,
          },
        }),
      );
      expect((await receipt(two, 'read')).attrs).toMatchObject({ to: group, participant: `${ana.lid}@lid` });
      expect(await refused('POST /read', two, {})).toBe('404 message.not-found');
      expect(await refused('POST', 'read', { messageIds: [two], chatId: group })).toBe(
        '400 message.key-incomplete /senderId',
      );
      expect(await refused(`POST /read?chatId=${ana.pn}&fromMe=true`, two, {})).toBe('409 message.not-received');
    });

    it('repeats nothing under the same Idempotency-Key', async () => {
      const id = anId();
      const route = `PUT ${session.path}/messages/${id}/reactions?chatId=${ana.pn}` as const;
      const headers = { 'Idempotency-Key': `react-${id}` };
      const first = await tenant.api.ok(route, { emoji: '👍' }, headers);
      await received({ text: 'it comes in between', id });
      expect(await tenant.api.ok(route, { emoji: '👍' }, headers)).toMatchObject({ id: first.id });
    });

    it('refuses what is not ours, is unknown, or needs the content', async () => {
      const [id, chat, text] = [anId(), `chatId=${ana.pn}`, { text: 'x' }];
      expect(await refused('PUT /reactions', id, { emoji: '👍' })).toBe('404 message.not-found');
      expect(await refused(`PUT /reactions?${chat}`, 'msg_nobody', { emoji: '👍' })).toBe('404 message.not-found');
      expect(await refused('PUT /reactions?chatId=nobody', id, { emoji: '👍' })).toBe('400 request.invalid /chatId');
      expect(await refused(`PATCH ?${chat}`, id, text)).toBe('409 message.not-own');
      expect(await refused(`PATCH ?chatId=${group}`, id, text)).toBe('409 message.not-own');
      expect(await refused(`DELETE ?${chat}`, id)).toBe('409 message.not-own');
      expect(await refused(`DELETE ?chatId=${group}&senderId=${ana.pn}`, id)).toBe('403 group.not-admin');
      expect(await refused(`PATCH ?${chat}&fromMe=true`, id, { caption: 'x' })).toBe('404 message.not-found');
      const old = `${chat}&fromMe=true&timestamp=2026-01-02T03:04:05Z`;
      expect(await refused(`PATCH ?${old}`, id, text)).toBe('409 message.too-late');
      expect(await refused('POST /votes', id, { options: [] })).toBe('404 message.not-found');
      expect(await refused('POST /forward', id, { to: [ana.pn] })).toBe('404 message.not-found');
    });

    it('touches nothing of another tenant', async () => {
      const message = await received({ text: 'ours alone' });
      const other = await stack.gateway.aTenant();
      const theirs = await other.aPairedSession(stack.aPhone());
      const react = (path: GatewaySession['path'], id: string) =>
        other.api.call(`PUT ${path}/messages/${id}/reactions?chatId=${ana.pn}`, { emoji: '👍' });
      expect(await react(theirs.path, message.id)).toMatchObject({ status: 404, body: { code: 'message.not-found' } });
      expect(await react(session.path, anId())).toMatchObject({ status: 404, body: { code: 'session.not-found' } });
      const reaction = await ok(
        other.client.PUT('/v1/sessions/{sessionId}/messages/{messageId}/reactions', {
          ...theirs.at({ messageId: message.messageId }, { chatId: ana.pn, wait: 'server_ack' }),
          body: { emoji: '👍' },
        }),
      );
      expect(reaction).toMatchObject({ targetId: null, errorCode: null });
      expect(await get(message.id)).toMatchObject({ reactions: [] });
    });
  });

  describe('are answered', () => {
    it.each([
      ['with their words', { text: 'Where?' }, 'Where?'],
      ['without', {}, null],
    ])('%s', async (_, words, text) => {
      const id = anId();
      const answer = await send({ to: ana.pn, replyTo: id, quoted: { senderId: ana.pn, ...words } });
      expect(answer.context).toEqual({ quoted: { messageId: id, senderId: ana.pn, text } });
      const { message } = await seen('the answer', (item) => item.id === answer.messageId);
      expect(message.extendedTextMessage?.contextInfo).toMatchObject({
        stanzaId: id,
        participant: `${ana.pn}@s.whatsapp.net`,
        quotedMessage: { conversation: text ?? '' },
      });
    });

    it('as own ones, with any type', async () => {
      const id = anId();
      const place = { type: 'location', text: undefined, latitude: 1, longitude: 2 };
      const answer = await send({ to: group, ...place, replyTo: id, quoted: { fromMe: true, text: 'who?' } });
      expect(answer.context).toEqual({ quoted: { messageId: id, senderId: phone, text: 'who?' } });
      const { message } = await seen('the answer', (item) => item.id === answer.messageId);
      expect(message.locationMessage?.contextInfo).toMatchObject({ stanzaId: id });
    });

    it('unless too little is said', async () => {
      const message = { to: group, type: 'text', text: 'x' };
      const id = anId();
      const refusal = async (body: object) => {
        const answer = await session.api.raw('POST /messages', body);
        return `${answer.status} ${answer.body.code} ${answer.body.errors?.[0]?.pointer}`;
      };
      expect(await refusal({ ...message, replyTo: id })).toBe('404 message.not-found undefined');
      expect(await refusal({ ...message, replyTo: id, quoted: {} })).toBe(
        '400 message.key-incomplete /quoted/senderId',
      );
      expect(await refusal({ ...message, quoted: {} })).toBe('400 message.option-refused /quoted');
      expect(await refusal({ ...message, replyTo: 'msg_nobody', quoted: { senderId: ana.pn } })).toBe(
        '404 message.not-found undefined',
      );
    });
  });

  describe('beside that', () => {
    it('an edit mentions everybody', async () => {
      const message = await send({ to: group });
      await on(message.id).ok('PATCH ?wait=server_ack', { text: 'all of you', mentionAll: true });
      const edit = await seenDeed(message.messageId, 'protocolMessage');
      const { editedMessage } = edit.message.protocolMessage as {
        editedMessage: { extendedTextMessage: { contextInfo: { nonJidMentions: number; mentionedJid: string[] } } };
      };
      expect(editedMessage.extendedTextMessage.contextInfo).toMatchObject({
        nonJidMentions: 1,
        mentionedJid: [expect.stringMatching(new RegExp(`${ana.pn}|${ana.lid}`))],
      });
      const direct = await send({ to: ana.pn });
      expect(await refused('PATCH', direct.id, { text: 'x', mentionAll: true })).toBe(
        '400 message.option-refused /mentionAll',
      );
    });

    it('a message without an echo is told to no webhook, and is in the log', async () => {
      const receiver = await WebhookReceiver.start();
      await ok(
        tenant.client.POST('/v1/webhooks', { body: { url: receiver.url, types: ['message.sent', 'message.status'] } }),
      );
      const quiet = await send({ to: ana.pn, echo: false });
      const loud = await send({ to: ana.pn, echo: true });
      const isSent = (id: string) => (event: { type: string; data: { message?: Record<string, unknown> } }) =>
        event.type === 'message.sent' && event.data.message?.id === id;
      await receiver.delivery('the echo of the other', isSent(loud.id));
      const told = receiver.received.map(({ event }) => event);
      expect(told.filter(isSent(quiet.id))).toEqual([]);
      expect(told.filter(({ type, data }) => type === 'message.status' && data.id === quiet.id)).not.toEqual([]);
      const logged = (await tenant.events('message.sent')).find(isSent(quiet.id));
      expect(logged?.data.message).toMatchObject({ origin: 'api' });
      await receiver.stop();
    });

    it('what is done with a message after it was deleted does not count', async () => {
      const message = await received({ text: 'gone soon' });
      const deed = (what: string, order: object) => stack.simulator.api.call(`POST /accounts/${ana.pn}/${what}`, order);
      await deed('revoke', { id: message.messageId });
      await eventually('it is deleted', async () =>
        (await tenant.events('message.revoked')).some(({ data }) => data.id === message.id),
      );
      const key = { remoteJid: `${phone}@s.whatsapp.net`, fromMe: true, id: message.messageId };
      await stack.simulator.send(ana.pn, phone, { message: { reactionMessage: { key, text: '👍' } } });
      await received({ text: 'later than that' });
      expect(await get(message.id)).toMatchObject({ reactions: [] });
      const reactions = (await tenant.events('message.reaction')).filter(({ data }) => data.id === message.id);
      expect(reactions).toEqual([]);
    });

    it('messages that are read are unread no longer in their chat', async () => {
      const bob = await stack.simulator.aContact('reader');
      await stack.simulator.send(bob.pn, phone, { textTemplate: 'no {n}', count: 2 });
      const unread = async () => {
        const { body } = await tenant.api.call(`GET ${session.path}/chats/${bob.pn}`);
        return body.unreadCount;
      };
      await eventually('both are here', async () => (await unread()) === 2);
      const [newest] = await list({ chatId: bob.pn });
      await on(newest?.id ?? '').ok('POST /read', {});
      expect(await unread()).toBe(0);
      const updates = (await tenant.events('chat.updated')).filter(
        ({ data }) => (data.chat as { chatId: string }).chatId === bob.pn,
      );
      expect(updates.at(-1)?.data.chat).toMatchObject({ unreadCount: 0 });
    });

    it('a repeated call fetches no file and no preview again', async () => {
      const web = new LocalReceiver();
      await web.start();
      const png = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      web.answer((response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(png));
      const image = { to: ana.pn, type: 'image' as const, url: web.url('/image.png') };
      const linkPreview = { url: 'https://example.com', title: 'Example', image: web.url('/preview.png') };
      const text = { to: ana.pn, type: 'text' as const, text: 'https://example.com', linkPreview };
      for (const body of [image, text]) {
        const headers = { 'Idempotency-Key': `once-${body.type}` };
        const once = () =>
          ok(tenant.client.POST('/v1/sessions/{sessionId}/messages', { ...session.at(), body, headers }));
        const [first, second] = [await once(), await once()];
        expect(second.id).toBe(first.id);
        const other = await tenant.api.call(`POST ${session.path}/messages`, { ...body, to: group }, headers);
        expect(other).toMatchObject({ status: 409, body: { code: 'idempotency.key-reused' } });
      }
      expect(web.requests.map(({ path }) => path)).toEqual(['/image.png', '/preview.png']);
      await web.stop();
    });

    it('a chat is the same by either address', async () => {
      const bob = await stack.simulator.aContact('reader');
      await stack.simulator.send(bob.pn, phone, { text: 'by number' });
      await eventually('it is here', async () => (await list({ chatId: bob.pn })).length === 1);
      const answer = await send({ to: `${bob.lid}@lid` });
      expect(answer.chatId).toBe(bob.pn);
      for (const address of [bob.pn, `${bob.lid}@lid`]) {
        expect((await list({ chatId: address })).map(({ id }) => id)[0]).toBe(answer.id);
        expect(await list({ chatId: address })).toHaveLength(2);
        expect(await list({ senderId: address })).toHaveLength(1);
      }
    });
  });
});
