import type { FoundGroupDto, GroupDto, UpdateGroupDto } from '@app/client/client.js';
import type { InputOf } from '@app/testing/api-route.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

type Data = Record<string, unknown>;

interface Person {
  waId: string;
  phone: string | null;
  lid: string | null;
  name: string | null;
}

interface SimulatedGroup {
  subject: string;
  description: string | null;
  announcement: boolean;
  locked: boolean;
  disappearingSeconds: number;
  memberAddMode: string;
  joinApproval: boolean;
  inviteCode: string;
  members: { pn: string; role: string }[];
}

const unknownGroup = '120363999999999999@g.us';

describe('groups', () => {
  let ana: SimulatedContact;
  let ben: SimulatedContact;
  let shy: SimulatedContact;
  const linked = useSession({
    before: async ({ simulator }, phone) => {
      [ana, ben, shy] = [
        await simulator.aContact('reader', { name: 'Ana' }),
        await simulator.aContact('reader', { name: 'Ben' }),
        await simulator.aContact('reader', { name: 'Shy' }),
      ];
      await simulate(`PATCH /accounts/${shy.pn}`, { privacy: { groupadd: 'contacts' } });
      await simulate('POST /accounts', { pn: phone });
      await simulate('POST /groups', { subject: 'Before', owner: ana.pn, members: [phone, ben.pn] });
    },
  });
  const { stack } = linked;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  beforeAll(() => void ({ tenant, session, phone } = linked));

  const simulate = <T = { jid: string }>(route: string, body?: object) => stack.simulator.api.ok<T>(route, body);
  const seen = (groupId: string) => simulate<SimulatedGroup>(`GET /groups/${groupId}`);
  const groups = () => session.api.under('/groups');
  const get = (groupId: string) => groups().ok(`GET /${groupId}`);
  const list = async (query?: InputOf<'GET /v1/sessions/{sessionId}/groups'>) =>
    (await groups().ok('GET', query)).items;
  const found = (body: Omit<FoundGroupDto, 'participants'> & Partial<FoundGroupDto>) =>
    groups().ok('POST', { participants: [], ...body });
  type Deed =
    | 'invitations/withdraw'
    | 'join-requests/approve'
    | 'join-requests/reject'
    | 'participants/demote'
    | 'participants/promote'
    | 'participants/remove';
  const people = (groupId: string, deed: Deed, participants: string[]) =>
    groups().ok(`POST /${groupId}/${deed}`, { participants });
  const refused = async (route: string, body?: object) => {
    const { status, body: problem } = await groups().raw(route, body);
    return [status, problem.code, ...(problem.errors ?? []).map(({ pointer }) => pointer)];
  };
  /** The event, at the webhook and in the log. */
  const told = async (type: string, fits: (data: Data) => boolean) =>
    (await linked.heard(type, ({ data }) => fits(data))).data;
  /** A group of somebody else's, once it is known here. */
  const foreign = async (order: object) => {
    const { jid } = await simulate('POST /groups', { owner: ana.pn, members: [phone], ...order });
    await eventually('the group is known', async () => (await list()).some(({ groupId }) => groupId === jid));
    return jid;
  };

  it('that were there before the account was linked are listed, with their people', async () => {
    const [before] = await eventually('it is read', async () => {
      const known = await list({ search: 'befo', participants: true });
      return known.length > 0 && known;
    });
    expect(before).toMatchObject({ subject: 'Before', ownRole: 'member', size: 3 });
    expect(before!.participants).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ waId: ana.pn, lid: `${ana.lid}@lid`, role: 'superadmin' }),
        expect.objectContaining({ waId: phone, role: 'member' }),
      ]),
    );
    expect((await list())[0]!.participants).toBeNull();
    expect(await list({ isAdmin: true })).toEqual([]);
  });

  it('are founded; who cannot be added is told, and invited', async () => {
    const participants = [ana.pn, `+${ben.pn}`, shy.pn, '6281399999999'];
    const { group, participants: outcomes } = await found({
      subject: 'Choir',
      participants,
      description: 'We sing',
      membersMayAdd: false,
      invite: true,
      inviteCaption: 'Sing with us',
    });
    expect(group).toMatchObject({ subject: 'Choir', description: 'We sing', ownRole: 'superadmin', size: 3 });
    expect(outcomes.map(({ person, isDone, code }) => [person.waId, isDone, code])).toEqual([
      [ana.pn, true, null],
      [ben.pn, true, null],
      [shy.pn, false, 'participant.needs-invitation'],
      ['6281399999999', false, 'participant.not-on-whatsapp'],
    ]);
    const [letter] = await eventually('the invitation arrives', async () => {
      const letters = await stack.simulator.messages(shy.pn, phone);
      return letters.length > 0 && letters;
    });
    expect(letter).toMatchObject({ kind: 'groupInviteMessage' });
    expect(outcomes[2]!.invite).toMatchObject({ messageId: expect.stringMatching(/^msg_/) as string });
    expect(await seen(group.groupId)).toMatchObject({ memberAddMode: 'admin_add', description: 'We sing' });
    const isOurs = (data: Data) => data.chatId === group.groupId;
    expect(await told('group.created', isOurs)).toMatchObject({ how: 'founded', fromMe: true });
    expect((await list({ isAdmin: true })).map(({ groupId }) => groupId)).toEqual([group.groupId]);
    expect(await refused(`POST /${group.groupId}/invitations/withdraw`, { participants: [] })).toContain(400);
    const taken = await people(group.groupId, 'invitations/withdraw', [shy.pn, ben.pn]);
    expect(taken.participants.map(({ code }) => code)).toEqual([null, 'participant.not-invited']);
  });

  it('are renamed, described and set, here, for everybody, and after a restart', async () => {
    const { groupId } = (await found({ subject: 'Old name', participants: [ana.pn] })).group;
    const settings: UpdateGroupDto = {
      subject: 'New name',
      description: 'What for',
      isAnnouncement: true,
      isLocked: true,
      membersMayAdd: false,
      needsApproval: true,
      disappearingSeconds: 86_400,
    };
    expect(await groups().ok(`PATCH /${groupId}`, settings)).toMatchObject(settings);
    expect(await seen(groupId)).toMatchObject({
      subject: 'New name',
      description: 'What for',
      announcement: true,
      locked: true,
      memberAddMode: 'admin_add',
      joinApproval: true,
      disappearingSeconds: 86_400,
    });
    const changed = (name: string) => (data: Data) => data.chatId === groupId && name in (data.changes as Data);
    for (const name of Object.keys(settings)) await told('group.updated', changed(name));
    await groups().ok(`PATCH /${groupId}`, { description: null, isAnnouncement: false });
    expect(await seen(groupId)).toMatchObject({ description: null, announcement: false });
    await stack.gateway.kill();
    await stack.gateway.start();
    expect(await get(groupId)).toMatchObject({ ...settings, description: null, isAnnouncement: false });
    await session.becomes('connected');
    await eventually('it may be changed', () =>
      groups()
        .ok(`PATCH /${groupId}`, { isLocked: false })
        .catch(() => null),
    );
    expect((await seen(groupId)).locked).toBe(false);
  });

  it('take people in and let them go, each with a result', async () => {
    const { groupId } = (await found({ subject: 'Team', participants: [ana.pn] })).group;
    const added = await groups().ok(`POST /${groupId}/participants`, {
      participants: [ana.pn, ben.pn, shy.pn],
      invite: false,
    });
    expect(added.participants.map(({ code }) => code)).toEqual([
      'participant.already-in-group',
      null,
      'participant.needs-invitation',
    ]);
    expect(await get(groupId)).toMatchObject({ size: 3 });
    await told('group.participants', (data) => data.chatId === groupId && data.change === 'added');
    expect((await people(groupId, 'participants/promote', [`${ben.lid}@lid`])).participants[0]).toMatchObject({
      person: { waId: ben.pn },
      isDone: true,
    });
    const again = await people(groupId, 'participants/promote', [ben.pn, shy.pn]);
    expect(again.participants.map(({ code }) => code)).toEqual([
      'participant.already-admin',
      'participant.not-in-group',
    ]);
    const roleOf = async (pn: string) => (await get(groupId)).participants?.find(({ waId }) => waId === pn)?.role;
    expect(await roleOf(ben.pn)).toBe('admin');
    await people(groupId, 'participants/demote', [ben.pn]);
    expect(await roleOf(ben.pn)).toBe('member');
    await people(groupId, 'participants/remove', [ben.pn]);
    expect(await roleOf(ben.pn)).toBeUndefined();
    expect((await seen(groupId)).members.map(({ pn }) => pn)).toEqual([phone, ana.pn]);
    for (const change of ['promoted', 'demoted', 'removed'])
      await told('group.participants', (data) => data.chatId === groupId && data.change === change);
  });

  it('follow what others do', async () => {
    const groupId = await foreign({ subject: 'Theirs' });
    await simulate(`PATCH /groups/${groupId}`, {
      by: ana.pn,
      subject: 'Still theirs',
      add: [ben.pn],
      promote: [phone],
    });
    const becomes = (isSo: (group: GroupDto) => boolean) =>
      eventually('the group is as expected', async () => {
        const group = await get(groupId);
        return isSo(group) && group;
      });
    const group = await becomes(({ ownRole, size }) => ownRole === 'admin' && size === 3);
    expect(group).toMatchObject({ subject: 'Still theirs' });
    await simulate(`PATCH /groups/${groupId}`, { by: ana.pn, remove: [phone] });
    await becomes(({ ownRole }) => ownRole === null);
    expect((await list()).map((one) => one.groupId)).not.toContain(groupId);
    expect((await list({ isMember: false })).map((one) => one.groupId)).toContain(groupId);
    expect(await groups().call(`DELETE /${groupId}`)).toMatchObject({ status: 204 });
    expect(await list({ isMember: false })).toEqual([]);
    const { id } = await session.send(groupId, 'anybody there?');
    const failed = await eventually('the message fails', async () => {
      const message = await session.api.ok(`GET /messages/${id}`);
      return message.status === 'failed' && message;
    });
    expect(failed.errorCode).toBe('group.not-a-member');
  });

  it('let people in who ask', async () => {
    const { groupId } = (await found({ subject: 'Closed', needsApproval: true })).group;
    for (const { pn } of [ana, ben]) await simulate(`POST /groups/${groupId}/join-requests`, { pn });
    await told('group.join_request', (data) => data.chatId === groupId && JSON.stringify(data).includes(ben.pn));
    const requests = async () => (await groups().ok(`GET /${groupId}/join-requests`)).requests;
    expect(await requests()).toEqual([
      expect.objectContaining({ person: expect.objectContaining({ waId: ana.pn }) as Person, method: 'invite_link' }),
      expect.objectContaining({ person: expect.objectContaining({ waId: ben.pn }) as Person }),
    ]);
    const approved = await people(groupId, 'join-requests/approve', [ana.pn, shy.pn]);
    expect(approved.participants.map(({ code }) => code)).toEqual([null, 'participant.not-waiting']);
    await people(groupId, 'join-requests/reject', [ben.pn]);
    expect(await requests()).toEqual([]);
    expect(await get(groupId)).toMatchObject({ size: 2 });
    expect((await seen(groupId)).members.map(({ pn }) => pn)).toEqual([phone, ana.pn]);
  });

  it('are joined by link, by request, and by an invitation in a message; they can be looked at before', async () => {
    const { jid } = await simulate('POST /groups', { subject: 'Open house', owner: ana.pn, description: 'Come in' });
    const { inviteCode } = await seen(jid);
    const invite = `https://chat.whatsapp.com/${inviteCode}`;
    expect(await groups().ok('GET /invite', { invite })).toMatchObject({
      groupId: jid,
      subject: 'Open house',
      description: 'Come in',
      size: 1,
    });
    expect((await list()).map(({ groupId }) => groupId)).not.toContain(jid);
    expect(await groups().ok(`POST /join`, { invite })).toMatchObject({
      groupId: jid,
      state: 'joined',
      group: { subject: 'Open house', ownRole: 'member' },
    });
    expect(await told('group.created', (data) => data.chatId === jid)).toMatchObject({ how: 'joined' });
    expect(await refused(`POST /join`, { invite: inviteCode })).toEqual([409, 'group.already-member']);

    const closed = await simulate('POST /groups', { subject: 'Closed house', owner: ana.pn, joinApproval: true });
    const { inviteCode: code } = await seen(closed.jid);
    const waiting = { groupId: closed.jid, state: 'waiting', group: null };
    expect(await groups().ok(`POST /join`, { invite: code })).toEqual(waiting);

    await simulate(`PATCH /groups/${jid}`, { by: ana.pn, renewInvite: true });
    expect(await refused(`GET /invite?invite=${inviteCode}`)).toEqual([410, 'invite.expired']);

    await simulate(`PATCH /accounts/${phone}`, { privacy: { groupadd: 'contacts' } });
    const private_ = await simulate('POST /groups', { subject: 'By invitation', owner: ben.pn });
    const { refused: invited } = await simulate<{ refused: { inviteCode: string; inviteExpiresAt: string }[] }>(
      `PATCH /groups/${private_.jid}`,
      { by: ben.pn, add: [phone] },
    );
    const groupInviteMessage = {
      groupJid: private_.jid,
      groupName: 'By invitation',
      inviteCode: invited[0]!.inviteCode,
      inviteExpiration: String(Date.parse(invited[0]!.inviteExpiresAt) / 1000),
    };
    const [messageId] = await stack.simulator.send(ben.pn, phone, { message: { groupInviteMessage } });
    await eventually('it is here', async () => {
      const { status } = await session.api.call(`GET /messages/${messageId}`);
      return status === 200;
    });
    await simulate(`PATCH /accounts/${phone}`, { privacy: { groupadd: 'all' } });
    expect(await groups().ok(`POST /join`, { messageId })).toMatchObject({ state: 'joined' });
    expect((await seen(private_.jid)).members.map(({ pn }) => pn)).toContain(phone);
  });

  it('have a link that can be replaced, and a picture', async () => {
    const { groupId } = (await found({ subject: 'Linked' })).group;
    const { inviteCode } = await seen(groupId);
    const link = { groupId, code: inviteCode, link: `https://chat.whatsapp.com/${inviteCode}` };
    expect(await groups().ok(`GET /${groupId}/invite-link`)).toEqual(link);
    const { code } = await groups().ok(`POST /${groupId}/invite-link/reset`);
    expect(code).not.toBe(inviteCode);
    expect((await seen(groupId)).inviteCode).toBe(code);
    await told('group.updated', (data) => data.chatId === groupId && 'inviteCode' in (data.changes as Data));

    const picture = groups().under(`/${groupId}/picture`);
    expect(await refused(`GET /${groupId}/picture`)).toEqual([404, 'picture.not-found']);
    const data = (await sampleFiles.png()).toString('base64');
    expect(await picture.call('PUT', { data })).toMatchObject({ status: 200 });
    expect((await picture.ok('GET ?size=preview')).url).toMatch(/^https:/);
    await told('group.updated', (one) => one.chatId === groupId && (one.changes as Data).picture === 'changed');
    expect(await picture.call('DELETE')).toMatchObject({ status: 204 });
    await told('group.updated', (one) => one.chatId === groupId && (one.changes as Data).picture === 'removed');
    const text = Buffer.from('no picture').toString('base64');
    expect(await picture.call('PUT', { data: text })).toMatchObject({
      status: 400,
      body: { code: 'media.wrong-kind', detail: expect.stringContaining('must be a picture: JPEG, PNG') as string },
    });
  });

  it('give their people as CSV and Excel', async () => {
    const { groupId } = (await found({ subject: 'Table', participants: [ana.pn] })).group;
    const csv = await groups().call(`GET /${groupId}/participants/export`);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.body).toContain(`${ana.pn},${ana.pn},${ana.lid}@lid,`);
    expect(csv.body).toContain(',superadmin\r\n');
    const xlsx = await groups().call(`GET /${groupId}/participants/export?format=xlsx`);
    expect(xlsx.headers.get('content-disposition')).toContain('.xlsx"');
    expect(xlsx.body.slice(0, 2)).toBe('PK');
    const { participants } = await groups().ok(`GET /${groupId}/participants`);
    expect(participants.map(({ waId }) => waId)).toEqual([phone, ana.pn]);
  });

  it('are left', async () => {
    const groupId = await foreign({ subject: 'Boring' });
    expect(await groups().call(`POST /${groupId}/leave`)).toMatchObject({ status: 204 });
    expect(await get(groupId)).toMatchObject({ ownRole: null });
    expect(await told('group.left', (data) => data.chatId === groupId)).toMatchObject({ reason: 'left', fromMe: true });
    expect(await refused(`PATCH /${groupId}`, { subject: 'x' })).toEqual([403, 'group.not-a-member']);
    expect((await seen(groupId)).members.map(({ pn }) => pn)).toEqual([ana.pn]);
  });

  it('are read again when WhatsApp says that they have changed untold, and when it is wanted', async () => {
    const groupId = await foreign({ subject: 'Quiet' });
    await groups().ok(`DELETE /${groupId}`);
    await session.api.ok('POST /stop');
    await simulate(`POST /accounts/${phone}/phone`, { op: 'soil', type: 'groups' });
    await session.start();
    const cleaned = await simulate<{ xml: string }>(
      `GET /stanzas/wait?account=${phone}&tag=iq&direction=in&childTag=clean&timeoutMs=20000`,
    );
    expect(cleaned.xml).toContain('groups');
    await eventually('it is back', async () => (await list()).some((one) => one.groupId === groupId));
    await groups().ok(`DELETE /${groupId}`);
    const synced = await groups().ok('POST /sync');
    const known = await list({ limit: 200 });
    expect(known).toHaveLength(synced.groups);
    expect(known.map((one) => one.groupId)).toContain(groupId);
  });

  describe('refuse', () => {
    let groupId: string;
    let gone: string | undefined;
    beforeAll(async () => {
      groupId = await foreign({ subject: 'Strict', locked: true });
    });
    /** A group that the account was in. */
    const left = async () => {
      const jid = await foreign({ subject: 'Over' });
      await groups().ok(`POST /${jid}/leave`);
      return jid;
    };
    const fault = (childTag: string, code: number, account = phone) =>
      simulate<{ id: string }>('POST /faults', {
        match: { account, tag: 'iq', direction: 'in', childTag },
        action: { kind: 'error', code },
        times: 1,
      });

    it.each([
      ['a change by somebody who is no admin', 'PATCH', { subject: 'Mine now' }],
      ['a setting by somebody who is no admin', 'PATCH', { isAnnouncement: true }],
      ['the removal of others', 'POST /participants/remove', { participants: ['6281200000001'] }],
      ['the list of requests', 'GET /join-requests', undefined],
      ['the link', 'GET /invite-link', undefined],
      ['a new link', 'POST /invite-link/reset', undefined],
      ['a picture that is taken away', 'DELETE /picture', undefined],
    ])('%s', async (_, order, body) => {
      const [method, what = ''] = order.split(' ');
      expect(await refused(`${method} /${groupId}${what}`, body)).toEqual([403, 'group.not-admin']);
    });

    it.each([
      ['PATCH ', { subject: 'x' }],
      ['POST /participants', { participants: ['6281200000001'] }],
      ['POST /participants/promote', { participants: ['6281200000001'] }],
      ['POST /leave', undefined],
      ['GET /invite-link', undefined],
      ['GET /join-requests', undefined],
      ['DELETE /picture', undefined],
    ])('%s, where the account is no member, and where there is no group', async (order, body) => {
      const [method, what = ''] = order.split(' ');
      gone ??= await left();
      expect(await refused(`${method} /${gone}${what}`, body)).toEqual([403, 'group.not-a-member']);
      expect(await refused(`${method} /${unknownGroup}${what}`, body)).toEqual([404, 'group.not-found']);
    });

    it('what nobody knows', async () => {
      expect(await refused(`GET /${unknownGroup}`)).toEqual([404, 'group.not-found']);
      expect(await refused(`POST /${unknownGroup}/leave`)).toEqual([404, 'group.not-found']);
      expect(await refused(`GET /${ana.pn}`)).toEqual([404, 'group.not-found']);
      expect(await refused(`DELETE /${unknownGroup}`)).toEqual([404, 'group.not-found']);
    });

    it.each([
      [
        '1 025 people',
        { participants: Array.from({ length: 1025 }, (_, n) => `62812${10_000_000 + n}`) },
        '/participants',
        '1024',
      ],
      ['a subject that is too long', { subject: 'x'.repeat(101) }, '/subject', '100 characters'],
      ['a description that is too long', { description: 'x'.repeat(2049) }, '/description', '2048 characters'],
      ['a timer that no app offers', { disappearingSeconds: 5 }, '/disappearingSeconds', '86400'],
      ['what is no address', { participants: ['Ana'] }, '/participants', '1024'],
    ])('%s', async (_, wrong, pointer, limit) => {
      const body = { subject: 'x', participants: [], ...wrong };
      const answer = await groups().raw('POST', body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
      expect(answer.body.errors?.[0]?.detail).toContain(limit);
    });

    it('the same where a group is changed', async () => {
      const many = Array.from({ length: 1025 }, (_, n) => `62812${10_000_000 + n}`);
      const wrong: [string, object, string][] = [
        ['PATCH ', { subject: 'x'.repeat(101) }, '/subject'],
        ['PATCH ', { description: 'x'.repeat(2049) }, '/description'],
        ['POST /participants', { participants: many }, '/participants'],
        ['POST /participants/remove', { participants: many }, '/participants'],
        ['POST /join-requests/approve', { participants: many }, '/participants'],
      ];
      for (const [order, body, pointer] of wrong) {
        const [method, what = ''] = order.split(' ');
        const route = `${method} /${groupId}${what}`;
        expect(await refused(route, body)).toEqual([400, 'request.invalid', pointer]);
      }
    });

    it('who is no person, and invitations that are none', async () => {
      const participants = [ana.pn, groupId];
      const wrong = [400, 'group.participant-invalid', '/participants/1'];
      expect(await refused('POST', { subject: 'x', participants })).toEqual(wrong);
      expect(await refused(`POST /join`, { invite: 'no code' })).toEqual([400, 'invite.invalid', '/invite']);
      const unknown = [400, 'invite.invalid', '/invite'];
      expect(await refused(`POST /join`, { invite: 'AbCdEfGhIjKlMnOpQrStUv' })).toEqual(unknown);
      expect(await refused(`POST /join`, {})).toEqual([400, 'request.invalid', '/invite']);
      const { id } = await session.send(ana.pn, 'no invitation');
      expect(await refused(`POST /join`, { messageId: id })).toEqual([409, 'message.no-invitation']);
    });

    it('what WhatsApp wants done later, and what a restricted account may not', async () => {
      await fault('create', 429);
      const answer = await groups().call('POST', { subject: 'Hurry', participants: [] });
      expect(answer).toMatchObject({ status: 429, body: { code: 'whatsapp.rate-limited' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      await fault('create', 463);
      const held = [403, 'whatsapp.restricted'];
      expect(await refused('POST', { subject: 'Strangers', participants: [ana.pn] })).toEqual(held);
      const own = (await found({ subject: 'Ours' })).group.groupId;
      await fault('add', 463);
      expect(await refused(`POST /${own}/participants`, { participants: [ana.pn] })).toEqual(held);
      expect((await seen(own)).members.map(({ pn }) => pn)).toEqual([phone]);
      expect((await list({ search: 'Hurry' })).concat(await list({ search: 'Strangers' }))).toEqual([]);
      await simulate('DELETE /faults');
    });

    it('to ask at all, for a while, once WhatsApp has had too many questions', async () => {
      const other = await tenant.aPairedSession(stack.aPhone());
      const account = (await other.get()).me!.phone!;
      const path = `${other.path}/groups/${unknownGroup}` as const;
      await eventually('its groups are read', async () => (await tenant.api.call(`GET ${path}`)).status === 404);
      await fault('query', 429, account);
      const asked = async () =>
        (
          await simulate<{ items: { xml: string }[] }>(
            `GET /stanzas?account=${account}&tag=iq&direction=in&childTag=query&limit=1000`,
          )
        ).items.length;
      const first = await tenant.api.call(`GET ${path}`);
      expect(first).toMatchObject({ status: 429, body: { code: 'whatsapp.rate-limited' } });
      const before = await asked();
      const second = await tenant.api.call(`GET ${path}`);
      expect(second).toMatchObject({ status: 429, body: { code: 'group.too-many-reads' } });
      for (const { headers } of [first, second]) {
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(30);
        expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
      }
      expect(await asked()).toBe(before);
      await simulate('DELETE /faults');
    });

    it('to ask WhatsApp too often', async () => {
      const answers = await eventually('the allowance is used up', async () => {
        const { status, body, headers } = await groups().call(`GET /${groupId}?refresh=true`);
        return status !== 200 && { status, code: body.code, wait: Number(headers.get('retry-after')) };
      });
      expect(answers).toMatchObject({ status: 429, code: 'group.too-many-reads' });
      expect(answers.wait).toBeGreaterThan(0);
      expect((await get(groupId)).subject).toBe('Strict');
    });
  });
});
