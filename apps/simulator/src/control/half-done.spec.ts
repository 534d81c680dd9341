import { useSimulator } from '../../test-kit/use-simulator.js';

describe('an order that is refused', () => {
  const world = useSimulator({ seed: 'half-done' });
  const founding = async () => {
    const [owner, member] = [await world.aContact(), await world.aContact()];
    const order = { subject: 'Before', owner: owner.pn, members: [member.pn] };
    const { body } = await world.post<{ jid: string }>('/groups', order);
    return { owner, member, path: `/groups/${body.jid}` };
  };

  it.each([
    [{ locked: true }, 'group.forbidden'],
    [{ renewInvite: true }, 'group.forbidden'],
    [{ description: 'x'.repeat(3_000) }, 'group.not-acceptable'],
    [{ add: ['4999999999'] }, 'account.unknown'],
    [{ disappearingSeconds: 5 }, 'request.invalid'],
  ])('leaves the group as it was: %j', async (change, code) => {
    const { member, path } = await founding();
    const refused = await world.patch(path, { by: member.pn, subject: 'After', ...change });
    expect(refused).toMatchObject({ body: { code } });
    expect(await world.get(path)).toMatchObject({ subject: 'Before', description: null, locked: false });
  });

  it('leaves no group, no community and no account behind', async () => {
    const { owner } = await founding();
    const count = async (path: string) => (await world.get<{ items: object[] }>(path)).items.length;
    const before = [await count('/groups'), await count('/accounts')];
    const group = { subject: 'Never', owner: owner.pn };
    const codes = [
      await world.post('/groups', { ...group, description: 'x'.repeat(3_000) }),
      await world.post('/groups', { ...group, disappearingSeconds: 5 }),
      await world.post('/communities', { ...group, description: 'x'.repeat(3_000) }),
      await world.post('/communities', { ...group, members: ['4999999999'] }),
      await world.post('/pair', { pn: '4917055555', qr: '2@nothing,a,b,c', behaviour: 'echo' }),
      await world.post('/pair-code', { pn: '4917055555', code: 'ABCD1234', behaviour: 'echo' }),
    ].map(({ body }) => body.code);
    expect(codes).toEqual([
      ...['group.not-acceptable', 'request.invalid', 'group.not-acceptable', 'account.unknown'],
      ...['qr.unknown', 'pair-code.unknown'],
    ]);
    expect([await count('/groups'), await count('/accounts')]).toEqual(before);
  });

  it('is one that would do nothing, or never end', async () => {
    const [anna, sink] = [await world.aContact(), await world.aContact({ behaviour: 'sink' })];
    const presence = await world.post(`/accounts/${anna.pn}/presence`, { state: 'available', to: sink.pn });
    expect(presence).toMatchObject({ status: 400 });
    const load = await world.post('/load', { from: [sink.pn], to: [anna.pn], count: 1 });
    expect(load).toMatchObject({ status: 409, body: { code: 'load.no-client' } });
    const timer = await world.patch(`/accounts/${anna.pn}`, { name: 'Other', disappearingSeconds: 5 });
    expect(timer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/disappearingSeconds' }] } });
  });
});

describe('a community', () => {
  const world = useSimulator({ seed: 'community' });

  it('is founded with its members, who are in its announcements as well', async () => {
    const [owner, member] = [await world.aContact(), await world.aContact()];
    const order = { subject: 'Village', owner: owner.pn, members: [member.pn] };
    const { body } = await world.post<{ done: string[]; groups: { kind: string; size: number }[] }>(
      '/communities',
      order,
    );
    expect(body).toMatchObject({ size: 2, done: [member.pn] });
    expect(body.groups).toContainEqual(expect.objectContaining({ kind: 'announcements', size: 2 }));
  });
});

describe('a reset', () => {
  const world = useSimulator({ seed: 'reset' });

  it('can start with a built-in world', async () => {
    expect(await world.post('/reset', { world: 'small' })).toMatchObject({ status: 200, body: { seed: 'reset' } });
    const { items } = await world.get<{ items: object[] }>('/groups');
    expect(items.length).toBeGreaterThan(0);
    expect(await world.post('/reset', {})).toMatchObject({ status: 200 });
    expect(await world.get('/groups')).toEqual({ items: [] });
    expect(await world.post('/reset', { world: '/etc/passwd' })).toMatchObject({ status: 400 });
  });
});
