import { type ChatDto, ok } from '@app/client/client.js';
import type { InputOf } from '@app/testing/api-route.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

interface Ranged {
  messageRange?: { lastMessageTimestamp: string; messages: { key: { id: string; fromMe: boolean } }[] };
}

describe('chats', () => {
  const stack = useStack();

  const aSession = async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    return { tenant, phone, session: await tenant.aPairedSession(phone) };
  };
  const chat = (session: GatewaySession, chatId: string) =>
    ok(session.tenant.client.GET('/v1/sessions/{sessionId}/chats/{chatId}', session.at({ chatId })));
  const list = async (session: GatewaySession, query?: InputOf<'GET /v1/sessions/{sessionId}/chats'>) =>
    (await session.api.ok('GET /chats', query)).items;
  /** The chat once it is as expected. */
  const becomes = (session: GatewaySession, chatId: string, isSo: (chat: ChatDto) => boolean) =>
    eventually('the chat is as expected', async () => {
      const { data } = await session.client.GET('/v1/sessions/{sessionId}/chats/{chatId}', session.at({ chatId }));
      return data && isSo(data) && data;
    });

  it('are made by messages, counted, named, sorted, filtered and paged', async () => {
    const { phone, session } = await aSession();
    const [ana, ben] = [
      await stack.simulator.aContact('reader', { name: 'Ana' }),
      await stack.simulator.aContact('reader', { name: 'Ben' }),
    ];
    await stack.simulator.send(ana.pn, phone, { text: 'one' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    await stack.simulator.send(ana.pn, phone, { text: 'two' });
    const first = await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 2);
    expect(first).toMatchObject({
      chatId: ana.pn,
      kind: 'person',
      name: 'Ana',
      phone: ana.pn,
      lid: `${ana.lid}@lid`,
      lastMessage: { text: 'two', fromMe: false },
    });
    await session.send(ben.pn, 'hello Ben', { wait: true });
    expect((await list(session)).map(({ chatId, unreadCount }) => [chatId, unreadCount])).toEqual([
      [ben.pn, 0],
      [ana.pn, 2],
    ]);
    expect((await list(session, { isUnread: true })).map(({ chatId }) => chatId)).toEqual([ana.pn]);
    expect((await list(session, { search: 'an' })).map(({ chatId }) => chatId)).toEqual([ana.pn]);
    expect((await list(session, { search: ben.pn.slice(2) })).map(({ chatId }) => chatId)).toEqual([ben.pn]);
    expect(await list(session, { kind: 'group' })).toEqual([]);
    expect(await list(session, { hasMedia: true })).toEqual([]);
    const page = await ok(session.tenant.client.GET('/v1/sessions/{sessionId}/chats', session.at({}, { limit: 1 })));
    expect((await list(session, { limit: 1, cursor: page.nextCursor! })).map(({ chatId }) => chatId)).toEqual([ana.pn]);
    expect(await chat(session, `${ana.lid}@lid`)).toMatchObject({ chatId: ana.pn });
  });

  /** The settings of a chat as the phone reads them. */
  const settingsOf = async (phone: string, chatId: string) => {
    const { chats } = await stack.simulator.api.ok<{ chats: Record<string, object> }>(
      `GET /accounts/${phone}/settings`,
    );
    return chats[`${chatId}@s.whatsapp.net`];
  };
  const orderPhone = (phone: string, order: object) => stack.simulator.api.ok(`POST /accounts/${phone}/phone`, order);

  it('are archived, pinned, muted, marked and cleared for the phone too, over a restart', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('reader', { name: 'Ana' });
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    const api = session.api.under(`/chats/${ana.pn}`);
    expect(await api.ok('POST /archive')).toMatchObject({ isArchived: true });
    expect(await api.ok('POST /pin')).toMatchObject({ isPinned: true });
    expect(await api.ok('POST /mute', { duration: 'always' })).toMatchObject({ isMuted: true, mutedUntil: null });
    expect(await api.ok('POST /mute', { duration: '1w' })).toMatchObject({
      isMuted: true,
      mutedUntil: expect.any(String) as string,
    });
    expect(await api.ok('POST /read')).toMatchObject({ unreadCount: 0 });
    expect(await api.ok('POST /unread')).toMatchObject({ isMarkedUnread: true, unreadCount: 0 });
    expect(await settingsOf(phone, ana.pn)).toMatchObject({ archived: true, pinned: true });
    await stack.gateway.kill();
    await stack.gateway.start();
    expect(await chat(session, ana.pn)).toMatchObject({ isArchived: true, isPinned: true, isMarkedUnread: true });
    await session.becomes('connected');
    expect(await eventually('it is writable', () => api.ok('POST /unpin').catch(() => null))).toMatchObject({
      isPinned: false,
    });
    expect(await api.ok('POST /unarchive')).toMatchObject({ isArchived: false });
    expect(await api.ok('POST /unmute')).toMatchObject({ isMuted: false });
    expect(await api.ok('POST /read')).toMatchObject({ isMarkedUnread: false });
    expect(await settingsOf(phone, ana.pn)).toMatchObject({ archived: false, pinned: false });
    const types = (await tenant.events('chat.updated')).map(({ data }) => (data.chat as ChatDto).isArchived);
    expect(types).toEqual(expect.arrayContaining([true, false]));
  });

  it('follow what the phone does', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('reader');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    await orderPhone(phone, { op: 'archive', chat: ana.pn });
    await becomes(session, ana.pn, ({ isArchived }) => isArchived);
    await orderPhone(phone, { op: 'pin', chat: ana.pn });
    await orderPhone(phone, { op: 'mute', chat: ana.pn, until: Date.now() + 3_600_000 });
    await orderPhone(phone, { op: 'lockChat', chat: ana.pn });
    await orderPhone(phone, { op: 'contact', contact: ana.pn, name: 'Ana from work' });
    const arranged = await becomes(session, ana.pn, ({ isLocked, name }) => isLocked && name === 'Ana from work');
    expect(arranged).toMatchObject({ isPinned: true, isMuted: true, mutedUntil: expect.any(String) as string });
    await orderPhone(phone, { op: 'markRead', chat: ana.pn, on: false });
    await becomes(session, ana.pn, ({ isMarkedUnread }) => isMarkedUnread);
    await orderPhone(phone, { op: 'markRead', chat: ana.pn });
    await becomes(session, ana.pn, ({ isMarkedUnread, unreadCount }) => !isMarkedUnread && unreadCount === 0);
    await orderPhone(phone, { op: 'deleteChat', chat: ana.pn });
    await eventually('the chat is gone', async () => !(await list(session)).length);
    expect((await tenant.events('chat.deleted')).map(({ data }) => data.chatId)).toEqual([ana.pn]);
  });

  it('are emptied and timed as the phone and the other side say, starred messages kept when asked', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    const [first = '', second] = await stack.simulator.send(ana.pn, phone, { textTemplate: 'no {n}', count: 2 });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 2);
    const texts = async () =>
      (await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { chatId: ana.pn })))).items.map(
        ({ text }) => text,
      );
    await ok(tenant.client.PUT('/v1/sessions/{sessionId}/messages/{messageId}/star', session.at({ messageId: first })));
    await orderPhone(phone, { op: 'star', chat: ana.pn, id: second });
    await eventually('both are starred', async () => {
      const { items } = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { isStarred: true })),
      );
      return items.length === 2;
    });
    await stack.simulator.send(ana.pn, phone, { text: 'no 3' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 3);
    await orderPhone(phone, { op: 'clearChat', chat: ana.pn, keepStarred: true });
    await eventually('the rest is gone', async () => (await texts()).length === 2);
    await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/chats/{chatId}/clear', {
        ...session.at({ chatId: ana.pn }),
        body: { keepStarred: true },
      }),
    );
    expect((await texts()).sort()).toEqual(['no 1', 'no 2']);
    await orderPhone(phone, { op: 'clearChat', chat: ana.pn });
    await eventually('all is gone', async () => !(await texts()).length);
    expect(await chat(session, ana.pn)).toMatchObject({ unreadCount: 0 });

    const timer = { protocolMessage: { type: 'EPHEMERAL_SETTING', ephemeralExpiration: 604_800 } };
    await stack.simulator.send(ana.pn, phone, { message: timer });
    await becomes(session, ana.pn, ({ disappearingSeconds }) => disappearingSeconds === 604_800);
    const own = { protocolMessage: { type: 'EPHEMERAL_SETTING', ephemeralExpiration: 0 } };
    await stack.simulator.send(phone, ana.pn, { message: own });
    await becomes(session, ana.pn, ({ disappearingSeconds }) => disappearingSeconds === 0);
  });

  it('can be arranged by whoever knows their last message, without being known here', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    const lastMessage = { messageId: '3EB0UNKNOWN', timestamp: '2026-01-31T12:00:00Z' };
    const path = `${session.path}/chats/${ana.pn}` as const;
    const post = (what: 'archive' | 'unread' | 'read' | 'clear') =>
      tenant.api.call(`POST ${path}/${what}`, { lastMessage });
    expect(await tenant.api.call(`POST ${path}/archive`)).toMatchObject({ status: 404 });
    expect(await post('archive')).toMatchObject({ status: 200, body: { chatId: ana.pn, isArchived: true } });
    expect(await settingsOf(phone, ana.pn)).toMatchObject({ archived: true });
    expect((await post('unread')).body).toMatchObject({ isMarkedUnread: true });
    expect((await post('read')).body).toMatchObject({ isMarkedUnread: false });
    const { attrs } = await stack.simulator.api.ok<{ attrs: Record<string, string> }>(
      `GET /stanzas/wait?account=${phone}&tag=receipt&direction=in&type=read&id=3EB0UNKNOWN`,
    );
    expect(attrs.to).toContain(ana.pn);
    expect((await post('clear')).status).toBe(200);
    const deletion = `DELETE ${path}?messageId=3EB0UNKNOWN&timestamp=2026-01-31T12:00:00Z&fromMe=false` as const;
    expect((await tenant.api.call(deletion)).status).toBe(204);
    const { items } = await stack.simulator.api.ok<{ items: { index: string[]; value: Record<string, Ranged> }[] }>(
      `GET /accounts/${phone}/settings`,
    );
    const deleted = items.find(({ index }) => index[0] === 'deleteChat');
    expect(deleted?.value.deleteChatAction?.messageRange).toMatchObject({
      lastMessageTimestamp: String(Date.parse(lastMessage.timestamp) / 1000),
      messages: [{ key: { id: '3EB0UNKNOWN', fromMe: false } }],
    });
    expect(await list(session)).toEqual([]);
  });

  it.each([
    [
      'of a group without its author',
      '120363000000000009@g.us',
      { messageId: 'X', timestamp: '2026-01-31T12:00:00Z' },
      'senderId',
    ],
    ['without its time', '6281399999998', { messageId: 'X' }, 'timestamp'],
    ['with an unknown field', '6281399999998', { timestamp: '2026-01-31T12:00:00Z', id: 'X' }, 'id'],
  ])('refuse a last message %s', async (_, chatId, lastMessage, field) => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    const answer = await session.api.raw(`POST /chats/${chatId}/archive`, { lastMessage });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: `/lastMessage/${field}` }] } });
  });

  it('are named after their group from the first message on, and found by that name', async () => {
    const { phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent', { name: 'Ana' });
    const { jid } = await stack.simulator.api.ok<{ jid: string }>('POST /groups', {
      subject: 'Choir',
      owner: ana.pn,
      members: [phone],
    });
    await stack.simulator.send(ana.pn, jid, { text: 'Tonight at eight' });
    await becomes(session, jid, ({ name }) => name === 'Choir');
    await stack.simulator.api.ok(`PATCH /groups/${jid}`, { by: ana.pn, subject: 'Quartet (100 %)' });
    await becomes(session, jid, ({ name }) => name === 'Quartet (100 %)');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    const found = async (search: string) => (await list(session, { search })).map(({ chatId }) => chatId);
    expect(await found('quart')).toEqual([jid]);
    expect(await found('100 %')).toEqual([jid]);
    expect(await found('%')).toEqual([jid]);
    expect(await found('ANA')).toEqual([ana.pn]);
    expect(await found(`+${ana.pn.slice(0, 5)} ${ana.pn.slice(5)}`)).toEqual([ana.pn]);
    expect(await found('nobody')).toEqual([]);
  });

  it('are arranged from a process that does not hold the session', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    const front = await stack.gateway.another({ ROLES: 'api' });
    try {
      const api = front.client(tenant.api.token);
      const path = `${session.path}/chats/${ana.pn}` as const;
      expect(await api.ok(`POST ${path}/archive`)).toMatchObject({ isArchived: true });
      expect(await api.ok(`POST ${path}/read`)).toMatchObject({ unreadCount: 0 });
      const { collections } = await api.ok(`POST ${session.path}/app-state/resync`, { isFull: false });
      expect(collections.map(({ isRead }) => isRead)).toEqual([true, true, true, true, true]);
      expect(await settingsOf(phone, ana.pn)).toMatchObject({ archived: true });
    } finally {
      await front.kill();
    }
  });

  it('say which settings cannot be read, and have them repaired once the phone shares the key', async () => {
    const { phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    const resync = async (how: { isFull?: boolean; repair?: boolean }) => {
      const { collections } = await session.api.ok('POST /app-state/resync', how);
      return collections.find(({ name }) => name === 'regular_low')?.isRead;
    };
    expect(await resync({})).toBe(true);
    await orderPhone(phone, { op: 'renewKey' });
    await orderPhone(phone, { op: 'archive', chat: ana.pn });
    expect(await resync({ isFull: false, repair: false })).toBe(false);
    await orderPhone(phone, { op: 'keyShare' });
    await becomes(session, ana.pn, ({ isArchived }) => isArchived);
    expect(await resync({ isFull: false })).toBe(true);
  });

  it('are read when the phone reads them, and tell the sender when they are read here', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    const [first] = await stack.simulator.send(ana.pn, phone, { text: 'one' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    await stack.simulator.api.ok(`POST /accounts/${phone}/receipt`, { to: ana.pn, ids: [first], type: 'read' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 0);
    const [second] = await stack.simulator.send(ana.pn, phone, { text: 'two' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/chats/{chatId}/read', session.at({ chatId: ana.pn })));
    const { attrs } = await stack.simulator.api.ok<{ attrs: Record<string, string> }>(
      `GET /stanzas/wait?account=${phone}&tag=receipt&direction=in&type=read&id=${second}`,
    );
    expect(attrs.to).toContain(ana.pn);
  });

  it('are deleted and cleared for the account', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    await stack.simulator.send(ana.pn, phone, { text: 'one' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    const cleared = await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/chats/{chatId}/clear', {
        ...session.at({ chatId: ana.pn }),
        body: {},
      }),
    );
    expect(cleared).toMatchObject({ unreadCount: 0, lastMessage: null });
    const { items } = await ok(
      tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { chatId: ana.pn })),
    );
    expect(items).toEqual([]);
    await ok(tenant.client.DELETE('/v1/sessions/{sessionId}/chats/{chatId}', session.at({ chatId: ana.pn })));
    expect(await list(session)).toEqual([]);
    const { items: entries } = await stack.simulator.api.ok<{ items: { index: string[] }[] }>(
      `GET /accounts/${phone}/settings`,
    );
    const jid = `${ana.pn}@s.whatsapp.net`;
    expect(entries.map(({ index }) => index)).toEqual(
      expect.arrayContaining([
        ['clearChat', jid, '1', '0'],
        ['deleteChat', jid, '1'],
      ]),
    );
    await stack.simulator.send(ana.pn, phone, { text: 'back again' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
  });

  it('have timers, for people and groups, set here and there', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    const { jid } = await stack.simulator.api.ok<{ jid: string }>('POST /groups', {
      subject: 'Team',
      owner: phone,
      members: [ana.pn],
    });
    await stack.simulator.send(ana.pn, jid, { text: 'hello team' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    await becomes(session, jid, ({ unreadCount }) => unreadCount === 1);
    const put = (chatId: string, seconds: number) =>
      tenant.api.call(`PUT ${session.path}/chats/${chatId}/disappearing`, { seconds });
    expect((await put(ana.pn, 86_400)).body).toMatchObject({ disappearingSeconds: 86_400 });
    expect((await put(jid, 604_800)).body).toMatchObject({ disappearingSeconds: 604_800 });
    expect(await stack.simulator.api.ok(`GET /groups/${jid}`)).toMatchObject({ disappearingSeconds: 604_800 });
    expect(await put(ana.pn, 5)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/seconds' }] } });
  });

  it('show who is typing, both ways', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    await ok(
      tenant.client.PUT('/v1/sessions/{sessionId}/chats/{chatId}/presence', {
        ...session.at({ chatId: ana.pn }),
        body: { state: 'recording' },
      }),
    );
    await stack.simulator.api.ok(`GET /stanzas/wait?account=${phone}&tag=chatstate&direction=in`);
    await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/chats/{chatId}/presence/subscribe', session.at({ chatId: ana.pn })),
    );
    await stack.simulator.api.ok(`GET /stanzas/wait?account=${phone}&tag=presence&direction=in&type=subscribe`);
    await stack.simulator.api.ok(`POST /accounts/${ana.pn}/presence`, { state: 'available' });
    await stack.simulator.api.ok(`POST /accounts/${ana.pn}/presence`, { state: 'composing', to: phone });
    const told = await eventually('it is told', async () => {
      const events = await tenant.events('chat.presence');
      return events.find(({ data }) => data.state === 'composing');
    });
    expect(told.data).toMatchObject({ chatId: ana.pn, person: { waId: ana.pn } });
  });

  it('are refused where they do not exist, or WhatsApp cannot be reached', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    const archive = (chatId: string) => session.api.call(`POST /chats/${chatId}/archive`);
    expect(await archive('6281399999999')).toMatchObject({ status: 404, body: { code: 'chat.not-found' } });
    expect(await archive('what')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/chatId' }] } });
    expect(await session.api.call(`POST /chats/${ana.pn}/mute`, { until: '2001-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/until' }] },
    });
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/stop', session.at()));
    expect(await archive(ana.pn)).toMatchObject({ status: 409, body: { code: 'session.not-connected' } });
    expect(await chat(session, ana.pn)).toMatchObject({ isArchived: false, unreadCount: 1 });
  });

  it('lose no setting to another device that was faster', async () => {
    const { tenant, phone, session } = await aSession();
    const ana = await stack.simulator.aContact('silent');
    await stack.simulator.send(ana.pn, phone, { text: 'hi' });
    await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 1);
    const phoneWrites = Array.from({ length: 10 }, (_, i) =>
      orderPhone(phone, { op: 'pin', chat: ana.pn, on: i % 2 === 1 }),
    );
    const archived = ok(
      tenant.client.POST('/v1/sessions/{sessionId}/chats/{chatId}/archive', session.at({ chatId: ana.pn })),
    );
    await Promise.all([...phoneWrites, archived]);
    expect(await settingsOf(phone, ana.pn)).toMatchObject({ archived: true, pinned: true });
    await becomes(session, ana.pn, ({ isArchived, isPinned }) => isArchived && isPinned);
  });
});
