import { ok } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

interface Stanza {
  at: string;
  tag: string;
  attrs: Record<string, string>;
  xml: string;
}

const CHECKS = 4;

describe('the pace of a session', () => {
  const stack = useStack({ NUMBER_CHECKS_PER_MINUTE: String(CHECKS) });

  /** Lets time pass in which nothing leaves: there is nothing to look at meanwhile. */
  const earned = (ms: number) => {
    const end = Date.now() + ms;
    return eventually('the pause is over', () => Date.now() >= end);
  };

  const pace = (session: GatewaySession, pacing: object | null) =>
    ok(session.tenant.client.PATCH('/v1/sessions/{sessionId}/settings', { ...session.at(), body: { pacing } }));
  const get = (session: GatewaySession, id: string) =>
    ok(session.tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })));
  const send = (session: GatewaySession, to: string, text: string, options: object = {}) =>
    ok(
      session.tenant.client.POST('/v1/sessions/{sessionId}/messages', {
        ...session.at(),
        body: { to, type: 'text', text, ...options },
      }),
    );
  /** What a contact has read, in order, once there is enough of it. */
  const texts = (contact: string, count: number) =>
    eventually(`${contact} has ${count} messages`, async () => {
      const seen = await stack.simulator.messages(contact);
      return seen.length >= count && seen.map(({ text }) => text);
    });
  /** The messages that left an account, as the network saw them. */
  const departures = async (account: string) => {
    const query = `account=${account}&tag=message&direction=in&limit=200`;
    const { items } = await stack.simulator.api.ok<{ items: Stanza[] }>(`GET /stanzas?${query}`);
    return items.filter(({ attrs }) => attrs.category !== 'peer');
  };

  async function aLink(pacing?: object) {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    if (pacing) await pace(session, pacing);
    return { tenant, phone, session, contact: await stack.simulator.aContact('silent') };
  }

  it('pain-25: messages leave one in every share of a minute, in order', async () => {
    const { phone, session, contact } = await aLink({ messagesPerMinute: 240 });
    const wanted = ['one', 'two', 'three', 'four', 'five'];
    for (const text of wanted) await send(session, contact.pn, text);
    expect(await texts(contact.pn, 5)).toEqual(wanted);
    const times = (await departures(phone)).map(({ at }) => Date.parse(at));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
  });

  it('lets a burst go at once, and what follows wait, visibly', async () => {
    const { phone, session, contact } = await aLink({ messagesPerMinute: 2, burst: 3 });
    // How many left before the link is not known: one goes at once, the burst is earned by pausing.
    const first = await send(session, contact.pn, 'first');
    const [second, third] = [await send(session, contact.pn, 'second'), await send(session, contact.pn, 'third')];
    expect(await texts(contact.pn, 1)).toEqual(['first']);
    const waitOf = async (id: string) => (await get(session, id)).waiting;
    const shown = await eventually('the third says that it waits', () => waitOf(third.id));
    expect(shown.reason).toBe('pace');
    const until = Date.parse(shown.until ?? '');
    expect(until).toBeGreaterThan(Date.now() + 35_000);
    expect(until).toBeLessThan(Date.now() + 65_000);
    expect(Date.parse((await waitOf(second.id))?.until ?? '')).toBeLessThan(Date.now() + 35_000);
    const { items } = await ok(session.tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at()));
    expect(items.map(({ id, waiting }) => [id, waiting?.reason ?? null])).toEqual([
      [third.id, 'pace'],
      [second.id, 'pace'],
      [first.id, null],
    ]);
    await pace(session, { messagesPerMinute: 60, burst: 3 });
    expect(await texts(contact.pn, 3)).toEqual(['first', 'second', 'third']);
    await eventually('nothing waits', async () => (await get(session, third.id)).waiting === null);
    // Three intervals of a second earn a burst of three.
    await earned(3_000);
    const before = (await departures(phone)).length;
    for (let n = 0; n < 3; n++) await send(session, contact.pn, `burst ${n}`);
    await texts(contact.pn, 6);
    const times = (await departures(phone)).slice(before).map(({ at }) => Date.parse(at));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(1_900);
  });

  it('adds jitter to the waits, and no more than set', async () => {
    const { phone, session, contact } = await aLink({ jitterMs: 400 });
    for (let n = 0; n < 8; n++) await send(session, contact.pn, `no ${n}`);
    await texts(contact.pn, 8);
    const times = (await departures(phone)).map(({ at }) => Date.parse(at));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Seven waits of up to 400 ms: less than a tenth of that is as good as impossible.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(280);
    expect(new Set(gaps.map((gap) => Math.round(gap / 10))).size).toBeGreaterThan(2);
  });

  it('shows typing as long as the text is, when told "auto"', async () => {
    const { phone, session, contact } = await aLink();
    const sent = await send(session, contact.pn, 'x'.repeat(20), { typing: 'auto' });
    const waiting = await eventually('it says that somebody types', async () => (await get(session, sent.id)).waiting);
    expect(waiting.reason).toBe('typing');
    await texts(contact.pn, 1);
    const left = Date.parse((await departures(phone))[0]?.at ?? '');
    const states = await stack.simulator.api.ok<{ items: Stanza[] }>(
      `GET /stanzas?account=${phone}&tag=chatstate&direction=in`,
    );
    // Twelve characters a second: two seconds.
    const typedMs = left - Date.parse(states.items[0]?.at ?? '');
    expect(typedMs).toBeGreaterThan(1_800);
    expect(typedMs).toBeLessThan(15_000);
  });

  it('shows typing before every message once the session says so, unless the message says otherwise', async () => {
    const { phone, session, contact } = await aLink();
    const timesTyped = async () => {
      const query = `account=${phone}&tag=chatstate&childTag=composing&direction=in`;
      return (await stack.simulator.api.ok<{ items: Stanza[] }>(`GET /stanzas?${query}`)).items.length;
    };
    const set = (typing: number | 'auto' | null) =>
      ok(session.tenant.client.PATCH('/v1/sessions/{sessionId}/settings', { ...session.at(), body: { typing } }));
    const left = async ({ id }: { id: string }) => (await get(session, id)).status !== 'pending';
    const early = await send(session, contact.pn, 'x'.repeat(20));
    await eventually('it is sent', () => left(early));
    expect(await timesTyped()).toBe(0);
    expect((await set('auto')).typing).toBe('auto');
    const typed = await send(session, contact.pn, 'x'.repeat(20));
    const waiting = await eventually('it says that somebody types', async () => (await get(session, typed.id)).waiting);
    expect(waiting.reason).toBe('typing');
    await eventually('it is sent, too', () => left(typed));
    const before = await timesTyped();
    expect(before).toBeGreaterThan(0);
    const plain = await send(session, contact.pn, 'x'.repeat(600), { typing: 0 });
    await eventually('it is sent without', () => left(plain));
    expect((await set(null)).typing).toBeNull();
    const last = await send(session, contact.pn, 'x'.repeat(600));
    await eventually('the last is sent without', () => left(last));
    expect(await timesTyped()).toBe(before);
  });

  it('pain-12: asks WhatsApp for so many numbers a minute, and says when it may go on', async () => {
    const { tenant, session, contact } = await aLink();
    const check = (to: string) =>
      tenant.api.call(`POST ${session.path}/messages`, { to, type: 'text', text: 'hi', checkNumber: true });
    expect((await check(contact.pn)).status).toBe(202);
    for (let n = 1; n < CHECKS; n++) expect((await check(`62813999990${10 + n}`)).status).toBe(400);
    const refused = await check('6281399999099');
    expect(refused).toMatchObject({ status: 429, body: { code: 'number.too-many-checks' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // What is known costs nothing, and other sessions have their own allowance.
    expect((await check(contact.pn)).status).toBe(202);
    const other = await aLink();
    const theirs = await other.tenant.api.call(`POST ${other.session.path}/messages`, {
      to: '6281399999098',
      type: 'text',
      text: 'hi',
      checkNumber: true,
    });
    expect(theirs).toMatchObject({ status: 400, body: { code: 'message.not-on-whatsapp' } });
  });

  it('pain-25: a queue survives kill -9, and nothing comes twice', async () => {
    const { session, contact } = await aLink({ messagesPerMinute: 600 });
    const wanted = Array.from({ length: 12 }, (_, index) => `no ${index}`);
    for (const text of wanted) await send(session, contact.pn, text);
    await texts(contact.pn, 3);
    await stack.gateway.kill();
    await stack.gateway.start();
    // What was on the wire when the process died goes out again, under the same id.
    const seen = await eventually('the contact has them all', async () => {
      const distinct = [...new Set(await texts(contact.pn, 12))];
      return distinct.length === wanted.length && distinct;
    });
    expect(seen).toEqual(wanted);
    expect(await stack.simulator.stats(contact.pn)).toMatchObject({ distinct: 12 });
  });

  it('ends when the tenant has used up its quota, and says when there is more', async () => {
    const { tenant, session, contact } = await aLink();
    const other = await aLink();
    await ok(
      stack.gateway.admin.client.PATCH('/v1/admin/tenants/{id}', {
        params: { path: { id: tenant.id } },
        body: { messagesPerDay: 2 },
      }),
    );
    const order = { to: contact.pn, type: 'text' as const, text: 'hello' };
    const first = () => session.api.call('POST /messages', order, { 'Idempotency-Key': 'first' });
    await eventually('the quota is known everywhere', async () => {
      const refused = await tenant.api.call(`POST ${session.path}/messages`, order);
      return refused.body.code === 'message.quota-used-up' && refused;
    });
    const refused = await first();
    expect(refused).toMatchObject({ status: 429, body: { code: 'message.quota-used-up' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await send(other.session, other.contact.pn, 'another tenant is not concerned');
    await ok(
      stack.gateway.admin.client.PATCH('/v1/admin/tenants/{id}', {
        params: { path: { id: tenant.id } },
        body: { messagesPerDay: null },
      }),
    );
    await eventually('the quota is lifted', async () => (await first()).status === 202);
  });

  it('is told by the health of the session, as are its queue and its budget', async () => {
    const { session, contact } = await aLink({ messagesPerMinute: 1, newChatsPerDay: 9 });
    const sent = await send(session, contact.pn, 'leaves at once');
    await send(session, contact.pn, 'waits');
    await eventually('the first one is confirmed', async () => (await get(session, sent.id)).status !== 'pending');
    const health = await eventually('the health tells', async () => {
      const state = await ok(session.tenant.client.GET('/v1/sessions/{sessionId}/health', session.at()));
      return state.lastAckAt !== null && state.queue.unacknowledged === 0 && state;
    });
    expect(health).toMatchObject({
      status: 'connected',
      roundTripMs: expect.any(Number) as number,
      restriction: null,
      newChats: { isCapped: false },
      ownNewChats: { allowed: 9, used: 1 },
      queue: { pending: 1, oldestPendingAt: expect.any(String) as string, waiting: [], unacknowledged: 0 },
    });
    await ok(session.tenant.client.POST('/v1/sessions/{sessionId}/stop', session.at()));
    expect(await ok(session.tenant.client.GET('/v1/sessions/{sessionId}/health', session.at()))).toMatchObject({
      status: 'stopped',
      roundTripMs: null,
      queue: { pending: 1 },
    });
  });

  it('sends answers first and campaigns last', async () => {
    const { phone, session, contact } = await aLink({ messagesPerMinute: 30 });
    const [other, writer] = [await stack.simulator.aContact('silent'), await stack.simulator.aContact('silent')];
    await stack.simulator.send(writer.pn, phone, { text: 'a question' });
    await eventually('the question is there', async () => {
      const { items } = await ok(session.tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at()));
      return items.length > 0;
    });
    await send(session, contact.pn, 'first');
    await texts(contact.pn, 1);
    await send(session, other.pn, 'campaign', { priority: 'bulk' });
    await send(session, contact.pn, 'normal');
    const answer = await send(session, writer.pn, 'an answer');
    const last = await eventually('the campaign is sent', async () => {
      const { items } = await ok(session.tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at()));
      const own = items.filter(({ text }) => text !== 'a question');
      return own.every(({ status }) => !['pending', 'sent'].includes(status)) && own;
    });
    const order = last
      .map(({ text, timeline }) => ({ text, at: timeline.find(({ status }) => status === 'sent')?.at ?? '' }))
      .sort((a, b) => a.at.localeCompare(b.at));
    expect(order.map(({ text }) => text)).toEqual(['first', 'an answer', 'normal', 'campaign']);
    expect(answer.status).toBe('pending');
  });

  it('keeps all but answers back in quiet hours', async () => {
    const { phone, session, contact } = await aLink();
    const now = new Date();
    const clock = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString().slice(11, 16);
    await pace(session, { quietHours: { from: clock(-1), to: clock(2), timeZone: 'UTC' } });
    const held = await send(session, contact.pn, 'not now');
    const writer = await stack.simulator.aContact('silent');
    await stack.simulator.send(writer.pn, phone, { text: 'are you there?' });
    await eventually('the question is there', async () => {
      const { items } = await ok(session.tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at()));
      return items.some(({ text }) => text === 'are you there?');
    });
    await send(session, writer.pn, 'yes');
    expect(await texts(writer.pn, 1)).toEqual(expect.arrayContaining(['yes']));
    const { status, waiting } = await get(session, held.id);
    expect({ status, reason: waiting?.reason }).toEqual({ status: 'pending', reason: 'quiet-hours' });
    const end = Date.parse(waiting?.until ?? '') - now.getTime();
    expect(end).toBeGreaterThan(1.9 * 3_600_000);
    expect(end).toBeLessThan(2.1 * 3_600_000);
    await pace(session, null);
    expect(await texts(contact.pn, 1)).toEqual(['not now']);
  });

  it('begins no more new chats in a day than set, and goes on with those that it has', async () => {
    const { session, contact } = await aLink({ newChatsPerDay: 1 });
    const other = await stack.simulator.aContact('silent');
    await send(session, contact.pn, 'hello');
    await texts(contact.pn, 1);
    const { id } = await send(session, other.pn, 'one too many');
    await send(session, contact.pn, 'hello again');
    expect(await texts(contact.pn, 2)).toEqual(['hello', 'hello again']);
    expect((await get(session, id)).waiting).toMatchObject({ reason: 'new-chats-used-up' });
    await pace(session, { newChatsPerDay: 5 });
    expect(await texts(other.pn, 1)).toEqual(['one too many']);
  });

  it('shows typing before a message, and keeps the order of the chat', async () => {
    const { phone, session, contact } = await aLink();
    const other = await stack.simulator.aContact('silent');
    const typed = await send(session, contact.pn, 'typed', { typing: 4 });
    const shown = eventually('the message says that somebody types', async () => {
      return (await get(session, typed.id)).waiting?.reason === 'typing';
    });
    await send(session, contact.pn, 'after it');
    const elsewhere = await send(session, other.pn, 'elsewhere');
    await shown;
    expect(await texts(contact.pn, 2)).toEqual(['typed', 'after it']);
    expect((await departures(phone)).map(({ attrs }) => attrs.id)[0]).toBe(elsewhere.messageId);
    const states = await stack.simulator.api.ok<{ items: Stanza[] }>(
      `GET /stanzas?account=${phone}&tag=chatstate&direction=in`,
    );
    expect(states.items.map(({ xml }) => xml).join()).toContain('composing');
    const account = await stack.simulator.api.ok<{ everAvailable: boolean }>(`GET /accounts/${phone}`);
    expect(account.everAvailable).toBe(false);
  });

  it('merges settings, and takes them away with null', async () => {
    const { session, tenant } = await aLink({ messagesPerMinute: 20, burst: 5 });
    await pace(session, { burst: null, jitterMs: 300 });
    const settings = await ok(tenant.client.GET('/v1/sessions/{sessionId}/settings', session.at()));
    expect(settings).toMatchObject({ pacing: { messagesPerMinute: 20, burst: null, jitterMs: 300, quietHours: null } });
  });

  it.each([
    ['no messages at all', { pacing: { messagesPerMinute: 0 } }, '/pacing/messagesPerMinute'],
    [
      'an hour that is none',
      { pacing: { quietHours: { from: '25:00', to: '07:00', timeZone: 'UTC' } } },
      '/pacing/quietHours/from',
    ],
    [
      'a time zone that is none',
      { pacing: { quietHours: { from: '22:00', to: '07:00', timeZone: 'Mars' } } },
      '/pacing/quietHours/timeZone',
    ],
    ['an unknown field', { pacing: { speed: 1 } }, '/pacing/speed'],
    ['typing for too long', { typing: 61 }, '/typing'],
  ])('refuses %s and names the field', async (_, body, pointer) => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    const answer = await session.api.raw('PATCH /settings', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
  });

  it.each([
    ['typing', 61],
    ['typing', -1],
    ['typing', 'slowly'],
    ['priority', 'urgent'],
  ])('refuses %s %s', async (field, value) => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    const body = { to: '6281300000001', type: 'text', text: 'x', [field]: value };
    const answer = await session.api.raw('POST /messages', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: `/${field}` }] } });
  });
});
