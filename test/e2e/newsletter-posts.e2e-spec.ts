import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import type { MessageOrder } from '@app/testing/message-content.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';
import type { WebhookReceiver } from '@app/testing/webhook-receiver.js';
import sharp from 'sharp';

interface OnNetwork {
  jid: string;
  hasPicture: boolean;
  posts: {
    id: string;
    serverId: number;
    views: number;
    reactions: Record<string, number>;
    isDeleted: boolean;
    editedAt: string | null;
    message: { extendedTextMessage?: { text: string }; imageMessage?: { caption?: string; directPath?: string } };
  }[];
}

describe('posts of newsletters', () => {
  const linked = useSession({ types: ['newsletter.*', 'message.*'] });
  const { stack } = linked;
  let receiver: WebhookReceiver;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;
  let jid: string;
  let data: string;

  beforeAll(async () => {
    ({ receiver, tenant, session, phone } = linked);
    ana = await stack.simulator.aContact('reader', { name: 'Ana' });
    ({ jid } = await simulate<OnNetwork>('POST /newsletters', { owner: ana.pn, name: 'Daily bread' }));
    await newsletter().ok('POST /follow');
    const picture = sharp({ create: { width: 900, height: 600, channels: 3, background: 'red' } });
    data = (await picture.png().toBuffer()).toString('base64');
  });

  const simulate = <T = OnNetwork>(route: string, body?: object) => stack.simulator.api.ok<T>(route, body);
  const newsletter = (id = jid) => session.api.under(`/newsletters/${id}`);
  const publish = async (text: string) =>
    String((await simulate<{ serverId: number }>(`POST /newsletters/${jid}/posts`, { text })).serverId);
  const onNetwork = async (serverId: string) =>
    (await simulate(`GET /newsletters/${jid}`)).posts.find((post) => String(post.serverId) === serverId);
  const told = (type: string, fits: (event: EventBody) => boolean) =>
    receiver.delivery(type, (event) => event.type === type && event.data.chatId === jid && fits(event));

  it('are read page by page, with what became of them', async () => {
    const numbers = [await publish('one'), await publish('two'), await publish('three')];
    const [one, two, three] = numbers as [string, string, string];
    await simulate(`POST /newsletters/${jid}/views`, { serverId: Number(two), count: 12 });
    await simulate(`POST /newsletters/${jid}/reactions`, { serverId: Number(two), emoji: '👍', count: 3 });
    await simulate(`PATCH /newsletters/${jid}/posts/${two}`, { text: 'two and a half' });
    await stack.simulator.api.call(`DELETE /newsletters/${jid}/posts/${one}`);
    const first = await newsletter().ok('GET /posts?limit=2');
    expect(first.items.map(({ serverId }) => serverId)).toEqual([three, two]);
    expect(first.items[1]).toMatchObject({ text: 'two and a half', type: 'text', isEdited: true, fromMe: false });
    expect(first.items[1]).toMatchObject({ views: 12, reactions: { '👍': 3 }, isDeleted: false });
    const rest = await newsletter().ok(`GET /posts?limit=2&cursor=${first.nextCursor}`);
    expect(rest).toMatchObject({ items: [{ serverId: one, isDeleted: true, text: null }], nextCursor: null });
    expect((await newsletter().ok(`GET /posts?before=${two}`)).items.map(({ serverId }) => serverId)).toEqual([one]);
    const after = await newsletter().ok(`GET /post-updates?after=${one}&limit=1`);
    expect(after.items.map(({ serverId }) => serverId)).toEqual([two]);
    const more = await newsletter().ok(`GET /post-updates?limit=5&cursor=${after.nextCursor}`);
    expect(more).toMatchObject({ items: [{ serverId: three }], nextCursor: null });
    expect((await newsletter().ok('GET /post-updates?since=2001-01-01T00:00:00Z')).items).toHaveLength(3);
    expect((await newsletter().ok('GET /post-updates?since=2099-01-01T00:00:00Z')).items).toEqual([]);
  });

  it('are reacted to and seen', async () => {
    const serverId = await publish('Rye');
    await newsletter().ok(`PUT /posts/${serverId}/reaction`, { emoji: '🥖' });
    await newsletter().ok('POST /posts/viewed', { serverIds: [serverId] });
    expect(await onNetwork(serverId)).toMatchObject({ reactions: { '🥖': 1 }, views: 1 });
    await newsletter().ok(`PUT /posts/${serverId}/reaction`, { emoji: '👍' });
    expect((await onNetwork(serverId))?.reactions).toEqual({ '👍': 1 });
    await newsletter().ok(`DELETE /posts/${serverId}/reaction`);
    expect((await onNetwork(serverId))?.reactions).toEqual({});
  });

  it('bring files that can be had, and newsletters a picture', async () => {
    const own = await session.api.ok(`POST /newsletters`, { name: 'Pictures', picture: { data } });
    const { newsletterId } = own;
    const kept = async () => (await simulate(`GET /newsletters/${newsletterId}`)).hasPicture;
    expect([await kept(), own.pictureUrl]).toEqual([true, expect.stringMatching(/^https:/)]);
    expect(await newsletter(newsletterId).ok('DELETE /picture')).toMatchObject({ pictureUrl: null });
    expect(await kept()).toBe(false);
    const isOf =
      (picture: string) =>
      ({ data: { chatId, changes } }: EventBody) =>
        chatId === newsletterId && (changes as { picture?: string } | undefined)?.picture === picture;
    await linked.told('newsletter.updated', isOf('removed'));
    expect(await newsletter(newsletterId).ok('PUT /picture', { data })).toMatchObject({
      pictureUrl: expect.stringMatching(/^https:/) as string,
    });
    expect(await kept()).toBe(true);
    await linked.told('newsletter.updated', isOf('changed'));
    const image = { to: newsletterId, type: 'image' as const, data, caption: 'red' };
    await session.api.ok(`POST /messages?wait=server_ack`, image);
    const { items } = await newsletter(newsletterId).ok('GET /posts');
    expect(items).toMatchObject([{ type: 'image', text: 'red', fromMe: true, file: { kind: 'image' } }]);
    const file = await tenant.api.ok('POST /v1/media/whatsapp', items[0]!.file!);
    expect(file.mimeType).toBe('image/png');
  });

  it('are told of live: renewed in time, over a restart, until that is ended', async () => {
    const serverId = Number(await publish('Buns'));
    const asked = async () => {
      const { items } = await simulate<{ items: object[] }>(`GET /stanzas?account=${phone}&tag=iq&direction=in`);
      return items.filter((stanza) => JSON.stringify(stanza).includes('live_updates')).length;
    };
    await simulate('PUT /newsletters/live-updates', { seconds: 2 });
    expect(await newsletter().ok('PUT /live')).toEqual({ seconds: 2 });
    await eventually('it was renewed twice', async () => (await asked()) >= 3);
    await simulate(`POST /newsletters/${jid}/views`, { serverId, count: 40 });
    await told('newsletter.live', ({ data: { posts } }) => JSON.stringify(posts).includes('40'));
    await stack.gateway.kill();
    await stack.gateway.start();
    await session.becomes('connected');
    const before = await asked();
    await eventually('it is asked for again', async () => (await asked()) > before);
    await simulate(`POST /newsletters/${jid}/reactions`, { serverId, emoji: '👍', count: 7 });
    await told('newsletter.reaction', ({ data: { emoji, count } }) => emoji === '👍' && count === 7);
    expect(await session.api.ok(`GET /newsletters/${jid}`)).toMatchObject({ isLive: true });
    expect((await newsletter().call('DELETE /live')).status).toBe(204);
    expect(await session.api.ok(`GET /newsletters/${jid}`)).toMatchObject({ isLive: false });
  });

  describe('are changed by those who run the newsletter', () => {
    const acked = '?wait=server_ack';
    let news: string;
    beforeAll(async () => {
      const { newsletterId } = await session.api.ok(`POST /newsletters`, { name: 'Harbour news' });
      news = newsletterId;
    });

    const write = (order: Partial<MessageOrder>) =>
      session.api.ok('POST /messages?wait=server_ack', { to: news, ...order } as MessageOrder);
    const read = (id: string) => session.api.ok(`GET /messages/${id}`);
    const kept = async (messageId: string) =>
      (await simulate(`GET /newsletters/${news}`)).posts.find(({ id }) => id === messageId);
    const listed = async (messageId: string) =>
      (await newsletter(news).ok('GET /posts')).items.find((post) => post.messageId === messageId);
    const about =
      ({ id }: { id: string }) =>
      ({ data }: EventBody) =>
        data.id === id;

    it('edited: a text, more than once, and the caption of a picture', async () => {
      const post = await write({ type: 'text', text: 'Hihg tide' });
      const edit = await session.api.ok(`PATCH /messages/${post.id}${acked}`, { text: 'High tide' });
      expect(edit).toMatchObject({ type: 'edit', status: 'server_ack', targetId: post.id });
      expect((await kept(post.messageId))?.message).toMatchObject({ extendedTextMessage: { text: 'High tide' } });
      expect((await linked.told('message.edited', about(post))).data).toMatchObject({
        chatId: news,
        text: 'High tide',
        fromMe: true,
      });
      // Both are on the wire under the id of the post, without waiting for each other.
      const edits = ['High tide at six', 'High tide at seven'].map((text) =>
        session.api.ok(`PATCH /messages/${post.id}${acked}`, { text }),
      );
      for (const { status } of await Promise.all(edits)) expect(status).toBe('server_ack');
      const { text } = await read(post.id);
      expect(text).toMatch(/High tide at (six|seven)/);
      expect((await kept(post.messageId))?.message).toMatchObject({ extendedTextMessage: { text } });
      expect(await listed(post.messageId)).toMatchObject({ text, isEdited: true, fromMe: true });

      const picture = await write({ type: 'image', data, caption: 'Red' });
      await session.api.ok(`PATCH /messages/${picture.id}${acked}`, { caption: 'The red one' });
      const { message } = (await kept(picture.messageId))!;
      expect(message.imageMessage).toMatchObject({
        caption: 'The red one',
        directPath: expect.stringMatching(/./) as string,
      });
      expect((await read(picture.id)).content).toMatchObject({ caption: 'The red one' });
    });

    it('deleted: an own one, and one of another admin', async () => {
      const post = await write({ type: 'text', text: 'Gone soon' });
      const order = await session.api.ok(`DELETE /messages/${post.id}${acked}`);
      expect(order).toMatchObject({ type: 'revoke', status: 'server_ack' });
      expect(await kept(post.messageId)).toMatchObject({ isDeleted: true, message: {} });
      expect((await linked.told('message.revoked', about(post))).data).toMatchObject({ chatId: news, fromMe: true });
      expect(await listed(post.messageId)).toMatchObject({ isDeleted: true, text: null });
      expect(await read(post.id)).toMatchObject({ revokedAt: expect.any(String) as string });

      await simulate(`POST /newsletters/${news}/admins`, { pn: ana.pn });
      const other = await simulate<{ id: string }>(`POST /newsletters/${news}/posts`, { text: 'By Ana', by: ana.pn });
      const isIt = ({ data: { message } }: EventBody) => message?.messageId === other.id;
      const { message } = (await linked.told('newsletter.message', isIt)).data;
      expect(await session.api.call(`PATCH /messages/${String(message?.id)}`, { text: 'By me' })).toMatchObject({
        status: 409,
        body: { code: 'message.not-own' },
      });
      await session.api.ok(`DELETE /messages/${String(message?.id)}${acked}`);
      expect(await kept(other.id)).toMatchObject({ isDeleted: true });
    });

    it('deleted although the answer of WhatsApp got lost, and it stays so over a restart', async () => {
      const post = await write({ type: 'text', text: 'Gone anyway' });
      const match = { account: phone, tag: 'message', direction: 'in' };
      await simulate('POST /faults', { match, action: { kind: 'noReply' }, times: 1 });
      const order = await session.api.ok(`DELETE /messages/${post.id}`);
      await eventually('WhatsApp has it', async () => (await kept(post.messageId))?.isDeleted);
      await stack.gateway.stop();
      await stack.gateway.start();
      await eventually('the repeat is taken', async () => (await read(order.id)).status === 'server_ack');
      await linked.told('message.revoked', about(post));
      expect(await read(post.id)).toMatchObject({ text: 'Gone anyway', revokedAt: expect.any(String) as string });
    });

    it('not by those who follow it: WhatsApp refuses, and nothing changes', async () => {
      const { id, serverId } = await simulate<{ id: string; serverId: number }>(`POST /newsletters/${jid}/posts`, {
        text: 'Not ours',
      });
      const edit = await session.api.ok(`PATCH /messages/${id}X${acked}&chatId=${jid}&fromMe=true`, { text: 'Ours' });
      expect(edit).toMatchObject({ status: 'failed', errorCode: 'message.refused-403', targetId: null });
      expect((await linked.told('message.failed', about(edit))).data).toMatchObject({ chatId: jid });
      expect(await onNetwork(String(serverId))).toMatchObject({ editedAt: null });
    });

    it.each([
      [
        'an edit after 30 days',
        'PATCH',
        '&fromMe=true&timestamp=2001-01-01T00:00:00Z',
        { text: 'x' },
        409,
        'message.too-late',
      ],
      ['an edit of a post of others', 'PATCH', '', { text: 'x' }, 409, 'message.not-own'],
      ['mentions', 'PATCH', '&fromMe=true', { text: 'x', mentions: ['+12025550101'] }, 400, 'message.option-refused'],
      ['a deletion by who does not run it', 'DELETE', '', undefined, 403, 'newsletter.forbidden'],
      ['a reaction in the way of chats', 'PUT', '', { emoji: '👍' }, 501, 'newsletter.unsupported'],
    ])('but not by %s', async (_, method, query, body, status, code) => {
      const path = method === 'PUT' ? '/reactions' : '';
      const route = `${method} ${session.path}/messages/3EB0FOREIGNPOST${path}?chatId=${jid}${query}`;
      expect(await tenant.api.raw(route, body)).toMatchObject({ status, body: { code } });
    });
  });

  it.each([
    ['a reaction to a post that is none', 'PUT /posts/9999/reaction', { emoji: '👍' }, 404, 'newsletter.not-found'],
    ['a reaction that is none', 'PUT /posts/101/reaction', { emoji: '' }, 400, 'request.invalid'],
    ['a number that is none', 'PUT /posts/first/reaction', { emoji: '👍' }, 400, 'request.invalid'],
    ['more posts than are told', 'GET /posts?limit=101', undefined, 400, 'request.invalid'],
    ['a cursor that is none', 'GET /posts?cursor=xyz', undefined, 400, 'cursor.invalid'],
    ['no posts at all', 'POST /posts/viewed', { serverIds: [] }, 400, 'request.invalid'],
    ['a picture that is none', 'PUT /picture', { data: 'aGVsbG8gd29ybGQ=' }, 400, 'media.wrong-kind'],
    ['a picture of somebody else', 'DELETE /picture', undefined, 403, 'newsletter.forbidden'],
  ])('refuse %s', async (_, route, body, status, code) => {
    const answer = await newsletter().raw(route, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuse what is not followed', async () => {
    const other = (await simulate('POST /newsletters', { owner: ana.pn, name: 'Foreign' })).jid;
    const { serverId } = await simulate<{ serverId: number }>(`POST /newsletters/${other}/posts`, { text: 'hi' });
    expect(await newsletter(other).call('PUT /live')).toMatchObject({
      status: 409,
      body: { code: 'newsletter.not-followed' },
    });
    expect(await newsletter(other).call(`PUT /posts/${serverId}/reaction`, { emoji: '👍' })).toMatchObject({
      status: 403,
      body: { code: 'newsletter.forbidden' },
    });
  });
});
