import { ok } from '@app/client/client.js';
import { Client } from 'pg';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

describe('history', () => {
  const stack = useStack();

  const texts = async (session: GatewaySession, chatId: string) =>
    (await session.api.ok('GET /messages', { limit: 200, chatId })).items.map(({ text }) => text);
  const chats = async (session: GatewaySession) => (await session.api.ok('GET /chats')).items;
  const transfers = async (session: GatewaySession) => (await session.api.ok('GET /history')).items;
  /** A phone with a past. */
  const aPhoneWith = async (past: object[]) => {
    const pn = stack.aPhone();
    await stack.simulator.api.ok('POST /accounts', { pn, behaviour: 'phone' });
    await stack.simulator.api.ok(`POST /accounts/${pn}/history`, { chats: past });
    return pn;
  };
  const longAgo = Math.floor(Date.now() / 1000) - 365 * 86_400;

  it('comes with the link: chats, names, unread counts, messages, once and without events of their own', async () => {
    const ana = await stack.simulator.aContact('reader', { name: 'Ana' });
    const phone = await aPhoneWith([
      {
        chat: ana.pn,
        unread: 2,
        messages: [{ text: 'Are you there?' }, { text: 'Hello?' }, { text: 'Yes', fromMe: true }],
      },
      { chat: '120363000000000001@g.us', name: 'Class of 99', unread: 1, messages: [{ text: 'hi all', from: ana.pn }] },
    ]);
    await stack.simulator.api.ok(`POST /accounts/${phone}/phone`, { op: 'pin', chat: ana.pn });
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aPairedSession(phone);
    await eventually('it is there', async () =>
      (await transfers(session)).some(({ kind, state }) => kind === 'recent' && state === 'done'),
    );
    expect(await texts(session, ana.pn)).toEqual(['Yes', 'Hello?', 'Are you there?']);
    const known = await eventually('the settings are there', async () => {
      const all = await chats(session);
      return all.some(({ isPinned }) => isPinned) && all;
    });
    expect(known.find(({ chatId }) => chatId === ana.pn)).toMatchObject({
      name: 'Ana',
      unreadCount: 2,
      isPinned: true,
    });
    expect(known.find(({ chatId }) => chatId.endsWith('@g.us'))).toMatchObject({ name: 'Class of 99', unreadCount: 1 });
    expect(await tenant.events('message.received')).toEqual([]);
    expect((await tenant.events('history.synced')).map(({ data }) => data.kind)).toContain('recent');
    await stack.simulator.send(ana.pn, phone, { text: 'live' });
    await eventually('it is counted', async () => (await chats(session)).some(({ unreadCount }) => unreadCount === 3));
    expect((await texts(session, ana.pn))[0]).toBe('live');
  });

  it('of one chat is fetched on demand, and all of it again, without doubles', async () => {
    const friend = await stack.simulator.aContact('reader');
    const phone = await aPhoneWith([{ chat: friend.pn, textTemplate: 'no {n}', count: 9, until: longAgo }]);
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aPairedSession(phone);
    await eventually('the newest is there', async () => (await texts(session, friend.pn)).length === 1);
    const route = `POST ${session.path}/chats/${friend.pn}/history` as const;
    expect(await tenant.api.ok(route, { count: 5 })).toMatchObject({
      kind: 'chat',
      progress: expect.any(Number) as number,
    });
    await eventually('older ones are there', async () => (await texts(session, friend.pn)).length === 6);
    expect(await texts(session, friend.pn)).toEqual(['no 9', 'no 8', 'no 7', 'no 6', 'no 5', 'no 4']);
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/history', session.at()));
    await eventually('everything is there', async () => (await texts(session, friend.pn)).length === 9);
    const full = await eventually('it is done', async () =>
      (await transfers(session)).find(({ kind, state }) => kind === 'full' && state === 'done'),
    );
    expect(full).toMatchObject({ progress: 100 });
    expect(await tenant.api.call(route, { count: 501 })).toMatchObject({ status: 400 });
    expect(await tenant.api.raw(route, { before: 'nothing' })).toMatchObject({
      status: 404,
      body: { code: 'message.not-found' },
    });
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/app-state/resync', session.at()));
  });

  it('of a chat starts from a message that the caller describes, and nobody here knows', async () => {
    const friend = await stack.simulator.aContact('reader');
    const stranger = await stack.simulator.aContact('reader');
    const phone = await aPhoneWith([{ chat: friend.pn, textTemplate: 'no {n}', count: 9, until: longAgo }]);
    const session = await (await stack.gateway.aTenant()).aPairedSession(phone);
    const { api } = session.tenant;
    await eventually('the newest is there', async () => (await texts(session, friend.pn)).length === 1);
    const ask = (chatId: string, before: object) =>
      api.raw(`POST ${session.path}/chats/${chatId}/history`, { count: 3, before });
    const timestamp = new Date(longAgo * 1000).toISOString();
    const anchor = { messageId: '3EB0UNKNOWN', timestamp, fromMe: false };
    expect(await ask(friend.pn, anchor)).toMatchObject({ status: 202, body: { kind: 'chat' } });
    // Known by its time alone, which is that of the newest one.
    await eventually('older ones are there', async () => (await texts(session, friend.pn)).length === 3);
    expect(await texts(session, friend.pn)).toEqual(['no 9', 'no 8', 'no 7']);
    // The phone knows nothing either, and says so.
    expect(await ask(stranger.pn, anchor)).toMatchObject({ status: 202 });
    await eventually('both are done', async () => {
      const asked = (await transfers(session)).filter(({ kind }) => kind === 'chat');
      return asked.length === 2 && asked.every(({ state }) => state === 'done');
    });
    expect(await ask(friend.pn, { messageId: '3EB0UNKNOWN' })).toMatchObject({
      status: 404,
      body: { code: 'message.not-found' },
    });
    expect(await ask('6281399999997', { messageId: '3EB0UNKNOWN' })).toMatchObject({
      status: 404,
      body: { code: 'chat.not-found' },
    });
    expect(await ask(friend.pn, { timestamp })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/before/messageId' }] },
    });
  });

  it('is fetched as far as wanted: days, and people without groups', async () => {
    const friend = await stack.simulator.aContact('reader');
    const group = '120363000000000002@g.us';
    const daysAgo = (days: number) => Math.floor(Date.now() / 1000) - days * 86_400;
    const past = [
      { text: 'long ago', at: daysAgo(300) },
      { text: 'last spring', at: daysAgo(200) },
      { text: 'today', at: daysAgo(0) },
    ];
    const phone = await aPhoneWith([
      { chat: friend.pn, messages: past },
      { chat: group, name: 'Team', messages: [...past].map((message) => ({ ...message, from: friend.pn })) },
    ]);
    const session = await (await stack.gateway.aTenant()).aPairedSession(phone);
    await eventually('the newest are there', async () =>
      (await transfers(session)).some(({ kind, state }) => kind === 'recent' && state === 'done'),
    );
    const route = `POST ${session.path}/history` as const;
    const wanted = { days: 250, maxMegabytes: 100, includeGroups: false };
    const { id } = await session.tenant.api.ok(route, wanted);
    const done = await eventually('it is done', async () =>
      (await transfers(session)).find((transfer) => transfer.id === id && transfer.state === 'done'),
    );
    expect(done).toMatchObject({ wanted, messages: 1 });
    expect(await texts(session, friend.pn)).toEqual(['today', 'last spring']);
    expect(await texts(session, group)).toEqual(['today']);
    expect(await session.tenant.api.call(route, { days: 0 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/days' }] },
    });
  });

  it('is shared whole when the session asks for that', async () => {
    const friend = await stack.simulator.aContact('reader');
    const phone = await aPhoneWith([{ chat: friend.pn, textTemplate: 'no {n}', count: 9, until: longAgo }]);
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    const route = `${session.path}/history/settings` as const;
    expect(await tenant.api.ok(`GET ${route}`)).toEqual({ syncFullHistory: false });
    expect(await tenant.api.ok(`PATCH ${route}`, { syncFullHistory: true })).toEqual({ syncFullHistory: true });
    await session.pair(phone);
    await eventually('everything is there', async () => (await texts(session, friend.pn)).length === 9);
  });

  it('survives kill -9 while it comes, once', async () => {
    const [ana, ben] = [await stack.simulator.aContact('reader'), await stack.simulator.aContact('reader')];
    const long = 'x'.repeat(200);
    const phone = await aPhoneWith([
      { chat: ana.pn, textTemplate: `a{n} ${long}`, count: 1500 },
      { chat: ben.pn, textTemplate: `b{n} ${long}`, count: 1500 },
    ]);
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    // The files come slowly, so that notices are confirmed long before their messages are here.
    await stack.simulator.api.ok('POST /media/faults', {
      match: { direction: 'download' },
      action: { kind: 'status', code: 500 },
    });
    await session.pair(phone);
    await stack.simulator.api.ok(
      `GET /stanzas/wait?account=${phone}&tag=receipt&direction=in&type=hist_sync&timeoutMs=20000`,
    );
    await stack.gateway.kill();
    await stack.simulator.api.ok('DELETE /media/faults');
    await stack.gateway.start();
    const database = new Client(stack.gateway.database.url);
    await database.connect();
    const count = async () => {
      const { rows } = await database.query<{ ids: string; rows: string }>(
        'SELECT count(DISTINCT message_id) AS ids, count(*) AS rows FROM messages WHERE session_id = $1',
        [session.id],
      );
      return rows[0];
    };
    await eventually('all of it is there', async () => (await count())?.ids === '3000', 40_000).finally(async () => {
      expect(await count()).toEqual({ ids: '3000', rows: '3000' });
      await database.end();
    });
  });

  it('offline messages are live: each delivered once, and counted', async () => {
    const ana = await stack.simulator.aContact('silent');
    const phone = stack.aPhone();
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aPairedSession(phone);
    await stack.gateway.stop();
    await stack.simulator.send(ana.pn, phone, { textTemplate: 'missed {n}', count: 20 });
    await stack.gateway.start();
    await eventually('all are there', async () => (await tenant.events('message.received')).length === 20);
    expect((await chats(session)).map(({ unreadCount }) => unreadCount)).toEqual([20]);
    const received = (await tenant.events('message.received')).map(({ data }) => data.message?.text);
    expect(new Set(received).size).toBe(20);
  });

  it('becomes one chat when the number behind an opaque id is learnt late', async () => {
    const hidden = await stack.simulator.aContact('lidOnly', { name: 'Lia' });
    const phone = stack.aPhone();
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aPairedSession(phone);
    await stack.simulator.send(hidden.pn, phone, { text: 'from nowhere', family: 'lid' });
    const [chat] = await eventually('the chat is there', async () => {
      const all = await chats(session);
      return all.length > 0 && all;
    });
    expect(chat).toMatchObject({ chatId: `${hidden.lid}@lid`, unreadCount: 1 });
    await stack.simulator.api.ok(`POST /accounts/${phone}/phone`, { op: 'pnForLid', contact: hidden.pn });
    await eventually('it is the number’s', async () => (await chats(session))[0]?.chatId === hidden.pn);
    expect(await chats(session)).toMatchObject([{ chatId: hidden.pn, unreadCount: 1, name: 'Lia' }]);
    expect(await texts(session, hidden.pn)).toEqual(['from nowhere']);
    const [merged] = await tenant.events('contact.merged');
    expect(merged?.data).toMatchObject({ waId: hidden.pn, lid: `${hidden.lid}@lid` });
  });
});
