import { ok } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

interface MessageBody {
  id: string;
  messageId: string;
  status: string;
  errorCode: string | null;
  error: { code: string; detail: string } | null;
  timeline: { status: string; reason?: string }[];
  waiting: { reason: string; until: string | null } | null;
}

describe('getting messages through', () => {
  const stack = useStack({ SEND_ACK_TIMEOUT_MS: '1000', SEND_RETRIES: '2' });

  const get = (session: GatewaySession, id: string) =>
    ok(session.tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })));
  const becomes = (session: GatewaySession, id: string, status: string) =>
    eventually(`the message is ${status}`, async () => {
      const message = await get(session, id);
      return message.status === status && message;
    });
  const fault = (account: string, action: object, times?: number) =>
    stack.simulator.api.ok<{ id: string }>('POST /faults', {
      match: { account, tag: 'message', direction: 'in' },
      action,
      times,
    });
  const steps = ({ timeline }: MessageBody) =>
    timeline.map(({ status, reason }) => (reason ? `${status} (${reason})` : status));
  /** However often it was sent again: a machine that is busy is late with acks, too. */
  const stages = (message: MessageBody) => [...new Set(steps(message))];

  afterEach(() => stack.simulator.api.ok('DELETE /faults'));

  async function aLink(behaviour = 'silent') {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    return { tenant, phone, session, contact: await stack.simulator.aContact(behaviour) };
  }

  it('pain-04: sends a message whose ack got lost again under the same id, and the recipient sees one', async () => {
    const { phone, session } = await aLink();
    const contact = await stack.simulator.aContact('silent', { deliveryMs: 3000 });
    await fault(phone, { kind: 'noReply' }, 1);
    const { id, messageId } = await session.send(contact.pn, 'once is enough');
    const message = await becomes(session, id, 'delivered');
    expect(stages(message)).toEqual(['pending', 'sent', 'sent (no-ack)', 'server_ack', 'delivered']);
    expect(await stack.simulator.stats(contact.pn)).toMatchObject({ distinct: 1 });
    const seen = await stack.simulator.messages(contact.pn);
    expect(seen.filter(({ repeat }) => !repeat).map((shown) => shown.id)).toEqual([messageId]);
  });

  it('pain-04: gives up when WhatsApp never confirms, and says so', async () => {
    const { tenant, phone, session, contact } = await aLink();
    await fault(phone, { kind: 'drop' });
    const { id } = await session.send(contact.pn, 'into the void');
    const message = await becomes(session, id, 'failed');
    expect(message.error).toMatchObject({ code: 'message.no-ack' });
    expect(steps(message)).toEqual(['pending', 'sent', 'sent (no-ack)', 'sent (no-ack)', 'failed']);
    const [failed] = await tenant.events('message.failed');
    expect(failed?.data).toMatchObject({ id, errorCode: 'message.no-ack' });
    expect((await stack.simulator.stats(contact.pn)).received).toBe(0);
  });

  it('looks after messages whose ack never came before the gateway was killed', async () => {
    const { phone, session, contact } = await aLink();
    const { id: faultId } = await fault(phone, { kind: 'drop' });
    const { id } = await session.send(contact.pn, 'wait for me');
    await becomes(session, id, 'sent');
    await stack.gateway.kill();
    await stack.simulator.api.ok(`DELETE /faults/${faultId}`);
    await stack.gateway.start();
    const message = await becomes(session, id, 'delivered');
    expect(stages(message).filter((stage) => stage !== 'sent (no-ack)')).toEqual([
      'pending',
      'sent',
      'sent (reconnected)',
      'server_ack',
      'delivered',
    ]);
    expect(await stack.simulator.stats(contact.pn)).toMatchObject({ distinct: 1 });
  });

  it('tells what to do about a refusal, by its code', async () => {
    const { tenant, phone, session, contact } = await aLink();
    for (const code of [400, 405, 406, 479, 500, 503]) {
      await fault(phone, { kind: 'nack', code }, 1);
      const { id } = await session.send(contact.pn, 'refused', { wait: true });
      const message = await becomes(session, id, 'failed');
      expect(message.errorCode).toBe(`message.refused-${code}`);
      expect(message.error?.detail).toMatch(/^[A-Z].*\.$/);
      expect(message.error?.detail).not.toContain('not known');
      const failed = (await tenant.events('message.failed')).find(({ data }) => data.id === id);
      expect(failed?.data).toMatchObject({ id, detail: message.error?.detail });
    }
  });

  describe('when WhatsApp restricts the account', () => {
    const limit = (phone: string, limits: object) => stack.simulator.api.ok(`PATCH /accounts/${phone}/limits`, limits);
    const told = (session: GatewaySession, type: string) =>
      eventually(`${type} is told`, async () => (await session.tenant.events(type))[0]);

    it('pain-11: cold messages wait, answers flow on, and all of it without a restart', async () => {
      const { phone, session, contact } = await aLink();
      const writer = await stack.simulator.aContact('silent');
      await limit(phone, { timeLock: { seconds: 3600, type: 'BIZ_QUALITY' } });
      expect((await told(session, 'account.restricted')).data).toMatchObject({ reason: 'BIZ_QUALITY' });
      const cold = await session.send(contact.pn, 'we do not know each other');
      await stack.simulator.send(writer.pn, phone, { text: 'a question' });
      await told(session, 'message.received');
      const answer = await session.send(writer.pn, 'an answer');
      await becomes(session, answer.id, 'delivered');
      const waiting = await eventually('the cold message says why it waits', async () => {
        const message = await get(session, cold.id);
        return message.waiting && message;
      });
      expect(waiting).toMatchObject({ status: 'pending', waiting: { reason: 'account-restricted' } });
      expect((await stack.simulator.stats(contact.pn)).received).toBe(0);
      expect(await session.get()).toMatchObject({ status: 'connected' });

      await limit(phone, { timeLock: { seconds: 0 } });
      await becomes(session, cold.id, 'delivered');
      expect((await told(session, 'account.restored')).data).toEqual({ was: 'restricted' });
    });

    it('pain-11: what is held back in a chat leaves when the other side writes', async () => {
      const { phone, session, contact } = await aLink();
      await limit(phone, { timeLock: { seconds: 3600 } });
      await told(session, 'account.restricted');
      const { id } = await session.send(contact.pn, 'cold');
      await eventually('it waits', async () => (await get(session, id)).waiting);
      await stack.simulator.send(contact.pn, phone, { text: 'I was about to write' });
      await becomes(session, id, 'delivered');
    });

    it('pain-11: a refusal with 463 puts a message back to wait once the lock is known', async () => {
      const { phone, session, contact } = await aLink();
      // The lock is not told by itself.
      const { id: faultId } = await stack.simulator.api.ok<{ id: string }>('POST /faults', {
        match: { account: phone, tag: 'notification', direction: 'out' },
        action: { kind: 'drop' },
      });
      await limit(phone, { timeLock: { seconds: 3600 } });
      const { id } = await session.send(contact.pn, 'cold');
      const message = await eventually('it waits', async () => {
        const found = await get(session, id);
        return found.waiting && found;
      });
      expect(steps(message)).toEqual(['pending', 'sent', 'pending (account-restricted)']);
      expect(await session.tenant.events('message.failed')).toEqual([]);
      await stack.simulator.api.ok(`DELETE /faults/${faultId}`);
      await limit(phone, { timeLock: { seconds: 0 } });
      await becomes(session, id, 'delivered');
    });

    it('pain-11: fails with 463 when the account is not restricted but the recipient wants no strangers', async () => {
      const { session } = await aLink();
      const contact = await stack.simulator.aContact('silent');
      await stack.simulator.api.ok(`PATCH /accounts/${contact.pn}`, { demandsToken: true });
      const { id } = await session.send(contact.pn, 'hello');
      const message = await becomes(session, id, 'failed');
      expect(message.error?.code).toBe('message.refused-463');
    });

    it('pain-11: a capped account begins no more chats and goes on with those that it has', async () => {
      const { phone, session, contact } = await aLink();
      await limit(phone, { capping: { total: 1, used: 0, cycleSeconds: 3600 } });
      const first = await session.send(contact.pn, 'the only one');
      await becomes(session, first.id, 'delivered');
      expect((await told(session, 'account.capped')).data).toMatchObject({ total: 1, used: 1 });
      const other = await stack.simulator.aContact('silent');
      const { id } = await session.send(other.pn, 'one too many');
      const more = await session.send(contact.pn, 'and another thing');
      await becomes(session, more.id, 'delivered');
      const waiting = await eventually('it waits', async () => (await get(session, id)).waiting);
      expect(waiting.reason).toBe('account-capped');
      await limit(phone, { capping: { total: 0 } });
      await becomes(session, id, 'delivered');
    });

    it('pain-11: knows after kill -9 what it may not send', async () => {
      const { phone, session, contact } = await aLink();
      await limit(phone, { timeLock: { seconds: 3600 } });
      await told(session, 'account.restricted');
      const { id } = await session.send(contact.pn, 'cold');
      await eventually('it waits', async () => (await get(session, id)).waiting);
      await stack.gateway.kill();
      await stack.gateway.start();
      await session.becomes('connected');
      const second = await session.send(contact.pn, 'cold too');
      await eventually('the second waits', async () => (await get(session, second.id)).waiting);
      expect((await stack.simulator.stats(contact.pn)).received).toBe(0);
      await limit(phone, { timeLock: { seconds: 0 } });
      await becomes(session, second.id, 'delivered');
    });
  });

  it('pain-05: serves a recipient who could not read a message, also after kill -9', async () => {
    const { phone, session } = await aLink();
    const contact = await stack.simulator.aContact('silent', { retries: true });
    const post = (match: object, action: object, times?: number) =>
      stack.simulator.api.ok<{ id: string }>('POST /faults', { match: { account: phone, ...match }, action, times });
    await post({ tag: 'message', direction: 'in' }, { kind: 'corrupt' }, 1);
    // The request of the recipient comes again at the next login.
    const { id: faultId } = await post({ tag: 'receipt', direction: 'out' }, { kind: 'drop' });
    const { messageId } = await session.send(contact.pn, 'say again?', { wait: true });
    await eventually('the contact has asked', async () => {
      const { items } = await stack.simulator.api.ok<{ items: { id: string; hits?: number; hit?: number }[] }>(
        'GET /faults',
      );
      const dropping = items.find(({ id }) => id === faultId);
      return Number(dropping?.hits ?? dropping?.hit ?? 0) > 0;
    });
    await stack.simulator.api.ok('DELETE /faults');
    await stack.gateway.kill();
    await stack.gateway.start();
    await eventually(
      'the contact reads it',
      async () =>
        (await stack.simulator.messages(contact.pn)).some(({ id, text }) => id === messageId && text === 'say again?'),
      30_000,
    );
  });

  describe('pain-15: a message that cannot be read', () => {
    const ad = {
      title: 'Spring sale',
      sourceType: 'ad',
      sourceId: '4711',
      sourceUrl: 'https://fb.me/x',
      ctwaClid: 'click',
    };
    const fromAd = { extendedTextMessage: { text: 'I saw your ad', contextInfo: { externalAdReply: ad } } };
    const received = (session: GatewaySession) =>
      eventually(
        'the message is there after all',
        async () => (await session.tenant.events('message.received'))[0]?.data.message,
        40_000,
      );
    const empty = (phone: string) =>
      stack.simulator.api.ok('POST /faults', {
        match: { account: phone, tag: 'message', direction: 'out' },
        action: { kind: 'replaceEncWithNothing' },
        times: 1,
      });

    it('is told, asked for, and comes with the ad that brought it', async () => {
      const { phone, session, contact } = await aLink();
      await empty(phone);
      const [messageId] = await stack.simulator.send(contact.pn, phone, { message: fromAd });
      const told = await eventually(
        'it is told',
        async () => (await session.tenant.events('message.undecryptable'))[0],
      );
      expect(told.data).toMatchObject({ messageId, chatId: contact.pn, senderId: contact.pn });
      expect(await received(session)).toMatchObject({
        messageId,
        chatId: contact.pn,
        text: 'I saw your ad',
        context: { referral: { title: 'Spring sale', sourceId: '4711', clickId: 'click' } },
      });
    });

    it('is asked for again after kill -9, until it comes', async () => {
      const { phone, session, contact } = await aLink();
      await empty(phone);
      const { id } = await fault(phone, { kind: 'drop' });
      const [messageId] = await stack.simulator.send(contact.pn, phone, { text: 'hello?' });
      await eventually('it is told', async () => (await session.tenant.events('message.undecryptable'))[0]);
      await stack.gateway.kill();
      await stack.simulator.api.ok(`DELETE /faults/${id}`);
      await stack.gateway.start();
      expect(await received(session)).toMatchObject({ messageId, text: 'hello?' });
      expect(await session.tenant.events('message.received')).toHaveLength(1);
    });
  });
});
