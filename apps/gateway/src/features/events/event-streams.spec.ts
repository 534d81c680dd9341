import type { NewEvent } from '@app/platform/events/event-map.js';
import { aSession } from '@app/testing/builders.js';
import { recordEvents } from '@app/testing/events.js';
import { EventSourceClient } from '@app/testing/event-source.js';
import { soon } from '@app/testing/expect-soon.js';
import type { EventBody } from '@app/testing/gateway-process.js';
import { type TestTenant, useGateway } from '@app/testing/use-gateway.js';
import { once } from 'node:events';
import { WebSocket } from 'ws';

const gateway = useGateway({ eventStreamsPerTenant: 3, rateLimitPerMinute: 0 });
let url: string;
beforeAll(async () => {
  await gateway.app.listen(0, '127.0.0.1');
  url = await gateway.app.getUrl();
});

const add = (...events: NewEvent[]) => recordEvents(gateway, ...events);
const gone = ({ id }: TestTenant, chatId: string, sessionId = 'ses_1'): NewEvent => ({
  tenantId: id,
  sessionId,
  type: 'chat.deleted',
  data: { chatId },
});
const chats = (events: EventBody[]) => events.map(({ data }) => data.chatId);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const aTokenOf = async ({ token }: TestTenant, scopes: string[]) => {
  const { body } = await gateway.call('POST /v1/tokens', { token, body: { name: 'x', scopes } });
  return body;
};

describe('GET /v1/events/stream', () => {
  const clients: EventSourceClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  const follow = async (token: string, query = '', headers: Record<string, string> = {}) => {
    const client = await EventSourceClient.open(`${url}/v1/events/stream?${query}`, { ...bearer(token), ...headers });
    clients.push(client);
    return client;
  };
  const refused = (token: string, query = '') => follow(token, query).then(String, (error: Error) => error.message);

  it('streams what comes to a tenant, and to no other', async () => {
    const [mine, theirs] = [await gateway.aTenant(), await gateway.aTenant()];
    await add(gone(mine, 'before'));
    const [client, other] = [await follow(mine.token), await follow(theirs.token)];
    await add(gone(mine, 'one'), gone(theirs, 'two'));
    await soon(() => expect([chats(client.events), chats(other.events)]).toEqual([['one'], ['two']]));
    expect(client.events[0]).toMatchObject({
      type: 'chat.deleted',
      tenantId: mine.id,
      sequence: expect.any(Number) as number,
    });
    expect(client.contentType).toMatch('text/event-stream');
  });

  it('goes on behind the last event, also when there was none yet', async () => {
    const tenant = await gateway.aTenant();
    const first = await follow(tenant.token);
    await soon(() => expect(first.lastId).not.toBeNull());
    await first.close();
    await add(gone(tenant, 'one'), gone(tenant, 'two'));
    const second = await follow(tenant.token, '', { 'last-event-id': first.lastId! });
    await soon(() => expect(chats(second.events)).toEqual(['one', 'two']));
    const { id } = second.events[0]!;
    const [third, fourth] = [
      await follow(tenant.token, `after=${id}`),
      await follow(tenant.token, `after=${second.lastId}`),
    ];
    await add(gone(tenant, 'three'));
    await soon(() => expect([chats(third.events), chats(fourth.events)]).toEqual([['two', 'three'], ['three']]));
  });

  it('filters', async () => {
    const tenant = await gateway.aTenant();
    const client = await follow(tenant.token, 'types=chat.*&sessionId=ses_1&only=group');
    await add(gone(tenant, '62812345678'), gone(tenant, '1234567@g.us'), {
      ...gone(tenant, '7654321@g.us'),
      sessionId: 'ses_2',
    });
    await add(gone(tenant, '8888888@g.us'));
    await soon(() => expect(chats(client.events)).toEqual(['1234567@g.us', '8888888@g.us']));
  });

  it.each([
    ['types=message.eaten', 'event.unknown-type'],
    ['only=ghosts', 'request.invalid'],
    ['after=nonsense', 'cursor.invalid'],
    ['after=evt_unknown', 'event.not-found'],
    ['speed=9', 'request.invalid'],
  ])('refuses %s before it streams', async (query, code) => {
    const { token } = await gateway.aTenant();
    expect(await refused(token, query)).toContain(`"code":"${code}"`);
  });

  it('says that a cursor is older than what is kept', async () => {
    const tenant = await gateway.aTenant();
    await add(gone(tenant, 'one'));
    const { body } = await gateway.call('GET /v1/events', { token: tenant.token });
    await gateway.db.query('INSERT INTO event_log_starts VALUES ($1, 9000000000, 1)', [tenant.id]);
    expect(await refused(tenant.token, `after=${body.nextCursor}`)).toMatch(/^410 .*"code":"events.cursor-expired"/);
    const listed = await gateway.call(`GET /v1/events?after=${body.nextCursor}`, { token: tenant.token });
    expect([listed.status, listed.body.code]).toEqual([410, 'events.cursor-expired']);
  });

  it('takes so many streams of a tenant and no more', async () => {
    const { token } = await gateway.aTenant();
    const [first] = [await follow(token), await follow(token), await follow(token)];
    expect(await refused(token)).toMatch(/^429 .*"code":"event.too-many-streams"/);
    await first.close();
    await soon(() => follow(token));
  });

  it('ends within seconds when the token is revoked, and says so', async () => {
    const tenant = await gateway.aTenant();
    const { id, token } = await aTokenOf(tenant, ['events:read']);
    const client = await follow(token);
    await gateway.call(`DELETE /v1/tokens/${id}`, { token: tenant.token });
    await client.ended;
    expect(client.others).toMatchObject([{ event: 'end', data: expect.stringContaining('token.invalid') as string }]);
  });

  it('ends within seconds when the tenant is suspended', async () => {
    const tenant = await gateway.aTenant();
    const client = await follow(tenant.token);
    await gateway.admin(`PATCH /v1/admin/tenants/${tenant.id}`, { status: 'suspended' });
    await client.ended;
    expect(client.others[0]?.data).toContain('tenant.suspended');
  });

  it('ends within seconds when the user gets another role', async () => {
    const tenant = await gateway.aTenant();
    const { body } = await gateway.admin('POST /v1/admin/users', { tenantId: tenant.id, name: 'Ada', role: 'owner' });
    const client = await follow(body.token);
    await gateway.admin(`PATCH /v1/admin/users/${body.id}`, { role: 'staff' });
    await client.ended;
    expect(client.others[0]?.data).toContain('access.role-changed');
  });

  it('opens with a stream token in the query, which opens nothing else', async () => {
    const tenant = await gateway.aTenant();
    const reader = await aTokenOf(tenant, ['events:read']);
    const { status, body } = await gateway.call('POST /v1/events/stream-tokens', { token: reader.token });
    expect([status, body]).toMatchObject([201, { token: expect.stringMatching(/^sws_/) as string }]);
    const client = await EventSourceClient.open(`${url}/v1/events/stream?token=${body.token}`);
    clients.push(client);
    await add(gone(tenant, 'one'));
    await soon(() => expect(chats(client.events)).toEqual(['one']));
    expect((await gateway.call(`GET /v1/events`, { token: body.token })).body.code).toBe('token.invalid');
    expect((await gateway.call(`GET /v1/events?token=${body.token}`)).body.code).toBe('token.missing');
    const forged = `${body.token.slice(0, -1)}${body.token.endsWith('A') ? 'E' : 'A'}`;
    await expect(EventSourceClient.open(`${url}/v1/events/stream?token=${forged}`)).rejects.toThrow('token.invalid');
  });
});

describe('/v1/events/ws', () => {
  const open: WebSocket[] = [];
  afterEach(() => open.splice(0).forEach((socket) => socket.terminate()));

  interface Message {
    type: string;
    cursor?: string;
    event?: EventBody;
    error?: { code: string };
  }

  const connect = async (token: string | null, { query = '', protocols = [] as string[] } = {}) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events/ws${query}`, protocols, {
      headers: token ? bearer(token) : {},
    });
    open.push(socket);
    const messages: Message[] = [];
    socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString()) as Message));
    const closed = once(socket, 'close') as Promise<[number, Buffer]>;
    closed.catch(() => undefined);
    await once(socket, 'open');
    const order = (message: object) => socket.send(JSON.stringify(message));
    return { socket, messages, order, closed, chats: () => chats(messages.flatMap(({ event }) => event ?? [])) };
  };

  /** The problem that an upgrade is refused with. */
  const refusal = async (token: string | null, path = '/v1/events/ws') => {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers: token ? bearer(token) : {} });
    const [, response] = (await once(socket, 'unexpected-response')) as [
      unknown,
      AsyncIterable<Buffer> & { statusCode: number },
    ];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return [response.statusCode, (JSON.parse(text) as { code: string }).code];
  };

  it('sends the events that were subscribed to, each with the cursor to go on from', async () => {
    const [mine, theirs] = [await gateway.aTenant(), await gateway.aTenant()];
    const first = await connect(mine.token);
    first.order({ type: 'subscribe', types: ['chat.*'], sessionIds: ['ses_1'] });
    await soon(() =>
      expect(first.messages).toMatchObject([{ type: 'subscribed', cursor: expect.any(String) as string }]),
    );
    await add(gone(mine, 'one'), gone(theirs, 'x'), { ...gone(mine, 'no'), sessionId: 'ses_2' }, gone(mine, 'two'));
    await soon(() => expect(first.chats()).toEqual(['one', 'two']));
    const { cursor } = first.messages[1]!;
    const second = await connect(mine.token);
    second.order({ type: 'subscribe', after: cursor });
    await soon(() => expect(second.chats()).toEqual(['no', 'two']));
  });

  it('has one subscription at a time, and none after it is taken back', async () => {
    const tenant = await gateway.aTenant();
    const { order, messages, chats: seen } = await connect(tenant.token);
    order({ type: 'subscribe', only: ['group'] });
    order({ type: 'subscribe', skips: ['group'] });
    await soon(() => expect(messages).toHaveLength(2));
    await add(gone(tenant, '1234567@g.us'), gone(tenant, '62812345678'));
    await soon(() => expect(seen()).toEqual(['62812345678']));
    order({ type: 'unsubscribe' });
    await soon(() => expect(messages.at(-1)).toEqual({ type: 'unsubscribed' }));
    await add(gone(tenant, 'unheard'));
    order({ type: 'subscribe' });
    await soon(() => expect(messages.at(-1)).toMatchObject({ type: 'subscribed' }));
    await add(gone(tenant, 'heard'));
    await soon(() => expect(seen()).toEqual(['62812345678', 'heard']));
  });

  it('answers a wrong order with its code and goes on', async () => {
    const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
    await add(gone(other, 'x'));
    const theirs = (await gateway.call('GET /v1/events', { token: other.token })).body.nextCursor;
    const { order, messages } = await connect(tenant.token);
    order({ type: 'subscribe', types: ['message.eaten'] });
    order({ type: 'dance' });
    order({ type: 'subscribe', speed: 9 });
    order({ type: 'subscribe', after: theirs });
    order({ type: 'subscribe' });
    const codes = ['event.unknown-type', 'request.invalid', 'request.invalid', 'cursor.invalid', undefined];
    await soon(() => expect(messages.map(({ error }) => error?.code)).toEqual(codes));
  });

  it.each([
    ['no JSON', 'hello', 4400],
    ['bytes', Buffer.from('{}'), 4400],
    ['a message that is too long', 'x'.repeat(70_000), 1009],
  ])('closes when it gets %s', async (_title, data, code) => {
    const { token } = await gateway.aTenant();
    const { socket, closed } = await connect(token);
    socket.send(data);
    expect((await closed)[0]).toBe(code);
  });

  it('is shut to whoever may not read events', async () => {
    const tenant = await gateway.aTenant();
    const scopeless = await aTokenOf(tenant, ['messages:read']);
    expect(await refusal(null)).toEqual([401, 'token.missing']);
    expect(await refusal(`swb_${'x'.repeat(43)}`)).toEqual([401, 'token.invalid']);
    expect(await refusal(gateway.adminToken)).toEqual([403, 'access.user-only']);
    expect(await refusal(scopeless.token)).toEqual([403, 'token.scope-missing']);
    expect(await refusal(tenant.token, '/v1/sessions')).toEqual([404, 'route.not-found']);
    await gateway.admin(`PATCH /v1/admin/tenants/${tenant.id}`, { status: 'suspended' });
    expect(await refusal(tenant.token)).toEqual([403, 'tenant.suspended']);
  });

  it('takes the token of a browser: as a protocol, or a stream token in the query', async () => {
    const tenant = await gateway.aTenant();
    const { body } = await gateway.call('POST /v1/events/stream-tokens', { token: tenant.token });
    const named = await connect(null, { protocols: ['switchboard.v1', `bearer.${tenant.token}`] });
    expect(named.socket.protocol).toBe('switchboard.v1');
    await connect(null, { protocols: ['switchboard.v1', `bearer.${body.token}`] });
    const queried = await connect(null, { query: `?token=${body.token}` });
    queried.order({ type: 'subscribe' });
    await soon(() => expect(queried.messages).toMatchObject([{ type: 'subscribed' }]));
    expect(await refusal(null, `/v1/events/ws?token=${tenant.token}`)).toEqual([401, 'token.invalid']);
  });

  it('counts with the streams of the tenant', async () => {
    const { token } = await gateway.aTenant();
    const [first] = [await connect(token), await connect(token), await connect(token)];
    expect(await refusal(token)).toEqual([429, 'event.too-many-streams']);
    first.socket.close();
    await soon(() => connect(token));
  });

  it('closes within seconds when the token is revoked', async () => {
    const tenant = await gateway.aTenant();
    const { id, token } = await aTokenOf(tenant, ['events:read']);
    const { closed } = await connect(token);
    await gateway.call(`DELETE /v1/tokens/${id}`, { token: tenant.token });
    const [code, reason] = await closed;
    expect([code, reason.toString()]).toEqual([4401, 'token.invalid']);
  });

  it('tells staff what is of the sessions that are shared with them', async () => {
    const tenant = await gateway.aTenant();
    const [shared, other] = [(await aSession(gateway.db, tenant.id)).id, (await aSession(gateway.db, tenant.id)).id];
    const { body } = await gateway.admin('POST /v1/admin/users', { tenantId: tenant.id, name: 'Ada' });
    const { messages, order, chats: seen } = await connect(body.token);
    order({ type: 'subscribe' });
    await soon(() => expect(messages).toMatchObject([{ type: 'subscribed' }]));
    await gateway.call(`POST /v1/sessions/${shared}/access`, { token: tenant.token, body: { userId: body.id } });
    await add(gone(tenant, 'other', other), gone(tenant, 'none'), gone(tenant, 'shared', shared));
    await soon(() => expect(seen()).toEqual(['shared']));
  });

  it('tells whoever asks without an upgrade', async () => {
    const { token } = await gateway.aTenant();
    const { status, body } = await gateway.call('GET /v1/events/ws', { token });
    expect([status, body.code]).toEqual([400, 'request.no-upgrade']);
  });
});

describe('streams of a gateway that goes down', () => {
  const other = useGateway();

  it('end, and do not hold it up', async () => {
    await other.app.listen(0, '127.0.0.1');
    const { token } = await other.aTenant();
    const base = await other.app.getUrl();
    const client = await EventSourceClient.open(`${base}/v1/events/stream`, bearer(token));
    const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/events/ws`, { headers: bearer(token) });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await other.stop();
    await client.ended;
    expect((await closed)[0]).toBe(1001);
  });
});
