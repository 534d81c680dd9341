import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewaySession } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

describe('labels', () => {
  const linked = useSession();
  const { stack } = linked;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;
  let ben: SimulatedContact;

  beforeAll(async () => {
    ({ session, phone } = linked);
    [ana, ben] = [
      await stack.simulator.aContact('silent', { name: 'Ana' }),
      await stack.simulator.aContact('silent', { name: 'Ben' }),
    ];
  });

  const labels = async () => (await session.api.ok('GET /labels')).items;
  const chatsOf = async (labelId: string) =>
    (await session.api.ok(`GET /labels/${labelId}/chats`)).items.map(({ chatId }) => chatId);
  const onPhone = async () => {
    const settings = await stack.simulator.api.ok<{
      labels: { id: string; name: string; color: number }[];
      collections: Record<string, { damaged: number }>;
    }>(`GET /accounts/${phone}/settings`);
    expect(settings.collections.regular).toMatchObject({ damaged: 0 });
    return settings.labels;
  };
  const orderPhone = (order: object) => stack.simulator.api.ok(`POST /accounts/${phone}/phone`, order);
  /** The event at the webhook and, once, in the log. */
  const told = (type: string, fits: (data: EventBody['data']) => boolean) =>
    linked.told(type, ({ data }) => fits(data));

  it('are made, changed and deleted, here and on the phone', async () => {
    const label = await session.api.ok('POST /labels', { name: 'New customer', color: 3 });
    expect(label).toMatchObject({ labelId: '1', name: 'New customer', color: 3 });
    expect(await onPhone()).toMatchObject([{ id: '1', name: 'New customer', color: 3 }]);
    await told('label.edited', ({ labelId, color }) => labelId === '1' && color === 3);
    const two = await Promise.all(['Paid', 'Sent'].map((name) => session.api.ok('POST /labels', { name })));
    expect(new Set(two.map(({ labelId }) => labelId))).toEqual(new Set(['2', '3']));
    expect(await session.api.ok('POST /labels', { name: 'Mine', labelId: 'label_1703123456' })).toMatchObject({
      labelId: 'label_1703123456',
    });
    expect(await session.api.ok('PATCH /labels/1', { name: 'Old customer', color: 19 })).toMatchObject({
      name: 'Old customer',
      color: 19,
    });
    expect(await session.api.ok('PATCH /labels', { labels: [{ labelId: '2', color: 5 }] })).toMatchObject({
      items: [{ labelId: '2', color: 5 }],
    });
    expect((await session.api.call('DELETE /labels/label_1703123456')).status).toBe(204);
    expect((await session.api.call('DELETE /labels?labelIds=2,3')).status).toBe(204);
    expect(await labels()).toMatchObject([{ labelId: '1', name: 'Old customer', color: 19 }]);
    expect((await onPhone()).map(({ id }) => id)).toEqual(['1']);
    await told('label.edited', ({ labelId, isDeleted }) => labelId === '3' && isDeleted === true);
    await orderPhone({ op: 'label', id: '9', name: 'From the phone', color: 4 });
    await eventually('it is here', async () => (await labels()).some(({ labelId }) => labelId === '9'));
    expect(await session.api.ok('POST /labels', { name: 'Next' })).toMatchObject({ labelId: '10' });
  });

  it('are put on chats and messages, many at once, and taken off', async () => {
    const [id = ''] = await stack.simulator.send(ana.pn, phone, { text: 'label me' });
    const message = await eventually('it is here', async () => {
      const { items } = await session.api.ok('GET /messages');
      return items.find(({ messageId }) => messageId === id);
    });
    const put = await session.api.ok('POST /labels/1/assign', {
      chatIds: [`${ana.pn}@s.whatsapp.net`, ben.pn],
      messageIds: [message.id, 'msg_unknown'],
      messages: [{ chatId: ben.pn, messageId: '3EB0UNSTORED' }],
    });
    expect(put.items).toMatchObject([
      { chatId: ana.pn, messageId: null, isAssigned: true, problem: null },
      { chatId: ben.pn, isAssigned: true, problem: null },
      { chatId: ben.pn, messageId: '3EB0UNSTORED', isAssigned: true, problem: null },
      { messageId: message.id, isAssigned: true, problem: null },
      { messageId: 'msg_unknown', isAssigned: false, problem: { code: 'message.not-found' } },
    ]);
    expect((await chatsOf('1')).sort()).toEqual([ana.pn, ben.pn].sort());
    const { items } = await session.api.ok('GET /labels/1/messages');
    expect(items.map(({ messageId }) => messageId).sort()).toEqual(['3EB0UNSTORED', id].sort());
    const page = await session.api.ok('GET /labels/1/messages?limit=1');
    expect((await session.api.ok(`GET /labels/1/messages?limit=1&cursor=${page.nextCursor}`)).items).toHaveLength(1);
    await told('label.assigned', ({ chatId, messageId }) => chatId === ana.pn && messageId === id);
    expect(await session.api.ok(`GET /contacts/${ana.pn}`)).toMatchObject({ labelIds: ['1'] });
    expect(await session.api.ok(`GET /chats/${ana.lid}@lid/labels`)).toMatchObject({ items: [{ labelId: '1' }] });
    expect(await session.api.ok(`PATCH /chats/${ana.pn}/labels`, { add: ['9'], remove: ['1'] })).toMatchObject({
      items: [{ labelId: '9' }],
    });
    await told('label.unassigned', ({ chatId, messageId, labelId }) => {
      return chatId === ana.pn && messageId === null && labelId === '1';
    });
    await session.api.ok('POST /labels/1/unassign', { chatIds: [ben.pn], messageIds: [message.id] });
    expect(await chatsOf('1')).toEqual([]);
    await orderPhone({ op: 'labelChat', label: '9', chat: ana.pn, on: false });
    await eventually('the phone took it off', async () => !(await chatsOf('9')).length);
    await orderPhone({ op: 'labelChat', label: '9', chat: ben.pn });
    await eventually('and put it on another', async () => (await chatsOf('9')).includes(ben.pn));
  });

  it('are remembered over a restart', async () => {
    const before = await labels();
    await stack.gateway.stop();
    await stack.gateway.start();
    expect(await labels()).toEqual(before);
    expect(await chatsOf('9')).toEqual([ben.pn]);
    await session.becomes('connected');
    const made = await eventually('it is writable', async () => {
      const { status, body } = await session.api.call('POST /labels', { name: 'After the restart' });
      return status === 201 && body;
    });
    expect(made.labelId).toBe('11');
  });

  it.each([
    ['a colour that there is not', { name: 'x', color: 99 }, 'color', '19'],
    ['no name', { color: 1 }, 'name', '100'],
    ['a name that is too long', { name: 'x'.repeat(101) }, 'name', '100'],
    ['an id that is none', { name: 'x', labelId: 'a b' }, 'labelId', '60'],
  ])('are refused with %s', async (_, body, field, limit) => {
    const answer = await session.api.raw('POST /labels', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: `/${field}` }] } });
    expect(answer.body.errors?.[0]?.detail).toContain(limit);
  });

  it('are refused twice, where they do not exist, to others, and without a connection', async () => {
    expect(await session.api.call('POST /labels', { name: 'old CUSTOMER' })).toMatchObject({
      status: 409,
      body: { code: 'label.name-taken' },
    });
    expect(await session.api.call('POST /labels', { name: 'x', labelId: '1' })).toMatchObject({
      status: 409,
      body: { code: 'label.id-taken' },
    });
    for (const route of ['GET /labels/77', 'DELETE /labels/77', 'GET /labels/77/chats', 'DELETE /labels/2'])
      expect(await session.api.raw(route)).toMatchObject({ status: 404, body: { code: 'label.not-found' } });
    expect(await session.api.call(`PATCH /chats/${ana.pn}/labels`, { add: ['9', '77'] })).toMatchObject({
      status: 404,
    });
    for (const [route, body] of [
      ['PATCH /labels/77', { name: 'x' }],
      ['PATCH /labels', { labels: [{ labelId: '77', color: 1 }] }],
      ['POST /labels/77/assign', { chatIds: [ana.pn] }],
      ['POST /labels/77/unassign', { chatIds: [ana.pn] }],
    ] as const)
      expect(await session.api.raw(route, body)).toMatchObject({ status: 404, body: { code: 'label.not-found' } });
    expect(await session.api.call('PATCH /labels/1', { color: 99 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/color', detail: expect.stringContaining('19') as string }] },
    });
    expect((await session.api.ok(`GET /chats/${ana.pn}/labels`)).items).toEqual([]);
    const other = await stack.gateway.aTenant();
    expect(await other.api.call(`GET ${session.path}/labels/1`)).toMatchObject({
      status: 404,
      body: { code: 'session.not-found' },
    });
    await session.api.ok('POST /stop');
    expect(await session.api.call('POST /labels', { name: 'Too late' })).toMatchObject({
      status: 409,
      body: { code: 'session.not-connected' },
    });
    expect(await session.api.call('POST /labels/1/assign', { chatIds: [ana.pn] })).toMatchObject({ status: 409 });
  });
});
