import type { Area, Stage } from './area.js';

interface Shown {
  jid: string;
  kind: string;
  subject: string;
  description: string | null;
  inviteCode: string;
  announcement: boolean;
  disappearingSeconds: number;
  memberAddMode: string;
  joinApproval: boolean;
  community: string | null;
  members: { pn: string; role: string }[];
  joinRequests: { pn: string }[];
}

const shown = ({ world }: Stage, jid: string) => world.get<Shown>(`/groups/${jid}`);
const membersOf = async (stage: Stage, jid: string) => (await shown(stage, jid)).members.map(({ pn }) => pn);
const partsOf = async ({ world }: Stage, jid: string) =>
  (await world.get<{ items: Shown[] }>(`/communities/${jid}/groups`)).items;

/** A community of the client's own, unless the friend has to be in charge. */
async function aCommunity({ world, me }: Stage, order: object = {}): Promise<string> {
  const community = { subject: 'Village', owner: me.pn, addressing: 'pn', ...order };
  return (await world.post<Shown>('/communities', community)).body.jid;
}

async function aGroup({ world, me, friend }: Stage, order: object = {}): Promise<string> {
  const group = { subject: 'Choir', owner: me.pn, members: [friend.pn], addressing: 'pn', ...order };
  return (await world.post<Shown>('/groups', group)).body.jid;
}

/** A client that cannot be added by everybody, and the invitation it is sent instead. */
async function anInvitedClient(stage: Stage, groupJid: string) {
  const { world, me } = stage;
  const shy = await world.aClient().pair(world.aNumber());
  await shy.socket.updateGroupsAddPrivacy('contacts');
  const [outcome] = await me.socket.communityParticipantsUpdate(groupJid, [`${shy.pn}@s.whatsapp.net`], 'add');
  expect(outcome?.status).toBe('403');
  const [request] = (outcome?.content.content ?? []) as { attrs: Record<string, string> }[];
  const { code: inviteCode, expiration } = request?.attrs ?? {};
  return { shy, invite: { groupJid, inviteCode, inviteExpiration: Number(expiration), groupName: 'Village' } };
}

/** Communities: the library's functions, each with its effect. */
export const communities: Area = {
  title: 'communities',
  functions: {
    communityCreate: async (stage) => {
      const created = await stage.me.socket.communityCreate('Town', 'Everything around here');
      expect(created).toMatchObject({ subject: 'Town', desc: 'Everything around here', isCommunity: true });
      const parts = await partsOf(stage, created?.id ?? '');
      expect(parts).toMatchObject([
        { kind: 'announcements', subject: 'Town', announcement: true },
        { kind: 'group', subject: 'General' },
      ]);
    },
    communityMetadata: async (stage) => {
      const jid = await aCommunity(stage, { description: 'All of us' });
      expect(await stage.me.socket.communityMetadata(jid)).toMatchObject({
        id: jid,
        subject: 'Village',
        desc: 'All of us',
        isCommunity: true,
        size: 1,
        participants: [{ id: `${stage.me.pn}@s.whatsapp.net`, admin: 'superadmin' }],
      });
    },
    communityFetchAllParticipating: async (stage) => {
      const jid = await aCommunity(stage);
      const group = await aGroup(stage);
      const all = await stage.me.socket.communityFetchAllParticipating();
      expect(all[jid]?.subject).toBe('Village');
      expect(all[group]).toBeUndefined();
    },
    communityCreateGroup: async (stage) => {
      const { me, friend } = stage;
      const jid = await aCommunity(stage);
      const group = await me.socket.communityCreateGroup('Bakers', [friend.jid], jid);
      expect(group).toMatchObject({ subject: 'Bakers', linkedParent: jid });
      expect((await partsOf(stage, jid)).map(({ subject }) => subject)).toContain('Bakers');
      expect(await membersOf(stage, jid)).toEqual([me.pn, friend.pn]);
    },
    communityLeave: async (stage) => {
      const { world, me, friend } = stage;
      const jid = await aCommunity(stage);
      await world.patch(`/groups/${jid}`, { by: me.pn, add: [friend.pn] });
      await me.socket.communityLeave(jid);
      expect(await membersOf(stage, jid)).toEqual([friend.pn]);
      for (const part of await partsOf(stage, jid)) expect(await membersOf(stage, part.jid)).toEqual([friend.pn]);
    },
    communityUpdateSubject: async (stage) => {
      const jid = await aCommunity(stage);
      await stage.me.socket.communityUpdateSubject(jid, 'City');
      expect((await shown(stage, jid)).subject).toBe('City');
    },
    communityUpdateDescription: async (stage) => {
      const jid = await aCommunity(stage, { description: 'first' });
      await stage.me.socket.communityUpdateDescription(jid, 'second');
      expect((await shown(stage, jid)).description).toBe('second');
    },
    communityLinkGroup: async (stage) => {
      const jid = await aCommunity(stage);
      const group = await aGroup(stage);
      await stage.me.socket.communityLinkGroup(group, jid);
      expect((await shown(stage, group)).community).toBe(jid);
      expect((await stage.me.socket.groupMetadata(group)).linkedParent).toBe(jid);
      expect(await membersOf(stage, jid)).toContain(stage.friend.pn);
    },
    communityUnlinkGroup: async (stage) => {
      const jid = await aCommunity(stage);
      const group = await aGroup(stage, { community: jid });
      await stage.me.socket.communityUnlinkGroup(group, jid);
      expect((await shown(stage, group)).community).toBeNull();
      expect((await stage.me.socket.groupMetadata(group)).linkedParent).toBeUndefined();
    },
    communityFetchLinkedGroups: async (stage) => {
      const jid = await aCommunity(stage, { generalChat: false });
      const group = await aGroup(stage, { community: jid });
      const seen = await stage.me.socket.communityFetchLinkedGroups(group);
      expect(seen).toMatchObject({ communityJid: jid, isCommunity: false });
      expect(seen.linkedGroups.map(({ subject, size }) => ({ subject, size }))).toEqual([
        { subject: 'Village', size: 2 },
        { subject: 'Choir', size: 2 },
      ]);
    },
    communityRequestParticipantsList: async (stage) => {
      const jid = await aCommunity(stage);
      await stage.world.patch(`/groups/${jid}`, { by: stage.me.pn, joinApproval: true });
      await stage.world.post(`/groups/${jid}/join-requests`, { pn: stage.friend.pn });
      expect(await stage.me.socket.communityRequestParticipantsList(jid)).toMatchObject([{ jid: stage.friend.jid }]);
    },
    communityRequestParticipantsUpdate: async (stage) => {
      const { world, me, friend } = stage;
      const jid = await aCommunity(stage);
      await world.patch(`/groups/${jid}`, { by: me.pn, joinApproval: true });
      await world.post(`/groups/${jid}/join-requests`, { pn: friend.pn });
      expect(await me.socket.communityRequestParticipantsUpdate(jid, [friend.jid], 'approve')).toEqual([
        { status: '200', jid: friend.jid },
      ]);
      expect(await membersOf(stage, jid)).toContain(friend.pn);
    },
    communityParticipantsUpdate: async (stage) => {
      const { me, friend } = stage;
      const jid = await aCommunity(stage);
      const group = await aGroup(stage, { community: jid });
      expect(await me.socket.communityParticipantsUpdate(jid, [friend.jid], 'promote')).toMatchObject([
        { status: '200', jid: friend.jid },
      ]);
      expect((await shown(stage, jid)).members).toContainEqual(
        expect.objectContaining({ pn: friend.pn, role: 'admin' }),
      );
      await me.socket.communityParticipantsUpdate(jid, [friend.jid], 'remove');
      expect(await membersOf(stage, group)).toEqual([me.pn]);
    },
    communityInviteCode: async (stage) => {
      const jid = await aCommunity(stage);
      expect(await stage.me.socket.communityInviteCode(jid)).toBe((await shown(stage, jid)).inviteCode);
    },
    communityRevokeInvite: async (stage) => {
      const jid = await aCommunity(stage);
      const before = await stage.me.socket.communityInviteCode(jid);
      expect(await stage.me.socket.communityRevokeInvite(jid)).not.toBe(before);
    },
    communityAcceptInvite: async (stage) => {
      const jid = await aCommunity(stage, { owner: stage.friend.pn });
      const { inviteCode } = await shown(stage, jid);
      expect(await stage.me.socket.communityAcceptInvite(inviteCode)).toBe(jid);
      expect(await membersOf(stage, jid)).toContain(stage.me.pn);
    },
    communityGetInviteInfo: async (stage) => {
      const jid = await aCommunity(stage, { owner: stage.friend.pn });
      const { inviteCode } = await shown(stage, jid);
      expect(await stage.me.socket.communityGetInviteInfo(inviteCode)).toMatchObject({ id: jid, subject: 'Village' });
    },
    communityRevokeInviteV4: async (stage) => {
      const jid = await aCommunity(stage);
      const { shy, invite } = await anInvitedClient(stage, jid);
      expect(await stage.me.socket.communityRevokeInviteV4(jid, `${shy.pn}@s.whatsapp.net`)).toBe(true);
      const accepting = shy.socket.communityAcceptInviteV4(`${stage.me.pn}@s.whatsapp.net`, invite);
      await expect(accepting).rejects.toThrow('not-acceptable');
    },
    communityAcceptInviteV4: async (stage) => {
      const jid = await aCommunity(stage);
      const { shy, invite } = await anInvitedClient(stage, jid);
      expect(await shy.socket.communityAcceptInviteV4(`${stage.me.pn}@s.whatsapp.net`, invite)).toBe(jid);
      expect(await membersOf(stage, jid)).toContain(shy.pn);
    },
    communityToggleEphemeral: async (stage) => {
      const jid = await aCommunity(stage);
      await stage.me.socket.communityToggleEphemeral(jid, 86_400);
      expect((await shown(stage, jid)).disappearingSeconds).toBe(86_400);
    },
    communitySettingUpdate: async (stage) => {
      const jid = await aCommunity(stage);
      await stage.me.socket.communitySettingUpdate(jid, 'locked');
      expect(await shown(stage, jid)).toMatchObject({ locked: true });
    },
    communityMemberAddMode: async (stage) => {
      const jid = await aCommunity(stage);
      await stage.me.socket.communityMemberAddMode(jid, 'admin_add');
      expect((await stage.me.socket.communityMetadata(jid)).memberAddMode).toBe(false);
    },
    communityJoinApprovalMode: async (stage) => {
      const jid = await aCommunity(stage);
      await stage.me.socket.communityJoinApprovalMode(jid, 'on');
      expect((await stage.me.socket.communityMetadata(jid)).joinApprovalMode).toBe(true);
    },
  },
  events: {},
};
