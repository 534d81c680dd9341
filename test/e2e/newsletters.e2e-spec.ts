import type { NewsletterDto } from '@app/client/client.js';
import type { InputOf } from '@app/testing/api-route.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

type Data = Record<string, unknown>;

interface OnNetwork {
  jid: string;
  inviteCode: string;
  name: string;
  description: string;
  owner: string;
  admins: string[];
  followers: number;
  reactions: string;
  accounts: { pn: string; isMuted: boolean }[];
}

describe('newsletters', () => {
  let ana: SimulatedContact;
  const linked = useSession({
    types: ['newsletter.*'],
    // Followed before the session is linked.
    before: async ({ simulator }, phone) => {
      ana = await simulator.aContact('reader', { name: 'Ana' });
      const { jid } = await simulate<OnNetwork>('POST /newsletters', { owner: ana.pn, name: 'Old friend' });
      await simulator.api.call('POST /accounts', { pn: phone });
      await simulate(`POST /newsletters/${jid}/followers`, { pn: phone });
    },
  });
  const { stack } = linked;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  beforeAll(() => void ({ tenant, session, phone } = linked));

  const simulate = <T = OnNetwork>(route: string, body?: object) => stack.simulator.api.ok<T>(route, body);
  const onNetwork = (jid: string) => simulate(`GET /newsletters/${jid}`);
  const list = async (query?: InputOf<'GET /v1/sessions/{sessionId}/newsletters'>) =>
    (await session.api.ok('GET /newsletters', query)).items;
  /** The data of the event, once the webhook and the log have it, once each. */
  const told = async (type: string, fits: (data: Data) => boolean): Promise<Data> =>
    (await linked.told(type, ({ data }) => fits(data))).data;
  const of =
    (chatId: string, fits: (data: Data) => boolean = () => true) =>
    (data: Data) =>
      data.chatId === chatId && fits(data);
  const aNewsletter = (order: object = {}) =>
    simulate('POST /newsletters', { owner: ana.pn, name: 'Daily bread', description: 'What we bake', ...order });
  const queries = async () => {
    const { items } = await simulate<{ items: object[] }>(`GET /stanzas?account=${phone}&tag=iq&direction=in`);
    return items.filter((stanza) => JSON.stringify(stanza).includes('w:mex')).length;
  };

  it('are known after linking, and listed without asking WhatsApp', async () => {
    const [known] = await eventually('the list is here', async () => {
      const items = await list();
      return items.length > 0 && items;
    });
    expect(known).toMatchObject({ name: 'Old friend', role: 'subscriber', isMuted: false, subscribers: 2 });
    const before = await queries();
    for (let times = 0; times < 3; times++) expect(await list({ search: 'old' })).toHaveLength(1);
    expect(await list({ search: 'o_d' })).toEqual([]);
    expect(await list({ role: 'owner' })).toEqual([]);
    expect(await session.api.ok(`GET /newsletters/${known!.newsletterId}`)).toEqual(known);
    expect(await queries()).toBe(before);
    expect((await tenant.events('newsletter.*')).map(({ type }) => type)).toEqual([]);
  });

  it('are created, changed and deleted, and that is told once', async () => {
    await session.api.ok('POST /newsletters/terms');
    const made = await session.api.ok('POST /newsletters', { name: 'Harbour news', description: 'Ships and tides' });
    const { newsletterId } = made;
    expect(made).toMatchObject({
      role: 'owner',
      name: 'Harbour news',
      subscribers: 1,
      reactions: 'all',
      isMuted: false,
    });
    expect(await told('newsletter.joined', of(newsletterId))).toMatchObject({ newsletter: { name: 'Harbour news' } });
    const changes = { name: 'Tides', description: '', reactions: 'basic' as const };
    expect(await session.api.ok(`PATCH /newsletters/${newsletterId}`, changes)).toMatchObject(changes);
    expect(await onNetwork(newsletterId)).toMatchObject({ name: 'Tides', description: '', reactions: 'BASIC' });
    expect(await told('newsletter.updated', of(newsletterId))).toMatchObject({ changes });
    expect(await session.api.ok(`GET /newsletters/${newsletterId}/counts`)).toEqual({ subscribers: 1, admins: 1 });
    expect(await list({ role: 'owner' })).toMatchObject([{ newsletterId, name: 'Tides' }]);
    expect((await session.api.call(`DELETE /newsletters/${newsletterId}`)).status).toBe(204);
    expect(await told('newsletter.left', of(newsletterId))).toMatchObject({ reason: 'deleted' });
    expect(await list({ role: 'owner' })).toEqual([]);
    expect(await session.api.call(`GET /newsletters/${newsletterId}`)).toMatchObject({
      status: 410,
      body: { code: 'newsletter.deleted' },
    });
  });

  it('are found, followed, muted and left, by address and by invitation', async () => {
    const { jid, inviteCode } = await aNewsletter();
    const invite = encodeURIComponent(`https://whatsapp.com/channel/${inviteCode}`);
    const stranger = { newsletterId: jid, name: 'Daily bread', description: 'What we bake', role: 'guest' };
    expect(await session.api.ok(`GET /newsletters/${jid}`)).toMatchObject(stranger);
    expect(await session.api.ok(`GET /newsletter-invites/${invite}`)).toMatchObject({ ...stranger, inviteCode });
    expect(await session.api.ok(`POST /newsletters/${jid.split('@')[0]}/follow`)).toMatchObject({
      role: 'subscriber',
      subscribers: 2,
    });
    expect(await told('newsletter.joined', of(jid))).toMatchObject({ newsletter: { name: 'Daily bread' } });
    expect(await session.api.ok(`POST /newsletters/${jid}/mute`)).toMatchObject({ isMuted: true, name: 'Daily bread' });
    await told(
      'newsletter.muted',
      of(jid, ({ isMuted }) => isMuted === true),
    );
    expect((await onNetwork(jid)).accounts).toContainEqual({ pn: phone, isMuted: true });
    expect(await session.api.ok(`POST /newsletters/${jid}/unmute`)).toMatchObject({ isMuted: false });
    await told(
      'newsletter.muted',
      of(jid, ({ isMuted }) => isMuted === false),
    );
    expect(await session.api.ok(`POST /newsletter-invites/${invite}/unfollow`)).toMatchObject({ role: 'guest' });
    expect(await told('newsletter.left', of(jid))).toMatchObject({ reason: 'left' });
    expect((await list()).map(({ newsletterId }) => newsletterId)).not.toContain(jid);
    expect(await session.api.ok(`POST /newsletter-invites/${inviteCode}/follow`)).toMatchObject({
      role: 'subscriber',
      newsletterId: jid,
    });
    expect(await session.api.ok(`POST /newsletters/${jid}/unfollow`)).toMatchObject({ role: 'guest' });
  });

  it('follow what others do with them, also while the gateway is down', async () => {
    const { jid } = await aNewsletter({ name: 'Before' });
    await simulate(`POST /newsletters/${jid}/followers`, { pn: phone });
    const stored = (fits: (newsletter: NewsletterDto) => boolean) =>
      eventually('it is stored', async () => (await list()).find((one) => one.newsletterId === jid && fits(one)));
    expect(await stored(({ name }) => name !== null)).toMatchObject({ name: 'Before', role: 'subscriber' });
    await simulate(`PATCH /newsletters/${jid}`, { name: 'After', reactions: 'NONE' });
    await stored(({ name, reactions }) => name === 'After' && reactions === 'none');
    await simulate(`PATCH /newsletters/${jid}/followers/${phone}`, { isMuted: true });
    await stored(({ isMuted }) => isMuted === true);
    const own = await session.api.ok('POST /newsletters', { name: 'Ours before' });
    await stack.gateway.kill();
    await simulate(`PATCH /newsletters/${jid}`, { name: 'Meanwhile' });
    await stack.gateway.start();
    await session.becomes('connected');
    expect(await list({ role: 'owner' })).toContainEqual(own);
    expect(await stored(({ name }) => name === 'Meanwhile')).toMatchObject({ isMuted: true, reactions: 'none' });
    await told(
      'newsletter.updated',
      of(jid, ({ changes }) => (changes as Data).name === 'Meanwhile'),
    );
    await stack.simulator.api.call(`DELETE /newsletters/${jid}`);
    await eventually('it is gone', async () => !(await list()).some(({ newsletterId }) => newsletterId === jid));
    expect(await session.api.ok('POST /newsletters/sync')).toEqual({ followed: (await list()).length });
  });

  it('change hands: to an admin, who may step down', async () => {
    const { newsletterId } = await session.api.ok('POST /newsletters', { name: 'Ours' });
    const owner = { userId: `+${ana.pn}` };
    expect(await session.api.call(`PUT /newsletters/${newsletterId}/owner`, owner)).toMatchObject({
      status: 400,
      body: { code: 'newsletter.refused', errors: [{ pointer: '/userId' }] },
    });
    await simulate(`POST /newsletters/${newsletterId}/admins`, { pn: ana.pn });
    expect(await session.api.ok(`PUT /newsletters/${newsletterId}/owner`, owner)).toMatchObject({ role: 'admin' });
    expect(await onNetwork(newsletterId)).toMatchObject({ owner: ana.pn, admins: [phone] });
    const isOwner = ({ roles }: Data) => JSON.stringify(roles).includes('"owner"');
    expect(await told('newsletter.updated', of(newsletterId, isOwner))).toMatchObject({
      roles: [{ role: 'owner', person: { lid: `${ana.lid}@lid` } }],
    });
    expect(await session.api.call(`DELETE /newsletters/${newsletterId}`)).toMatchObject({
      status: 403,
      body: { code: 'newsletter.forbidden' },
    });
    expect(await session.api.ok(`DELETE /newsletters/${newsletterId}/admins/${phone}`)).toMatchObject({
      role: 'subscriber',
    });
    expect(await onNetwork(newsletterId)).toMatchObject({ admins: [] });
  });

  describe('are refused', () => {
    const unknown = '120363999999999999@newsletter';

    it.each([
      ['a name that is too long', 'POST /newsletters', { name: 'x'.repeat(101) }, 400, 'request.invalid', '/name'],
      ['no name', 'POST /newsletters', { description: 'x' }, 400, 'request.invalid', '/name'],
      [
        'a description that is too long',
        'POST /newsletters',
        { name: 'x', description: 'x'.repeat(2049) },
        400,
        'request.invalid',
        '/description',
      ],
      [
        'reactions that there are not',
        `PATCH /newsletters/${unknown}`,
        { reactions: 'some' },
        400,
        'request.invalid',
        '/reactions',
      ],
      [
        'an address of something else',
        'POST /newsletters/120363000000000001@g.us/follow',
        {},
        400,
        'request.invalid',
        '/newsletterId',
      ],
      [
        'an invitation that is none',
        'GET /newsletter-invites/what%20is%20this',
        undefined,
        400,
        'newsletter.invite-invalid',
        '/invite',
      ],
      [
        'an invitation that is no more',
        'POST /newsletter-invites/0029VaNobodyKnowsIt/follow',
        {},
        404,
        'newsletter.not-found',
        undefined,
      ],
      [
        'a newsletter that is none',
        `POST /newsletters/${unknown}/follow`,
        undefined,
        404,
        'newsletter.not-found',
        undefined,
      ],
      [
        'an owner that is none',
        `PUT /newsletters/${unknown}/owner`,
        { userId: 'Ana' },
        400,
        'request.invalid',
        '/userId',
      ],
    ])('%s', async (_, route, body, status, code, pointer) => {
      const answer = await session.api.raw(route, body);
      expect([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer]).toEqual([status, code, pointer]);
    });

    it('with the limit that is exceeded', async () => {
      const detail = async (body: InputOf<'POST /v1/sessions/{sessionId}/newsletters'>) =>
        (await session.api.call('POST /newsletters', body)).body.errors?.[0]?.detail;
      expect(await detail({ name: 'x'.repeat(101) })).toContain('100');
      expect(await detail({ name: 'x', description: 'x'.repeat(2049) })).toContain('2048');
    });

    it('with a picture that is none, and then nothing is made', async () => {
      const count = async () => (await simulate<{ items: object[] }>('GET /newsletters')).items.length;
      const before = await count();
      const picture = { data: Buffer.from('no picture').toString('base64') };
      const wrong = { status: 400, body: { code: 'media.wrong-kind' } };
      expect(await session.api.call('POST /newsletters', { name: 'Blank', picture })).toMatchObject(wrong);
      const none = { status: 400, body: { code: 'media.one-source', errors: [{ pointer: '/picture' }] } };
      expect(await session.api.call('POST /newsletters', { name: 'Blank', picture: {} })).toMatchObject(none);
      expect(await count()).toBe(before);
    });

    /** Everything that asks WhatsApp about a newsletter. */
    const operations = (id: string): [string, object?][] => [
      [`GET /newsletters/${id}?isFresh=true`],
      [`PATCH /newsletters/${id}`, { name: 'Mine' }],
      [`DELETE /newsletters/${id}`],
      [`POST /newsletters/${id}/follow`],
      [`POST /newsletters/${id}/unfollow`],
      [`POST /newsletters/${id}/mute`],
      [`POST /newsletters/${id}/unmute`],
      [`GET /newsletters/${id}/counts`],
      [`PUT /newsletters/${id}/owner`, { userId: phone }],
      [`DELETE /newsletters/${id}/admins/${phone}`],
      [`DELETE /newsletters/${id}/picture`],
      [`GET /newsletters/${id}/posts`],
      [`GET /newsletters/${id}/post-updates`],
      [`PUT /newsletters/${id}/posts/100/reaction`, { emoji: '👍' }],
      [`DELETE /newsletters/${id}/posts/100/reaction`],
      [`POST /newsletters/${id}/posts/viewed`, { serverIds: ['100'] }],
      [`PUT /newsletters/${id}/live`],
    ];

    /** What is answered in another way, one line each. */
    const otherwise = async (id: string, status: number, code: string, path = session.path) => {
      const wrong: string[] = [];
      for (const [route, body] of operations(id)) {
        const [method, rest] = route.split(' ');
        const answer = await tenant.api.raw(`${method} ${path}${rest}`, body);
        if (answer.status !== status || answer.body.code !== code)
          wrong.push(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return wrong;
    };

    it('if there is none', async () => {
      expect(await otherwise(unknown, 404, 'newsletter.not-found')).toEqual([]);
    });

    it('if it was deleted', async () => {
      const { jid } = await aNewsletter();
      await stack.simulator.api.call(`DELETE /newsletters/${jid}`);
      expect(await otherwise(jid, 410, 'newsletter.deleted')).toEqual([]);
    });

    it('what only others may do', async () => {
      const { jid } = await aNewsletter();
      const forbidden = { status: 403, body: { code: 'newsletter.forbidden' } };
      for (const [route, body] of [
        [`PATCH /newsletters/${jid}`, { name: 'Mine' }],
        [`DELETE /newsletters/${jid}`],
        [`POST /newsletters/${jid}/mute`],
        [`POST /newsletters/${jid}/unfollow`],
        [`GET /newsletters/${jid}/counts`],
        [`PUT /newsletters/${jid}/owner`, { userId: phone }],
        [`DELETE /newsletters/${jid}/admins/${ana.pn}`],
        [`DELETE /newsletters/${jid}/picture`],
      ] as const)
        expect(await session.api.raw(route, body)).toMatchObject(forbidden);
      expect(await onNetwork(jid)).toMatchObject({ name: 'Daily bread', owner: ana.pn });
    });

    it('while the session is stopped, but for what is stored', async () => {
      const other = await tenant.aSession('Other');
      const path = `${other.path}/newsletters` as const;
      expect(await otherwise(unknown, 409, 'session.not-connected', other.path)).toEqual([]);
      for (const [route, body] of [
        ['', { name: 'x' }],
        ['/sync', undefined],
        ['/terms', {}],
      ] as const)
        expect(await tenant.api.raw(`POST ${path}${route}`, body)).toMatchObject({
          status: 409,
          body: { code: 'session.not-connected' },
        });
      expect(await tenant.api.ok(`GET ${path}`)).toEqual({ items: [], nextCursor: null });
    });

    it('tenants of others', async () => {
      const stranger = await stack.gateway.aTenant('Stranger');
      expect(await stranger.api.call(`GET ${session.path}/newsletters`)).toMatchObject({ status: 404 });
      expect(await stranger.api.call(`POST ${session.path}/newsletters`, { name: 'x' })).toMatchObject({ status: 404 });
    });
  });
});
