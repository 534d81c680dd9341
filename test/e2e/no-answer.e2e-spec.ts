import { eventually } from '@app/testing/eventually.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

describe('what WhatsApp does not answer', () => {
  let ana: SimulatedContact;
  const linked = useSession({
    env: { WA_ANSWER_TIMEOUT_MS: '3000' },
    before: async ({ simulator }) => void (ana = await simulator.aContact('reader', { name: 'Ana' })),
  });
  const simulate = <T = { jid: string }>(route: string, body?: object) => linked.stack.simulator.api.ok<T>(route, body);

  afterEach(() => simulate('DELETE /faults'));

  /** Stanzas of the account with such a child get lost on their way. */
  const lose = (childTag: string) =>
    simulate('POST /faults', {
      match: { account: linked.phone, tag: 'iq', direction: 'in', childTag },
      action: { kind: 'drop' },
    });
  const refusal = async (route: string, body?: object) => {
    const { status, body: problem } = await linked.session.api.raw(route, body);
    return [status, problem.code];
  };

  it('is not taken for done: groups, communities and their settings stay as they were', async () => {
    const order = { subject: 'Choir', participants: [ana.pn] };
    const { groupId } = (await linked.session.api.ok('POST /groups', order)).group;
    const { community } = await linked.session.api.ok('POST /communities', { subject: 'Village', groupIds: [] });
    await linked.session.send(groupId, 'hello', { wait: true });
    const orders: [childTag: string, route: string, body?: object][] = [
      ['subject', `PATCH /groups/${groupId}`, { subject: 'Band' }],
      ['description', `PATCH /groups/${groupId}`, { description: 'We play' }],
      ['announcement', `PATCH /groups/${groupId}`, { isAnnouncement: true }],
      ['member_add_mode', `PATCH /groups/${groupId}`, { membersMayAdd: false }],
      ['membership_approval_mode', `PATCH /groups/${groupId}`, { needsApproval: true }],
      ['ephemeral', `PUT /chats/${groupId}/disappearing`, { seconds: 86_400 }],
      ['promote', `POST /groups/${groupId}/participants/promote`, { participants: [ana.pn] }],
      ['membership_approval_requests', `GET /groups/${groupId}/join-requests`],
      ['links', `POST /communities/${community.groupId}/groups`, { groupIds: [groupId] }],
      ['leave', `POST /groups/${groupId}/leave`],
    ];
    for (const [childTag] of orders) await lose(childTag);
    const answers = await Promise.all(orders.map(([, route, body]) => refusal(route, body)));
    expect(answers).toEqual(orders.map(() => [504, 'whatsapp.no-answer']));
    expect(await linked.session.api.ok(`GET /groups/${groupId}`)).toMatchObject({
      subject: 'Choir',
      description: null,
      isAnnouncement: false,
      membersMayAdd: true,
      needsApproval: false,
      disappearingSeconds: 0,
      communityId: null,
      ownRole: 'superadmin',
    });

    await simulate('DELETE /faults');
    await linked.session.api.ok(`PATCH /groups/${groupId}`, { subject: 'Band', description: 'We play' });
    expect(await simulate(`GET /groups/${groupId}`)).toMatchObject({ subject: 'Band', description: 'We play' });
  });

  it('is not taken for nothing: lists are not empty then', async () => {
    const match = { account: linked.phone, tag: 'iq', type: 'get', direction: 'in' };
    await eventually('the session is at rest', async () => (await refusal('GET /contacts/blocked'))[0] === 200);
    await simulate('POST /faults', { match, action: { kind: 'drop' } });
    const routes = ['GET /contacts/blocked', 'GET /business/bots'];
    const answers = await Promise.all(routes.map((route) => refusal(route)));
    expect(answers).toEqual(routes.map(() => [504, 'whatsapp.no-answer']));
  });
});
