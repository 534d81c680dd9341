import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

type Data = Record<string, unknown>;

describe('communities', () => {
  const linked = useSession();
  const { stack } = linked;
  let session: GatewaySession;
  let phone: string;
  let ana: SimulatedContact;
  let village: string;
  let street: string;

  beforeAll(async () => {
    ({ session, phone } = linked);
    ana = await stack.simulator.aContact('reader', { name: 'Ana' });
  });

  const simulate = <T = { jid: string }>(route: string, body?: object) => stack.simulator.api.ok<T>(route, body);
  const groupsIn = async (communityId: string) =>
    (await session.api.ok(`GET /communities/${communityId}/groups`)).groups;
  const group = (groupId: string) => session.api.ok(`GET /groups/${groupId}`);
  const refused = async (route: string, body?: object) => {
    const { status, body: problem } = await session.api.raw(route, body);
    return [status, problem.code];
  };
  const told = async (type: string, fits: (data: Data) => boolean) =>
    (await linked.heard(type, ({ data }) => fits(data))).data;

  it('are founded, with groups that become a part of them', async () => {
    const made = await session.api.ok(`POST /groups`, {
      subject: 'Street',
      participants: [ana.pn],
    });
    street = made.group.groupId;
    const foreign = await simulate('POST /groups', { subject: 'Not ours', owner: ana.pn, members: [phone] });
    const { community, groups } = await session.api.ok('POST /communities', {
      subject: 'Village',
      description: 'All of us',
      groupIds: [street, foreign.jid],
    });
    village = community.groupId;
    expect(community).toMatchObject({ subject: 'Village', isCommunity: true, ownRole: 'superadmin' });
    expect(groups).toMatchObject([
      { groupId: street, isDone: true, code: null },
      { groupId: foreign.jid, isDone: false },
    ]);
    expect((await group(street)).communityId).toBe(village);
    await told('group.created', (data) => data.chatId === village);
    await told(
      'group.updated',
      ({ chatId, changes }) => chatId === street && (changes as Data).communityId === village,
    );
    const listed = await session.api.ok('GET /communities');
    expect(listed.items.map(({ groupId }) => groupId)).toEqual([village]);
    const parts = await session.api.ok(`GET /groups?communityId=${village}`);
    expect(parts.items.map(({ subject }) => subject).sort()).toEqual(['General', 'Street', 'Village']);
  });

  it('tell their groups, and get new ones', async () => {
    const { group: lane } = await session.api.ok(`POST /groups`, {
      subject: 'Lane',
      participants: [],
      communityId: village,
    });
    expect(lane.communityId).toBe(village);
    const groups = await groupsIn(village);
    expect(groups.map(({ subject }) => subject).sort()).toEqual(['General', 'Lane', 'Street', 'Village']);
    expect(groups.filter(({ isAnnouncementGroup }) => isAnnouncementGroup)).toMatchObject([{ subject: 'Village' }]);
    expect(groups.every(({ isMember }) => isMember)).toBe(true);
    expect(await session.api.call(`DELETE /communities/${village}/groups/${lane.groupId}`)).toMatchObject({
      status: 204,
    });
    expect((await group(lane.groupId)).communityId).toBeNull();
    await told(
      'group.updated',
      ({ chatId, changes }) => chatId === lane.groupId && (changes as Data).communityId === null,
    );
    const again = await session.api.ok(`POST /communities/${village}/groups`, {
      groupIds: [lane.groupId, street, '120363999999999999@g.us'],
    });
    expect(again.groups.map(({ code }) => code)).toEqual([null, 'group.conflict', 'group.not-found']);
  });

  it('announce to everybody', async () => {
    const sent = await session.api.ok(`POST /communities/${village}/announcements`, {
      text: 'Fair!',
    });
    const announcements = (await groupsIn(village)).find(({ isAnnouncementGroup }) => isAnnouncementGroup);
    expect(sent.chatId).toBe(announcements!.groupId);
    await eventually('it arrives', async () =>
      (await stack.simulator.messages(ana.pn)).some(({ text }) => text === 'Fair!'),
    );
  });

  it('have people, and those who ask to join, as groups have', async () => {
    const people = await session.api.ok(`GET /groups/${village}/participants`);
    expect(people.participants.map(({ waId }) => waId)).toContain(phone);
    const settings = await session.api.ok(`PATCH /groups/${village}`, { needsApproval: true });
    expect(settings.needsApproval).toBe(true);
    const ben = await stack.simulator.aContact('reader');
    await simulate(`POST /groups/${village}/join-requests`, { pn: ben.pn });
    await told('group.join_request', (data) => data.chatId === village);
    const requests = session.api.under(`/groups/${village}/join-requests`);
    expect((await requests.ok('GET')).requests).toHaveLength(1);
    await requests.ok('POST /approve', { participants: [ben.pn] });
    await session.api.ok(`POST /groups/${village}/participants/remove`, { participants: [ben.pn] });
    const { members } = await simulate<{ members: { pn: string }[] }>(`GET /groups/${village}`);
    expect(members.map(({ pn }) => pn)).not.toContain(ben.pn);
  });

  it('are the same after a restart', async () => {
    const body = { subject: 'Big village', description: 'Everybody' };
    await session.api.ok(`PATCH /groups/${village}`, body);
    await told('group.updated', ({ chatId, changes }) => chatId === village && (changes as Data).subject !== undefined);
    await stack.gateway.kill();
    await stack.gateway.start();
    expect(await group(village)).toMatchObject({
      ...body,
      isCommunity: true,
      ownRole: 'superadmin',
      needsApproval: true,
    });
    expect((await group(street)).communityId).toBe(village);
    await session.becomes('connected');
    const groups = await eventually('its groups are told', () => groupsIn(village).catch(() => null));
    expect(groups.filter(({ isMember }) => isMember)).toHaveLength(4);
  });

  it('are left, and end', async () => {
    const { jid } = await simulate('POST /communities', { subject: 'Town', owner: ana.pn, members: [phone] });
    await told('group.created', (data) => data.chatId === jid);
    expect(await refused(`POST /communities/${jid}/deactivate`)).toEqual([403, 'group.not-admin']);
    expect(await session.api.call(`POST /groups/${jid}/leave`)).toMatchObject({ status: 204 });
    await told('group.left', (data) => data.chatId === jid);
    const orders: [string, object?][] = [
      [`GET /communities/${jid}/groups`],
      [`POST /communities/${jid}/deactivate`],
      [`PATCH /groups/${jid}`, { subject: 'x' }],
    ];
    const answers = [];
    for (const [route, order] of orders) answers.push(await refused(route, order));
    expect(answers).toEqual(orders.map(() => [403, 'group.not-a-member']));
    const linking = await session.api.ok(`POST /communities/${jid}/groups`, { groupIds: [street] });
    expect(linking.groups).toMatchObject([{ isDone: false, code: 'group.not-a-member' }]);
    expect(await session.api.call(`POST /communities/${village}/deactivate`)).toMatchObject({ status: 204 });
    expect(await told('group.left', (data) => data.chatId === village)).toMatchObject({ reason: 'deleted' });
    await eventually('the group goes on by itself', async () => (await group(street)).communityId === null);
    expect((await session.api.ok('GET /communities')).items).toEqual([]);
  });

  it('refuse what is no community', async () => {
    expect(await refused(`GET /communities/${street}`)).toEqual([404, 'community.not-found']);
    expect(await refused(`GET /communities/120363999999999999@g.us`)).toEqual([404, 'group.not-found']);
    const body = { subject: 'x', participants: [], communityId: street };
    expect(await refused(`POST /groups`, body)).toEqual([409, 'group.no-community']);
    const wrong: [object, string, string][] = [
      [{ subject: 'x'.repeat(101) }, '/subject', '100 characters'],
      [{ subject: 'x', description: 'x'.repeat(2049) }, '/description', '2048 characters'],
      [
        { subject: 'x', groupIds: Array.from({ length: 101 }, (_, n) => `1203630000000${n + 10_000}@g.us`) },
        '/groupIds',
        '100',
      ],
    ];
    for (const [order, pointer, limit] of wrong)
      expect(await session.api.raw('POST /communities', order)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid', errors: [{ pointer, detail: expect.stringContaining(limit) as string }] },
      });
    const unknown = '120363999999999999@g.us';
    for (const [method, what] of [
      ['GET', '/groups'],
      ['POST', '/deactivate'],
      ['DELETE', `/groups/${street}`],
    ])
      expect(await refused(`${method} /communities/${unknown}${what}`)).toEqual([404, 'group.not-found']);
  });
});
