import type { InputOf } from '@app/testing/api-route.js';
import { eventually } from '@app/testing/eventually.js';
import type { EventBody, GatewaySession } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

const STATUS = 'status@broadcast';

describe('statuses', () => {
  const linked = useSession({ types: ['status.*', 'message.revoked'] });
  const { stack } = linked;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;
  let ben: SimulatedContact;
  let stranger: SimulatedContact;

  beforeAll(async () => {
    ({ session, phone } = linked);
    const names = ['Ana', 'Ben', 'Cleo'];
    const contacts = await Promise.all(names.map((name) => stack.simulator.aContact('reader', { name })));
    [ana, ben, stranger] = contacts as [SimulatedContact, SimulatedContact, SimulatedContact];
  });

  const post = (body: { text?: string; audience?: string[] }) =>
    session.api.ok('POST /messages?wait=server_ack', { to: STATUS, type: 'text', text: 'At the lake', ...body });
  const list = async (query?: InputOf<'GET /v1/sessions/{sessionId}/statuses'>) =>
    (await session.api.ok('GET /statuses', query)).items;
  const people = async () => (await session.api.ok('GET /statuses/people')).items;
  const audience = async () => {
    const answer = await session.api.ok('GET /statuses/audience');
    return { ...answer, people: answer.people.sort() };
  };
  const has = (account: string, id: string) =>
    eventually(`${account} has it`, async () => {
      const { items } = await stack.simulator.api.ok<{ items: { id: string }[] }>(`GET /messages?account=${account}`);
      return items.some((message) => message.id === id);
    });
  /** The data of the event, once the webhook and the log have it, once each. */
  const told = async (type: string, fits: (event: EventBody) => boolean) => (await linked.told(type, fits)).data;
  const views = (id: string) => session.api.ok(`GET /statuses/${id}/views`);

  it('go to the people one has written with, as long as there is no address book', async () => {
    await session.send(stranger.pn, 'hello', { wait: true });
    expect(await audience()).toEqual({ privacy: 'contacts', people: [stranger.pn] });
    expect((await post({})).context?.audience).toEqual([stranger.pn]);
  });

  it('go to the address book, as far as the account has chosen', async () => {
    for (const { pn, name } of [ana, ben])
      await stack.simulator.api.ok(`POST /accounts/${phone}/phone`, { op: 'contact', contact: pn, name });
    const both = [ana.pn, ben.pn].sort();
    await eventually('they are known', async () => (await audience()).people.length === 2 && (await audience()).people);
    expect(await audience()).toEqual({ privacy: 'contacts', people: both });
    const forAll = await post({ text: 'For all' });
    expect(forAll.context?.audience?.sort()).toEqual(both);
    await Promise.all([ana, ben].map(({ pn }) => has(pn, forAll.messageId)));
    await session.api.ok(`PUT /privacy/statuses`, { audience: 'contacts-except', people: [ben.pn] });
    expect(await audience()).toEqual({ privacy: 'contacts-except', people: [ana.pn] });
    const forSome = await post({ text: 'Not for Ben' });
    await has(ana.pn, forSome.messageId);
    await session.api.ok(`PUT /privacy/statuses`, { audience: 'only', people: [stranger.pn] });
    expect(await audience()).toEqual({ privacy: 'only', people: [stranger.pn] });
    const forOne = await post({ text: 'For Cleo' });
    expect(forOne.context?.audience).toEqual([stranger.pn]);
    await has(stranger.pn, forOne.messageId);
    // Who is named gets it, whatever was chosen.
    expect((await post({ text: 'Named', audience: [ben.pn] })).context?.audience).toEqual([ben.pn]);
    await session.api.ok(`PUT /privacy/statuses`, { audience: 'contacts' });
    const texts = (await stack.simulator.messages(ben.pn)).map(({ text }) => text);
    expect(texts).not.toContain('Not for Ben');
    expect(texts).not.toContain('For Cleo');
  });

  it('of the account are looked at, and taken back', async () => {
    const status = await post({ text: 'Look', audience: [ana.pn, ben.pn] });
    const seen = await eventually('both have looked', async () => {
      const { items } = await views(status.id);
      return items.length === 2 && items;
    });
    expect(seen.map(({ viewer }) => viewer.waId).sort()).toEqual([ana.pn, ben.pn].sort());
    expect(seen[0]?.viewer).toMatchObject({ lid: expect.stringMatching(/@lid$/) as string });
    for (const { pn, lid } of [ana, ben]) {
      const isHis = ({ data }: EventBody) =>
        data.id === status.id && (data.viewer as { waId?: string } | undefined)?.waId === pn;
      expect(await told('status.viewed', isHis)).toMatchObject({
        messageId: status.messageId,
        chatId: STATUS,
        viewer: { waId: pn, phone: pn, lid: `${lid}@lid` },
      });
    }
    expect((await session.api.call(`DELETE /statuses/${status.id}?wait=server_ack`)).status).toBe(202);
    const [revoked] = await list({ fromMe: true });
    expect(revoked).toMatchObject({ id: status.id, revokedAt: expect.any(String) as string });
    const isRevoked = ({ data }: EventBody) => data.id === status.id;
    expect(await told('message.revoked', isRevoked)).toMatchObject({
      chatId: STATUS,
      fromMe: true,
      by: { waId: phone },
    });
    await eventually('Ana has it no more', async () => {
      const path = `GET /messages?account=${ana.pn}&full=true`;
      const { items } = await stack.simulator.api.ok<{ items: object[] }>(path);
      return items.some(
        (item) => /REVOKE/.test(JSON.stringify(item)) && JSON.stringify(item).includes(status.messageId),
      );
    });
  });

  it('of contacts are stored and listed by person, over a restart', async () => {
    const [first] = await stack.simulator.send(ana.pn, 'status', { text: 'Morning', viewers: [phone] });
    expect(await told('status.posted', ({ data }) => data.message?.messageId === first)).toMatchObject({
      message: { chatId: STATUS, text: 'Morning', fromMe: false, sender: { waId: ana.pn, lid: `${ana.lid}@lid` } },
    });
    const [second] = await stack.simulator.send(ben.pn, 'status', { text: 'Noon', viewers: [phone] });
    await told('status.posted', ({ data }) => data.message?.messageId === second);
    const [own] = await list({ fromMe: true });
    const seen = await views(own!.id);
    await stack.gateway.kill();
    await stack.gateway.start();
    await session.becomes('connected');
    expect(await list({ fromMe: true })).toContainEqual(own);
    expect(await views(own!.id)).toEqual(seen);
    expect(seen.items).not.toEqual([]);
    expect((await list({ fromMe: false })).map(({ text }) => text)).toEqual(['Noon', 'Morning']);
    expect((await list({ senderId: `${ana.lid}@lid` })).map(({ text }) => text)).toEqual(['Morning']);
    expect(await list({ from: '2099-01-01T00:00:00Z' })).toEqual([]);
    const [latest, before] = (await people()).filter(({ fromMe }) => !fromMe);
    expect(latest).toMatchObject({ waId: ben.pn, name: 'Ben', count: 1 });
    expect(before).toMatchObject({ waId: ana.pn, name: 'Ana', count: 1 });
    expect((await people()).find(({ fromMe }) => fromMe)).toMatchObject({ waId: phone });
    const page = await session.api.ok('GET /statuses/people?limit=1');
    const next = await session.api.ok(`GET /statuses/people?limit=1&cursor=${page.nextCursor}`);
    const inOrder = (await people()).map(({ waId }) => waId);
    expect([page.items[0]?.waId, next.items[0]?.waId]).toEqual(inOrder.slice(0, 2));
    await stack.simulator.api.call(`DELETE /accounts/${ben.pn}/statuses/${second}`);
    await eventually('it is taken back', async () => (await people()).every(({ waId }) => waId !== ben.pn));
    expect(await told('message.revoked', ({ data }) => data.messageId === second)).toMatchObject({
      fromMe: false,
      by: { waId: ben.pn },
    });
  });

  it.each([
    ['views of what is no status', 'GET /statuses/any/views', 404, 'message.not-found'],
    ['the end of what is no status', 'DELETE /statuses/any', 404, 'message.not-found'],
    ['a person that is none', 'GET /statuses?senderId=Ana', 400, 'request.invalid'],
    ['a cursor that is none', 'GET /statuses/people?cursor=xyz', 400, 'cursor.invalid'],
  ])('refuse %s', async (_, route, status, code) => {
    const answer = await session.api.raw(route);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuse messages of chats, and views of what others posted', async () => {
    const sent = await session.send(ana.pn, 'hello', { wait: true });
    expect(await session.api.call(`GET /statuses/${sent.id}/views`)).toMatchObject({
      status: 404,
      body: { code: 'status.not-found' },
    });
    expect(await session.api.call(`DELETE /statuses/${sent.id}`)).toMatchObject({
      status: 404,
      body: { code: 'status.not-found' },
    });
    const foreign = (await list({ fromMe: false })).find(({ revokedAt }) => revokedAt === null);
    expect(await session.api.call(`GET /statuses/${foreign?.id}/views`)).toMatchObject({
      status: 409,
      body: { code: 'message.not-own' },
    });
    expect(await session.api.call(`DELETE /statuses/${foreign?.id}`)).toMatchObject({
      status: 409,
      body: { code: 'message.not-own' },
    });
  });

  it('refuse what needs a connection while there is none, and show what is stored', async () => {
    const before = await list();
    await session.api.ok(`POST /stop`);
    const refused = { status: 409, body: { code: 'session.not-connected' } };
    expect(await session.api.call('GET /statuses/audience')).toMatchObject(refused);
    expect(await session.api.call('POST /messages', { to: STATUS, type: 'text', text: 'For whom?' })).toMatchObject({
      status: 409,
      body: { code: expect.stringMatching(/^session\.not-(connected|started)$/) as string },
    });
    expect(await list()).toEqual(before);
    const [own] = await list({ fromMe: true });
    expect((await views(own!.id)).items).not.toEqual([]);
  });
});
