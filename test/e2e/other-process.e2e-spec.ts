import { eventually } from '@app/testing/eventually.js';
import type { GatewayProcess } from '@app/testing/gateway-process.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

describe('a process that does not hold the session', () => {
  const linked = useSession({
    before: async ({ simulator }, phone) => {
      await simulator.api.ok('POST /accounts', { pn: phone });
      await simulator.api.ok(`PATCH /accounts/${phone}/business`, { profile: { description: 'New' } });
    },
  });
  const { stack } = linked;
  let front: GatewayProcess;
  let ana: SimulatedContact;
  beforeAll(async () => {
    front = await stack.gateway.another({ ROLES: 'api' });
    ana = await stack.simulator.aContact('reader', { name: 'Ana' });
  });
  afterAll(() => front?.kill());

  const api = () => front.client(linked.tenant.api.token).under(linked.session.path);
  const simulated = <T>(route: string) => stack.simulator.api.ok<T>(route);

  it('founds groups, changes who is in them, and says why it cannot', async () => {
    const order = { subject: 'Choir', participants: [ana.pn, '6281399999999'] };
    const { group, participants } = await api().ok('POST /groups', order);
    expect(participants.map(({ code }) => code)).toEqual([null, 'participant.not-on-whatsapp']);
    await linked.told('group.created', ({ data }) => data.chatId === group.groupId);
    const groups = api().under(`/groups/${group.groupId}`);
    expect(await groups.ok('PATCH', { subject: 'Quartet', isLocked: true })).toMatchObject({ subject: 'Quartet' });
    await groups.ok('PUT /picture', { data: (await sampleFiles.png()).toString('base64') });
    await linked.told('group.updated', ({ data }) => (data.changes as { picture?: string }).picture === 'changed');
    await groups.ok('POST /participants/promote', { participants: [ana.pn] });
    const { link } = await groups.ok('GET /invite-link');
    expect(await api().ok('GET /groups/invite', { invite: link })).toMatchObject({ subject: 'Quartet' });
    expect(await api().call('POST /groups/join', { invite: link })).toMatchObject({
      body: { code: 'group.already-member' },
    });
    expect(await simulated(`GET /groups/${group.groupId}`)).toMatchObject({
      subject: 'Quartet',
      locked: true,
      members: [expect.anything(), { pn: ana.pn, role: 'admin' }],
    });
    expect(await api().ok('POST /groups/sync')).toMatchObject({ groups: 1 });
    expect(await api().call('GET /groups/120363999999999999@g.us')).toMatchObject({
      status: 404,
      body: { code: 'group.not-found' },
    });
  });

  it('founds communities', async () => {
    const { group } = await api().ok('POST /groups', { subject: 'Street', participants: [] });
    const { community } = await api().ok('POST /communities', {
      subject: 'Village',
      groupIds: [group.groupId],
    });
    expect(await api().ok(`GET /groups/${group.groupId}`)).toMatchObject({ communityId: community.groupId });
    expect((await api().ok(`GET /communities/${community.groupId}/groups`)).groups).toHaveLength(3);
  });

  it('looks people up, blocks them and writes them into the address book', async () => {
    await eventually('the phone has shared the key of its settings', async () => {
      return (await api().call(`PUT /contacts/${ana.pn}`, { name: 'Ana from work' })).status === 200;
    });
    expect(await api().ok(`GET /contacts/${ana.pn}/info`)).toMatchObject({ name: 'Ana from work', isOnWhatsApp: true });
    expect(await api().call(`POST /contacts/${ana.pn}/block`)).toMatchObject({ status: 204 });
    expect(await simulated(`GET /accounts/${linked.phone}`)).toMatchObject({ blocked: [ana.lid] });
    await linked.told('contact.blocked', ({ data }) => data.isBlocked === true);
    expect(await api().call('POST /contacts/6281390000001/block')).toMatchObject({
      status: 404,
      body: { code: 'contact.not-on-whatsapp' },
    });
  });

  it('makes labels and puts them on chats', async () => {
    const { labelId } = await api().ok('POST /labels', { name: 'Paid', color: 3 });
    await api().ok(`POST /labels/${labelId}/assign`, { chatIds: [ana.pn] });
    expect(await api().ok(`GET /chats/${ana.pn}/labels`)).toMatchObject({ items: [{ name: 'Paid', color: 3 }] });
    const { labels } = await simulated<{ labels: object[] }>(`GET /accounts/${linked.phone}/settings`);
    expect(labels).toMatchObject([{ name: 'Paid', color: 3 }]);
    await linked.told('label.assigned', ({ data }) => data.labelId === labelId);
    expect(await api().call('POST /labels', { name: 'paid' })).toMatchObject({
      status: 409,
      body: { code: 'label.name-taken' },
    });
  });

  it('changes what a business says and sells', async () => {
    expect(await api().ok('PATCH /business/profile', { address: 'Mill Lane 1' })).toMatchObject({
      address: 'Mill Lane 1',
    });
    const images = [{ data: (await sampleFiles.png()).toString('base64') }];
    const rye = { name: 'Rye', description: 'Dark', price: 2.5, currency: 'EUR', retailerId: 'R1' };
    const { productId } = await api().ok('POST /business/products', { ...rye, images });
    expect(await simulated(`GET /accounts/${linked.phone}/business`)).toMatchObject({
      profile: { address: 'Mill Lane 1' },
      catalog: [{ id: productId, name: 'Rye', price: 2500 }],
    });
    expect(await api().call('PATCH /business/products/none', { price: 1 })).toMatchObject({
      status: 404,
      body: { code: 'product.not-found' },
    });
  });
});
