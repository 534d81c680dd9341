import { eventually } from '@app/testing/eventually.js';
import type { GatewayProcess } from '@app/testing/gateway-process.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

interface GroupBody {
  groupId: string;
  subject: string;
  communityId: string | null;
}

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
  }, 60_000);
  afterAll(() => front?.kill());

  const call = <T>(route: string, body?: object) => {
    const [method, path] = route.split(' ');
    return front.client(linked.tenant.api.token).call<T>(`${method} ${linked.session.path}/${path}`, body);
  };
  const ok = async <T>(route: string, body?: object): Promise<T> => {
    const answer = await call<T>(route, body);
    if (answer.status >= 300) throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const simulated = <T>(route: string) => stack.simulator.api.ok<T>(route);

  it('founds groups, changes who is in them, and says why it cannot', async () => {
    const order = { subject: 'Choir', participants: [ana.pn, '6281399999999'] };
    const { group, participants } = await ok<{ group: GroupBody; participants: { code: string | null }[] }>(
      'POST groups',
      order,
    );
    expect(participants.map(({ code }) => code)).toEqual([null, 'participant.not-on-whatsapp']);
    await linked.told('group.created', ({ data }) => data.chatId === group.groupId);
    const path = `groups/${group.groupId}`;
    expect(await ok(`PATCH ${path}`, { subject: 'Quartet', isLocked: true })).toMatchObject({ subject: 'Quartet' });
    await ok(`PUT ${path}/picture`, { data: (await sampleFiles.png()).toString('base64') });
    await linked.told('group.updated', ({ data }) => (data.changes as { picture?: string }).picture === 'changed');
    await ok(`POST ${path}/participants/promote`, { participants: [ana.pn] });
    const { link } = await ok<{ link: string }>(`GET ${path}/invite-link`);
    expect(await ok(`GET groups/invite?invite=${encodeURIComponent(link)}`)).toMatchObject({ subject: 'Quartet' });
    expect(await call('POST groups/join', { invite: link })).toMatchObject({ body: { code: 'group.already-member' } });
    expect(await simulated(`GET /groups/${group.groupId}`)).toMatchObject({
      subject: 'Quartet',
      locked: true,
      members: [expect.anything(), { pn: ana.pn, role: 'admin' }],
    });
    expect(await ok('POST groups/sync')).toMatchObject({ groups: 1 });
    expect(await call('GET groups/120363999999999999@g.us')).toMatchObject({
      status: 404,
      body: { code: 'group.not-found' },
    });
  });

  it('founds communities', async () => {
    const { group } = await ok<{ group: GroupBody }>('POST groups', { subject: 'Street', participants: [] });
    const { community } = await ok<{ community: GroupBody }>('POST communities', {
      subject: 'Village',
      groupIds: [group.groupId],
    });
    expect(await ok(`GET groups/${group.groupId}`)).toMatchObject({ communityId: community.groupId });
    expect((await ok<{ groups: object[] }>(`GET communities/${community.groupId}/groups`)).groups).toHaveLength(3);
  });

  it('looks people up, blocks them and writes them into the address book', async () => {
    await eventually('the phone has shared the key of its settings', async () => {
      return (await call(`PUT contacts/${ana.pn}`, { name: 'Ana from work' })).status === 200;
    });
    expect(await ok(`GET contacts/${ana.pn}/info`)).toMatchObject({ name: 'Ana from work', isOnWhatsApp: true });
    expect(await call(`POST contacts/${ana.pn}/block`)).toMatchObject({ status: 204 });
    expect(await simulated(`GET /accounts/${linked.phone}`)).toMatchObject({ blocked: [ana.lid] });
    await linked.told('contact.blocked', ({ data }) => data.isBlocked === true);
    expect(await call('POST contacts/6281390000001/block')).toMatchObject({
      status: 404,
      body: { code: 'contact.not-on-whatsapp' },
    });
  });

  it('makes labels and puts them on chats', async () => {
    const { labelId } = await ok<{ labelId: string }>('POST labels', { name: 'Paid', color: 3 });
    await ok(`POST labels/${labelId}/assign`, { chatIds: [ana.pn] });
    expect(await ok(`GET chats/${ana.pn}/labels`)).toMatchObject({ items: [{ name: 'Paid', color: 3 }] });
    const { labels } = await simulated<{ labels: object[] }>(`GET /accounts/${linked.phone}/settings`);
    expect(labels).toMatchObject([{ name: 'Paid', color: 3 }]);
    await linked.told('label.assigned', ({ data }) => data.labelId === labelId);
    expect(await call('POST labels', { name: 'paid' })).toMatchObject({
      status: 409,
      body: { code: 'label.name-taken' },
    });
  });

  it('changes what a business says and sells', async () => {
    expect(await ok('PATCH business/profile', { address: 'Mill Lane 1' })).toMatchObject({ address: 'Mill Lane 1' });
    const images = [{ data: (await sampleFiles.png()).toString('base64') }];
    const rye = { name: 'Rye', description: 'Dark', price: 2.5, currency: 'EUR', retailerId: 'R1' };
    const { productId } = await ok<{ productId: string }>('POST business/products', { ...rye, images });
    expect(await simulated(`GET /accounts/${linked.phone}/business`)).toMatchObject({
      profile: { address: 'Mill Lane 1' },
      catalog: [{ id: productId, name: 'Rye', price: 2500 }],
    });
    expect(await call('PATCH business/products/none', { price: 1 })).toMatchObject({
      status: 404,
      body: { code: 'product.not-found' },
    });
  });
});
