import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';
import { Clock } from '../world/clock.js';

describe('faults', () => {
  const world = useSimulator({ seed: 'faults' });
  const aFault = async (fault: object) => {
    const { status, body } = await world.post<{ id: string }>('/faults', fault);
    expect({ status, body }).toMatchObject({ status: 201 });
    return body.id;
  };
  const twoClients = async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    await anna.sendText(ben.pn, 'hello');
    await ben.received('hello');
    return { anna, ben };
  };
  /** Ends the newest client's connections as the given action does, by its next ping. */
  const strikePing = async (client: BaileysClient, action: object) => {
    await aFault({ match: { account: client.pn, tag: 'iq', childTag: 'ping' }, action, times: 1 });
    void client.settle().catch(() => undefined);
  };
  afterEach(() => world.remove('/faults'));

  it('refuse a message with a code', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    await aFault({ match: { account: client.pn, tag: 'message' }, action: { kind: 'nack', code: 479 }, times: 1 });
    const refused = await client.sendText(contact.pn, 'refused');
    await client.settle();
    expect(client.refusalOf(refused)).toEqual(['479']);
    await client.reached(await client.sendText(contact.pn, 'accepted'), 3);
  });

  it('answer a query with an error, or not at all', async () => {
    const client = await world.aClient({ defaultQueryTimeoutMs: 500 }).pair(world.aNumber());
    const match = { account: client.pn, tag: 'iq', childTag: 'privacy', direction: 'in' };
    await aFault({ match, action: { kind: 'error', code: 429 }, times: 1 });
    await expect(client.socket.fetchPrivacySettings(true)).rejects.toMatchObject({ data: 429 });
    await aFault({ match, action: { kind: 'noReply' }, times: 1 });
    await expect(client.socket.fetchPrivacySettings(true)).rejects.toThrow();
    await expect(client.socket.fetchPrivacySettings(true)).resolves.toMatchObject({ last: 'all' });
  });

  it('lose a message on its way in, or on its way out until the next login', async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    const inbound = await aFault({
      match: { account: anna.pn, tag: 'message', direction: 'in' },
      action: { kind: 'drop' },
    });
    await anna.sendText(ben.pn, 'swallowed');
    expect(await world.remove(`/faults/${inbound}`)).toMatchObject({ status: 204 });
    await aFault({ match: { account: ben.pn, tag: 'message', direction: 'out' }, action: { kind: 'drop' }, times: 1 });
    await anna.sendText(ben.pn, 'late');
    await anna.sendText(ben.pn, 'on time');
    await ben.received('on time');
    await ben.close();
    await ben.connect().opened();
    await ben.received('late');
    expect(ben.upserts.some(({ message }) => message.message?.extendedTextMessage?.text === 'swallowed')).toBe(false);
  });

  it('deliver a message twice', async () => {
    const { anna, ben } = await twoClients();
    const match = { account: ben.pn, tag: 'message', direction: 'out' };
    await aFault({ match, action: { kind: 'duplicate' }, times: 1 });
    const id = await anna.sendText(ben.pn, 'double');
    await ben.received('double');
    const { items } = await world.get<{ items: object[] }>(`/stanzas?tag=message&direction=out&id=${id}`);
    expect(items.length).toBe(2);
    expect(await world.get('/faults')).toMatchObject({ items: [{ hits: 1 }] });
  });

  it('strike with a probability that follows from the seed', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    await aFault({
      match: { account: client.pn, tag: 'message' },
      action: { kind: 'nack', code: 479 },
      probability: 0.5,
    });
    const ids = await Promise.all(Array.from({ length: 20 }, () => client.sendText(contact.pn, 'dice')));
    const isDelivered = (id: string) => client.statusOf(id) >= 3;
    await client.until(() => ids.every((id) => client.refusalOf(id) ?? isDelivered(id)));
    const refused = ids.filter((id) => client.refusalOf(id)).length;
    expect(refused).toBeGreaterThan(2);
    expect(refused).toBeLessThan(18);
    const { items } = await world.get<{ items: { hits: number }[] }>('/faults');
    expect(items.at(-1)?.hits).toBe(refused);
  });

  it('hit the nth stanza of one device only', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    const match = { account: client.pn, device: 1, tag: 'message', nth: 2 };
    await aFault({ match: { ...match, device: 2, nth: 1 }, action: { kind: 'nack', code: 500 } });
    await aFault({ match, action: { kind: 'nack', code: 479 } });
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three']) ids.push(await client.sendText(contact.pn, text));
    await client.until(() => client.statusOf(ids[2] ?? '') >= 3);
    await client.settle();
    expect(ids.map((id) => client.refusalOf(id))).toEqual([undefined, ['479'], undefined]);
    expect(await world.get('/faults')).toMatchObject({ items: [{ hits: 0 }, { seen: 2, hits: 1 }] });
  });

  it('let stanzas overtake each other', async () => {
    const { anna, ben } = await twoClients();
    const match = { account: ben.pn, tag: 'message', direction: 'out' };
    await aFault({ match, action: { kind: 'reorder', window: 3 }, times: 3 });
    for (const text of ['first', 'second', 'third']) await anna.sendText(ben.pn, text);
    await ben.received('first');
    await ben.settle();
    const texts = ben.upserts.map(({ message }) => message.message?.extendedTextMessage?.text);
    expect(texts.filter((text) => text !== 'hello' && text)).toEqual(['third', 'second', 'first']);
    await aFault({ match, action: { kind: 'reorder', window: 100 }, times: 1 });
    await anna.sendText(ben.pn, 'alone');
    await ben.received('alone');
  });

  it('damage a ciphertext: the receiver asks again and gets the message', async () => {
    const { anna, ben } = await twoClients();
    const match = { account: ben.pn, tag: 'message', direction: 'out' };
    await aFault({ match, action: { kind: 'corrupt' }, times: 1 });
    const id = await anna.sendText(ben.pn, 'damaged');
    await world.get(`/stanzas/wait?account=${ben.pn}&tag=receipt&type=retry&direction=in&id=${id}`);
    await ben.received('damaged');
  });

  it('damage the first message of a conversation as well', async () => {
    const { ben } = await twoClients();
    const stranger = await world.aContact();
    const match = { account: ben.pn, tag: 'message', direction: 'out' };
    await aFault({ match, action: { kind: 'corrupt' }, times: 1 });
    const { body } = await world.post<{ ids: string[] }>(`/accounts/${stranger.pn}/send`, {
      to: ben.pn,
      text: 'first',
    });
    await world.get(`/stanzas/wait?account=${ben.pn}&tag=receipt&type=retry&direction=in&id=${body.ids[0]}`);
    await ben.received('first');
  });

  it('take the ciphertext away: the receiver asks its phone for the message', async () => {
    const { anna, ben } = await twoClients();
    const match = { account: ben.pn, tag: 'message', direction: 'out' };
    await aFault({ match, action: { kind: 'replaceEncWithNothing' }, times: 1 });
    const { lastSeq } = await world.get<{ lastSeq: number }>('/stanzas?limit=1');
    const id = await anna.sendText(ben.pn, 'empty');
    await ben.until(() => ben.upserts.find(({ message }) => message.key.id === id && message.messageStubType));
    const toThePhone = `account=${ben.pn}&tag=message&direction=in&since=${lastSeq}`;
    expect(await world.get(`/stanzas/wait?${toThePhone}`)).toMatchObject({ attrs: { category: 'peer' } });
  });

  it('hand out a used one-time key: the receiver cannot read and asks again', async () => {
    const { anna, ben } = await twoClients();
    anna.forgetSessions();
    await aFault({ match: { account: anna.pn }, action: { kind: 'stalePrekeys' }, times: 1 });
    const id = await anna.sendText(ben.pn, 'stale');
    await world.get(`/stanzas/wait?account=${ben.pn}&tag=receipt&type=retry&direction=in&id=${id}`);
    await ben.received('stale');
  });

  it('send a frame that cannot be decrypted: the client throws it away and goes on', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const thrown = whatIsThrown(client);
    await aFault({ match: { account: client.pn, direction: 'out' }, action: { kind: 'garbageFrame' }, times: 1 });
    await client.settle();
    expect(String(await thrown)).toContain('unable to authenticate');
    await client.settle();
    expect(client.isOpen).toBe(true);
  });

  it.each([
    ['a regular close', { kind: 'closeSocket', code: 1011 }, 428],
    ['a TCP reset', { kind: 'resetTcp' }, 428],
    ['the end of the stream', { kind: 'streamEnd' }, 428],
    ['a stream error with a code', { kind: 'streamError', error: 503 }, 503],
    ['a stream error without one', { kind: 'streamError', error: 'ack' }, 500],
    ['a conflict', { kind: 'streamError', error: 'replaced' }, 440],
    ['a restart of the service', { kind: 'restartWorld' }, 428],
  ])('end a connection with %s', async (_what, action, statusCode) => {
    const client = await world.aClient().pair(world.aNumber());
    await strikePing(client, action);
    expect(await client.ended()).toEqual({ statusCode });
    await client.connect().opened();
  });

  it('refuse a login, once', async () => {
    const client = await world.aClient().pair(world.aNumber());
    await client.close();
    await aFault({
      match: { account: client.pn },
      action: { kind: 'failure', reason: 402, expireSeconds: 60 },
      times: 1,
    });
    expect(await client.connect().ended()).toEqual({ statusCode: 402 });
    await client.connect().opened();
  });

  it('meet a client at the door: a foreign certificate, a refused WebSocket', async () => {
    const client = await world.aClient().pair(world.aNumber());
    await client.close();
    await aFault({ match: {}, action: { kind: 'badHandshake' }, times: 1 });
    expect(await client.connect().ended()).toEqual({ statusCode: 400 });
    await aFault({ match: {}, action: { kind: 'rejectUpgrade', status: 503 }, times: 1 });
    const { ws } = client.connect().socket as unknown as { ws: EventEmitter };
    const [, response] = (await once(ws, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(503);
    // The library does nothing about it: this attempt hangs until somebody ends it.
    await client.close();
    await client.connect().opened();
    expect(await world.post('/faults', { match: { tag: 'iq' }, action: { kind: 'badHandshake' } })).toMatchObject({
      status: 400,
      body: { code: 'fault.match' },
    });
  });

  it.each([
    [{ direction: 'out' }, { kind: 'nack', code: 479 }, 'what clients send'],
    [{ tag: 'iq' }, { kind: 'nack', code: 479 }, 'another tag than "iq"'],
    [{ tag: 'message' }, { kind: 'error', code: 500 }, 'stanzas with the tag "iq"'],
    [{ direction: 'in' }, { kind: 'failure', reason: 401 }, 'what clients are sent'],
    [{ direction: 'out' }, { kind: 'noReply' }, 'what clients send'],
    [{ tag: 'receipt' }, { kind: 'corrupt' }, 'stanzas with the tag "message"'],
    [{ account: '4917000000' }, { kind: 'rejectUpgrade', status: 503 }, 'empty match'],
  ])('that could never strike are refused: %j %j', async (match, action, reason) => {
    const { status, body } = await world.post('/faults', { match, action });
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'fault.match' } });
    expect(body.detail).toContain(reason);
  });

  it('of the media server are limited in number as well', async () => {
    const order = { match: { path: 'unicorn' }, action: { kind: 'timeout' } };
    for (let n = 0; n < 1_000; n++) await world.post('/media/faults', order);
    expect(await world.post('/media/faults', order)).toMatchObject({ status: 409, body: { code: 'fault.limit' } });
    expect(await world.remove('/media/faults')).toMatchObject({ body: { removed: 1_000 } });
  });

  it('are limited in number', async () => {
    const order = { match: { tag: 'unicorn' }, action: { kind: 'drop' } };
    for (let n = 0; n < 1_000; n++) await aFault(order);
    expect(await world.post('/faults', order)).toMatchObject({ status: 409, body: { code: 'fault.limit' } });
    expect(await world.remove('/faults')).toMatchObject({ body: { removed: 1_000 } });
  });
});

describe('faults that take time, on a clock that stands still', () => {
  const clock = new Clock(Date.parse('2026-01-31T12:00:00Z'));
  const world = useSimulator({ seed: 'slow', clock });

  it('hold a message back for as long as they were told', async () => {
    const [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    const match = { account: ben.pn, tag: 'message', direction: 'out' };
    await world.post('/faults', { match, action: { kind: 'delay', ms: 300 }, times: 1 });
    const idle = clock.pending;
    const id = await anna.sendText(ben.pn, 'slow');
    await world.until('a message held back', async () => clock.pending > idle);
    const sent = async () =>
      (await world.get<{ items: object[] }>(`/stanzas?direction=out&id=${id}&tag=message`)).items;
    clock.advance(299);
    expect(await sent()).toEqual([]);
    clock.advance(1);
    expect(await sent()).toHaveLength(1);
    await ben.received('slow');
  });

  it('slow a line down', async () => {
    const client = await world.aClient().pair(world.aNumber());
    await world.post('/faults', {
      match: { account: client.pn },
      action: { kind: 'throttle', bytesPerSec: 100 },
      times: 1,
    });
    const idle = clock.pending;
    let isAnswered = false;
    const answer = client.socket.fetchPrivacySettings(true).finally(() => (isAnswered = true));
    await world.until('an answer on its way', async () => clock.pending > idle);
    // The answer is longer than what fits through in this time.
    clock.advance(1_000);
    await world.aClient().pair(world.aNumber());
    expect(isAnswered).toBe(false);
    clock.advance(60_000);
    expect(await answer).toMatchObject({ last: 'all' });
  });
});

/** What the library throws outside of any promise somebody waits for. */
function whatIsThrown(client: BaileysClient): Promise<unknown> {
  const { ws } = client.socket as unknown as { ws: EventEmitter };
  const [listener] = ws.listeners('message') as ((data: unknown) => Promise<void>)[];
  return new Promise((resolve) => {
    ws.removeAllListeners('message');
    ws.on('message', (data) => void listener?.(data).catch(resolve));
  });
}
