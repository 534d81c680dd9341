import { ok } from '@app/client/client.js';
import { Client } from 'pg';
import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';

interface MessageBody {
  id: string;
  messageId: string;
  status: string;
  text: string | null;
}

describe('what is done with messages', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;
  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    ana = await stack.simulator.aContact('reader');
  });

  /** The event of a type that is about a message. */
  const told = (type: string, about: { messageId: string }, also: (data: EventBody['data']) => boolean = () => true) =>
    eventually(`${type} of ${about.messageId}`, async () => {
      const events = await tenant.events(type);
      return events.find(({ data }) => data.messageId === about.messageId && also(data))?.data;
    });

  /** A message of Ana that the session has. */
  async function received(text: string): Promise<MessageBody> {
    const [messageId = ''] = await stack.simulator.send(ana.pn, phone, { text });
    return arrived(messageId);
  }

  const arrived = (messageId: string) =>
    eventually(`${messageId} has come`, async () => {
      const { items } = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { limit: 200 })),
      );
      return items.find((item) => item.messageId === messageId);
    });

  const sent = (text: string) => session.send(ana.pn, text, { wait: true });
  const deed = (who: string, what: string, order: object) =>
    stack.simulator.api.ok<{ id: string }>(`POST /accounts/${who}/${what}`, order);
  const get = (id: string) =>
    ok(tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })));

  describe('by contacts', () => {
    it('shows an edit and what it said before', async () => {
      const message = await received('helo');
      await deed(ana.pn, 'edit', { id: message.messageId, text: 'hello' });
      expect(await told('message.edited', message)).toMatchObject({
        id: message.id,
        text: 'hello',
        fromMe: false,
        by: { phone: ana.pn },
      });
      expect(await get(message.id)).toMatchObject({ text: 'hello', edits: [{ text: 'helo' }] });
    });

    it('keeps what a deleted message said, and says that it is deleted', async () => {
      const message = await received('secret');
      await deed(ana.pn, 'revoke', { id: message.messageId });
      await told('message.revoked', message);
      expect(await get(message.id)).toMatchObject({ text: 'secret', revokedAt: expect.any(String) as string });
    });

    it('shows reactions, the last one of each person', async () => {
      const message = await sent('like it?');
      await eventually('Ana has it', async () =>
        (await stack.simulator.messages(ana.pn)).some(({ id }) => id === message.messageId),
      );
      await deed(ana.pn, 'react', { id: message.messageId, emoji: '👍' });
      expect(await told('message.reaction', message)).toMatchObject({ emoji: '👍', by: { phone: ana.pn } });
      await deed(ana.pn, 'react', { id: message.messageId, emoji: '❤️' });
      await told('message.reaction', message, ({ emoji }) => emoji === '❤️');
      expect(await get(message.id)).toMatchObject({ reactions: [{ emoji: '❤️', by: ana.pn }] });
      await deed(ana.pn, 'react', { id: message.messageId, emoji: '' });
      await told('message.reaction', message, ({ emoji }) => emoji === null);
      expect(await get(message.id)).toMatchObject({ reactions: [] });
    });

    it('shows a pin', async () => {
      const message = await received('remember this');
      await deed(ana.pn, 'pin', { id: message.messageId, seconds: 604_800 });
      expect(await told('message.pinned', message)).toMatchObject({ isPinned: true });
      expect(await get(message.id)).toMatchObject({ isPinned: true });
      await deed(ana.pn, 'pin', { id: message.messageId, seconds: 0 });
      await told('message.pinned', message, ({ isPinned }) => isPinned === false);
      expect(await get(message.id)).toMatchObject({ isPinned: false });
    });
  });

  describe('on the phone of the account', () => {
    it('shows stars and reactions, and forgets what was deleted for oneself', async () => {
      const message = await received('worth a star');
      await deed(phone, 'phone', { op: 'star', chat: ana.pn, id: message.messageId, fromMe: false, on: true });
      expect(await told('message.starred', message)).toMatchObject({ isStarred: true, fromMe: true });
      expect(await get(message.id)).toMatchObject({ isStarred: true });
      await deed(phone, 'react', { id: message.messageId, emoji: '🙏' });
      expect(await told('message.reaction', message)).toMatchObject({ fromMe: true, by: { phone } });
      await deed(phone, 'phone', { op: 'deleteMessageForMe', chat: ana.pn, id: message.messageId, fromMe: false });
      await told('message.deleted', message);
      const answer = await tenant.api.call(`GET ${session.path}/messages/${message.id}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'message.not-found' } });
    });
  });

  describe('from here', () => {
    const on = (id: string) => session.api.under(`/messages/${id}`);
    const refused = async (route: string, id: string, body?: object) => {
      const { status, body: problem } = await on(id).raw(route, body);
      return `${status} ${problem.code}`;
    };
    /** What Ana has seen of something done with a message. */
    const seen = (targetId: string, kind: string, also: (item: Seen) => boolean = () => true) =>
      eventually(`Ana sees ${kind} of ${targetId}`, async () => {
        const { items } = await stack.simulator.api.ok<{ items: Seen[] }>(`GET /messages?account=${ana.pn}&full=true`);
        return items.find((item) => item.target === targetId && item.kind === kind && also(item));
      });
    interface Seen {
      kind: string;
      target?: string;
      text: string | null;
      action?: string;
      response?: string;
      message: Record<string, object>;
    }

    it('edits a text', async () => {
      const message = await sent('helo from us');
      const edit = await on(message.id).ok('PATCH ?wait=server_ack', { text: 'hello from us' });
      expect(edit).toMatchObject({ type: 'edit', targetId: message.id, errorCode: null });
      expect(await seen(message.messageId, 'protocolMessage')).toMatchObject({
        action: 'MESSAGE_EDIT',
        text: 'hello from us',
      });
      expect(await told('message.edited', message)).toMatchObject({ text: 'hello from us', fromMe: true });
      expect(await get(message.messageId)).toMatchObject({
        text: 'hello from us',
        edits: [{ text: 'helo from us' }],
        editedAt: expect.any(String) as string,
      });
      const { items } = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { limit: 200 })),
      );
      expect(items.map(({ id }) => id)).not.toContain(edit.id);
      expect(await get(edit.id)).toMatchObject({ id: edit.id, type: 'edit' });
    });

    it('refuses to edit what is not ours, too old, unknown, no text, or gone', async () => {
      const [theirs, ours] = [await received('not yours'), await sent('ours')];
      const text = { text: 'other words' };
      expect(await refused('PATCH ', theirs.id, text)).toBe('409 message.not-own');
      expect(await refused('PATCH ', 'msg_nobody', text)).toBe('404 message.not-found');
      expect(await refused('PATCH ', ours.id, {})).toBe('400 message.text-or-caption');
      expect(await refused('PATCH ', ours.id, { ...text, caption: 'x' })).toBe('400 message.text-or-caption');
      expect(await refused('PATCH ', ours.id, { caption: 'x' })).toBe('409 message.not-editable');
      await database(`UPDATE messages SET timestamp = now() - interval '16 minutes' WHERE id = '${ours.id}'`);
      expect(await refused('PATCH ', ours.id, text)).toBe('409 message.too-late');
      const place = await ok(
        tenant.client.POST('/v1/sessions/{sessionId}/messages', {
          ...session.at({}, { wait: 'server_ack' }),
          body: {
            to: ana.pn,
            type: 'location',
            latitude: 1,
            longitude: 2,
          },
        }),
      );
      expect(await refused('PATCH ', place.id, text)).toBe('400 message.not-text');
      await on(place.id).ok('DELETE ?wait=server_ack');
      expect(await refused('PATCH ', place.id, { caption: 'x' })).toBe('409 message.revoked');
    });

    it('deletes an own message for everybody, and no other', async () => {
      const [theirs, ours] = [await received('stays'), await sent('goes')];
      expect(await on(ours.id).ok('DELETE ?wait=server_ack')).toMatchObject({ type: 'revoke', errorCode: null });
      expect(await seen(ours.messageId, 'protocolMessage')).toMatchObject({ action: 'REVOKE' });
      await told('message.revoked', ours);
      expect(await get(ours.id)).toMatchObject({ text: 'goes', revokedAt: expect.any(String) as string });
      expect(await refused('DELETE ', theirs.id)).toBe('409 message.not-own');
      expect(await refused('PUT /reactions', ours.id, { emoji: '👍' })).toBe('409 message.revoked');
    });

    it('deletes what others wrote as admin of the group, and not as member', async () => {
      const group = await aGroup('Crew', ana.pn, [phone]);
      const [messageId = ''] = await stack.simulator.send(ana.pn, group, { text: 'spam' });
      const spam = await arrived(messageId);
      expect(await refused('DELETE ', spam.id)).toBe('403 group.not-admin');
      await stack.simulator.api.ok(`PATCH /groups/${group}`, { by: ana.pn, promote: [phone] });
      expect(await on(spam.id).ok('DELETE ?wait=server_ack')).toMatchObject({ errorCode: null });
      expect(await seen(messageId, 'protocolMessage')).toMatchObject({ action: 'REVOKE' });
      await told('message.revoked', spam);
    });

    it('reacts, and takes the reaction back', async () => {
      const message = await received('nice?');
      await on(message.id).ok('PUT /reactions?wait=server_ack', { emoji: '👍🏽' });
      expect(await seen(message.messageId, 'reactionMessage')).toMatchObject({ text: '👍🏽' });
      expect(await told('message.reaction', message)).toMatchObject({ emoji: '👍🏽', fromMe: true });
      expect(await get(message.id)).toMatchObject({ reactions: [{ emoji: '👍🏽', by: phone }] });
      await on(message.id).ok('DELETE /reactions?wait=server_ack');
      await seen(message.messageId, 'reactionMessage', ({ text }) => !text);
      expect(await get(message.id)).toMatchObject({ reactions: [] });
      expect(await refused('PUT /reactions', message.id, { emoji: 'good' })).toBe('400 request.invalid');
      expect(await refused('PUT /reactions', 'msg_nobody', { emoji: '👍' })).toBe('404 message.not-found');
    });

    it('pins, and takes the pin away', async () => {
      const message = await received('to be pinned');
      await on(message.id).ok('PUT /pin?wait=server_ack', { days: 7 });
      const { message: pin } = await seen(message.messageId, 'pinInChatMessage');
      expect(pin).toMatchObject({ messageContextInfo: { messageAddOnDurationInSecs: 604_800 } });
      expect(await get(message.id)).toMatchObject({ isPinned: true });
      await on(message.id).ok('DELETE /pin?wait=server_ack');
      expect(await get(message.id)).toMatchObject({ isPinned: false, pinnedUntil: null });
      expect(await refused('PUT /pin', message.id, { days: 2 })).toBe('400 request.invalid');
    });

    it('stars on all devices, and takes the star away', async () => {
      const message = await received('a star is born');
      await on(message.id).ok('PUT /star');
      expect(await get(message.id)).toMatchObject({ isStarred: true });
      expect(await told('message.starred', message)).toMatchObject({ isStarred: true });
      const { starred } = await stack.simulator.api.ok<{ starred: unknown[] }>(`GET /accounts/${phone}/settings`);
      expect(JSON.stringify(starred)).toContain(message.messageId);
      await on(message.id).ok('DELETE /star');
      expect(await get(message.id)).toMatchObject({ isStarred: false });
      expect(await refused('PUT /star', 'msg_nobody')).toBe('404 message.not-found');
    });

    it('deletes for this account alone', async () => {
      const message = await received('only for me');
      await on(message.id).ok('POST /delete');
      expect(await told('message.deleted', message)).toMatchObject({ fromMe: true });
      expect(await refused('GET ', message.id)).toBe('404 message.not-found');
      const { items } = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { limit: 200 })),
      );
      expect(items.map(({ id }) => id)).not.toContain(message.id);
      const { items: seenByAna } = await stack.simulator.api.ok<{ items: { target?: string }[] }>(
        `GET /messages?account=${ana.pn}`,
      );
      expect(seenByAna.filter(({ target }) => target === message.messageId)).toEqual([]);
    });

    it('marks as read and played', async () => {
      const [one, two] = [await received('first'), await received('second')];
      await ok(
        tenant.client.POST('/v1/sessions/{sessionId}/messages/read', {
          ...session.at(),
          body: { messageIds: [one.id, two.messageId] },
        }),
      );
      await on(one.id).ok('POST /read', { as: 'played' });
      for (const type of ['read', 'played'])
        await stack.simulator.api.ok(
          `GET /stanzas/wait?account=${phone}&tag=receipt&direction=in&type=${type}&timeoutMs=10000`,
        );
      const ours = await sent('ours');
      expect(await refused('POST /read', ours.id, {})).toBe('409 message.not-received');
      expect(await refused('POST /read', 'msg_nobody', {})).toBe('404 message.not-found');
    });

    it('forwards to many', async () => {
      const [message, bob] = [await received('pass it on'), await stack.simulator.aContact('reader')];
      const { items } = await on(message.id).ok('POST /forward', { to: [bob.pn, `+${ana.pn}`] });
      expect(items).toMatchObject([
        { to: bob.pn, error: null, message: { text: 'pass it on', context: { isForwarded: true } } },
        { to: ana.pn, error: null },
      ]);
      for (const { to, message: forwarded } of items)
        await eventually(`${to} has it`, async () =>
          (await stack.simulator.messages(to)).some(
            ({ id, text }) => id === forwarded!.messageId && text === 'pass it on',
          ),
        );
      expect(await refused('POST /forward', message.id, { to: [] })).toBe('400 request.invalid');
    });

    it('sends a failed message again under the same id, and nothing else', async () => {
      const bob = await stack.simulator.aContact('reader');
      const { id: fault } = await stack.simulator.api.ok<{ id: string }>('POST /faults', {
        match: { account: phone, direction: 'in', tag: 'message' },
        action: { kind: 'nack', code: 479 },
        times: 1,
      });
      const failed = await session.send(bob.pn, 'once more', { wait: true });
      expect(failed).toMatchObject({ status: 'failed' });
      await stack.simulator.api.call(`DELETE /faults/${fault}`);
      expect(await refused('PUT /reactions', failed.id, { emoji: '👍' })).toBe('409 message.failed');
      expect(await on(failed.id).ok('POST /resend')).toMatchObject({ messageId: failed.messageId, errorCode: null });
      await eventually('it is with Bob', async () =>
        (await stack.simulator.messages(bob.pn)).some(({ id }) => id === failed.messageId),
      );
      expect(await refused('POST /resend', failed.id)).toBe('409 message.not-failed');
    });

    it('tells who got and read a message, one by one in a group', async () => {
      const bob = await stack.simulator.aContact('reader');
      const group = await aGroup('Readers', ana.pn, [phone, bob.pn]);
      const message = await session.send(group, 'who reads?', { wait: true });
      const receipts = await eventually('both have read it', async () => {
        const { items } = await on(message.id).ok('GET /receipts');
        return items.length === 2 && items.every(({ readAt }) => readAt) && items;
      });
      // The group has told whose LID Bob's is.
      expect(new Set(receipts.map(({ recipientId }) => recipientId))).toEqual(new Set([bob.pn, ana.pn]));
      const direct = await sent('and you?');
      await eventually('Ana has read it', async () => {
        const { items } = await on(direct.id).ok('GET /receipts');
        return items[0]?.recipientId === ana.pn && items[0].readAt;
      });
      expect(await refused('GET /receipts', (await received('theirs')).id)).toBe('409 message.not-own');
    });

    it('knows the message of no other tenant', async () => {
      const message = await received('ours alone');
      const other = await stack.gateway.aTenant();
      const call = (method: string, id: string, body?: object) =>
        other.api.raw(`${method} ${session.path}/messages/${id}`, body);
      for (const answer of [
        await call('PATCH', message.id, { text: 'x' }),
        await call('DELETE', message.id),
        await call('PUT', `${message.id}/star`),
        await call('POST', 'read', { messageIds: [message.id] }),
        await call('POST', `${message.id}/resend`),
      ])
        expect(answer.status).toBe(404);
    });
  });

  async function aGroup(subject: string, owner: string, members: string[]): Promise<string> {
    const { jid } = await stack.simulator.api.ok<{ jid: string }>('POST /groups', { subject, owner, members });
    return jid;
  }

  async function database(statement: string): Promise<void> {
    const client = new Client(stack.gateway.database.url);
    await client.connect();
    await client.query(statement);
    await client.end();
  }
});
