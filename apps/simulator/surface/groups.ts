import type { Area, Stage } from './area.js';

/** A group of the client and its friend, founded by the client unless the friend has to be in charge. */
async function aGroup({ world, me, friend }: Stage, order: object = {}): Promise<string> {
  const group = { subject: 'Football', owner: me.pn, members: [friend.pn], addressing: 'pn', ...order };
  const { body } = await world.post<{ jid: string }>('/groups', group);
  return body.jid;
}

interface Shown {
  subject: string;
  description: string | null;
  inviteCode: string;
  announcement: boolean;
  disappearingSeconds: number;
  memberAddMode: string;
  joinApproval: boolean;
  members: { pn: string; role: string }[];
  joinRequests: { pn: string }[];
}

const shown = ({ world }: Stage, jid: string) => world.get<Shown>(`/groups/${jid}`);
const rolesIn = async (stage: Stage, jid: string) =>
  Object.fromEntries((await shown(stage, jid)).members.map(({ pn, role }) => [pn, role]));

/** Groups: the library's functions and events, each with its effect. */
export const groups: Area = {
  title: 'groups',
  functions: {
    groupCreate: async (stage) => {
      const { me, friend } = stage;
      const group = await me.socket.groupCreate('Chess', [friend.jid]);
      expect(group).toMatchObject({ subject: 'Chess', owner: `${me.creds.me?.lid?.split(':')[0]}@lid`, size: 2 });
      expect(await rolesIn(stage, group.id)).toEqual({ [me.pn]: 'superadmin', [friend.pn]: 'member' });
    },
    groupMetadata: async (stage) => {
      const { me, friend } = stage;
      const jid = await aGroup(stage, { description: 'Every Friday', locked: true, disappearingSeconds: 86_400 });
      expect(await me.socket.groupMetadata(jid)).toMatchObject({
        id: jid,
        subject: 'Football',
        desc: 'Every Friday',
        restrict: true,
        announce: false,
        ephemeralDuration: 86_400,
        addressingMode: 'pn',
        participants: [{ admin: 'superadmin' }, { id: friend.jid, lid: `${friend.lid}@lid`, admin: null }],
      });
    },
    groupFetchAllParticipating: async (stage) => {
      const jid = await aGroup(stage, { subject: 'One of many' });
      const foreign = await aGroup(stage, { owner: stage.friend.pn, members: [] });
      const all = await stage.me.socket.groupFetchAllParticipating();
      expect(all[jid]?.subject).toBe('One of many');
      expect(all[foreign]).toBeUndefined();
    },
    groupLeave: async (stage) => {
      const jid = await aGroup(stage);
      await stage.me.socket.groupLeave(jid);
      expect(await rolesIn(stage, jid)).toEqual({ [stage.friend.pn]: 'admin' });
    },
    groupUpdateSubject: async (stage) => {
      const jid = await aGroup(stage);
      await stage.me.socket.groupUpdateSubject(jid, 'Handball');
      expect((await shown(stage, jid)).subject).toBe('Handball');
    },
    groupUpdateDescription: async (stage) => {
      const jid = await aGroup(stage);
      await stage.me.socket.groupUpdateDescription(jid, 'first');
      await stage.me.socket.groupUpdateDescription(jid, 'second');
      expect((await shown(stage, jid)).description).toBe('second');
      await stage.me.socket.groupUpdateDescription(jid);
      expect((await shown(stage, jid)).description).toBeNull();
    },
    groupParticipantsUpdate: async (stage) => {
      const { me, friend } = stage;
      const jid = await aGroup(stage);
      const change = async (what: 'add' | 'remove' | 'promote' | 'demote') =>
        (await me.socket.groupParticipantsUpdate(jid, [friend.jid], what)).map(({ status }) => status);
      expect(await change('promote')).toEqual(['200']);
      expect(await change('promote')).toEqual(['409']);
      expect(await rolesIn(stage, jid)).toMatchObject({ [friend.pn]: 'admin' });
      expect(await change('demote')).toEqual(['200']);
      expect(await change('remove')).toEqual(['200']);
      expect(await change('remove')).toEqual(['404']);
      expect(await rolesIn(stage, jid)).toEqual({ [me.pn]: 'superadmin' });
      expect(await change('add')).toEqual(['200']);
    },
    groupRequestParticipantsList: async (stage) => {
      const jid = await aGroup(stage, { members: [], joinApproval: true });
      await stage.world.post(`/groups/${jid}/join-requests`, { pn: stage.friend.pn });
      expect(await stage.me.socket.groupRequestParticipantsList(jid)).toMatchObject([
        { jid: stage.friend.jid, request_method: 'invite_link' },
      ]);
    },
    groupRequestParticipantsUpdate: async (stage) => {
      const { world, me, friend } = stage;
      const jid = await aGroup(stage, { members: [], joinApproval: true });
      for (const decision of ['reject', 'approve'] as const) {
        await world.post(`/groups/${jid}/join-requests`, { pn: friend.pn });
        expect(await me.socket.groupRequestParticipantsUpdate(jid, [friend.jid], decision)).toEqual([
          { status: '200', jid: friend.jid },
        ]);
        const { joinRequests, members } = await shown(stage, jid);
        expect(joinRequests).toEqual([]);
        expect(members.length).toBe(decision === 'approve' ? 2 : 1);
      }
    },
    groupInviteCode: async (stage) => {
      const jid = await aGroup(stage);
      expect(await stage.me.socket.groupInviteCode(jid)).toBe((await shown(stage, jid)).inviteCode);
    },
    groupRevokeInvite: async (stage) => {
      const jid = await aGroup(stage);
      const before = await stage.me.socket.groupInviteCode(jid);
      const after = await stage.me.socket.groupRevokeInvite(jid);
      expect(after).not.toBe(before);
      await expect(stage.me.socket.groupGetInviteInfo(before ?? '')).rejects.toThrow('gone');
    },
    groupAcceptInvite: async (stage) => {
      const jid = await aGroup(stage, { owner: stage.friend.pn, members: [] });
      const { inviteCode } = await shown(stage, jid);
      expect(await stage.me.socket.groupAcceptInvite(inviteCode)).toBe(jid);
      expect(await rolesIn(stage, jid)).toMatchObject({ [stage.me.pn]: 'member' });
    },
    groupGetInviteInfo: async (stage) => {
      const jid = await aGroup(stage, { owner: stage.friend.pn, members: [], subject: 'Behind the link' });
      const { inviteCode } = await shown(stage, jid);
      expect(await stage.me.socket.groupGetInviteInfo(inviteCode)).toMatchObject({
        id: jid,
        subject: 'Behind the link',
      });
    },
    groupRevokeInviteV4: async (stage) => {
      const { world, me } = stage;
      const shy = await world.aClient().pair(world.aNumber());
      await shy.socket.updateGroupsAddPrivacy('contacts');
      const jid = await aGroup(stage);
      const invite = await invitationFor(stage, jid, shy.pn);
      expect(await me.socket.groupRevokeInviteV4(jid, `${shy.pn}@s.whatsapp.net`)).toBe(true);
      await expect(shy.socket.groupAcceptInviteV4(`${me.pn}@s.whatsapp.net`, invite)).rejects.toThrow('not-acceptable');
    },
    groupAcceptInviteV4: async (stage) => {
      const { world, me } = stage;
      const shy = await world.aClient().pair(world.aNumber());
      await shy.socket.updateGroupsAddPrivacy('contacts');
      const jid = await aGroup(stage);
      const invite = await invitationFor(stage, jid, shy.pn);
      expect(await shy.socket.groupAcceptInviteV4(`${me.pn}@s.whatsapp.net`, invite)).toBe(jid);
      expect(await rolesIn(stage, jid)).toMatchObject({ [shy.pn]: 'member' });
    },
    groupToggleEphemeral: async (stage) => {
      const jid = await aGroup(stage);
      await stage.me.socket.groupToggleEphemeral(jid, 604_800);
      expect((await shown(stage, jid)).disappearingSeconds).toBe(604_800);
      await stage.me.socket.groupToggleEphemeral(jid, 0);
      expect((await shown(stage, jid)).disappearingSeconds).toBe(0);
    },
    groupSettingUpdate: async (stage) => {
      const jid = await aGroup(stage);
      for (const [setting, expected] of [
        ['announcement', { announcement: true }],
        ['not_announcement', { announcement: false }],
        ['locked', { locked: true }],
        ['unlocked', { locked: false }],
      ] as const) {
        await stage.me.socket.groupSettingUpdate(jid, setting);
        expect(await shown(stage, jid)).toMatchObject(expected);
      }
    },
    groupMemberAddMode: async (stage) => {
      const jid = await aGroup(stage);
      await stage.me.socket.groupMemberAddMode(jid, 'admin_add');
      expect((await shown(stage, jid)).memberAddMode).toBe('admin_add');
      expect((await stage.me.socket.groupMetadata(jid)).memberAddMode).toBe(false);
    },
    groupJoinApprovalMode: async (stage) => {
      const jid = await aGroup(stage);
      await stage.me.socket.groupJoinApprovalMode(jid, 'on');
      expect((await shown(stage, jid)).joinApproval).toBe(true);
      expect((await stage.me.socket.groupMetadata(jid)).joinApprovalMode).toBe(true);
    },
    updateMemberLabel: async (stage) => {
      const { world, me } = stage;
      const other = await world.aClient().pair(world.aNumber());
      const jid = await aGroup(stage, { members: [other.pn] });
      await me.socket.updateMemberLabel(jid, 'goalkeeper');
      const tag = await other.event('group.member-tag.update', ({ groupId }) => groupId === jid);
      expect(tag).toMatchObject({ label: 'goalkeeper', participant: `${me.pn}@s.whatsapp.net` });
    },
  },
  events: {
    'groups.upsert': async (stage) => {
      const jid = await aGroup(stage, { owner: stage.friend.pn, members: [stage.me.pn], subject: 'Welcome' });
      const [group] = await stage.me.event('groups.upsert', ([found]) => found?.id === jid);
      expect(group).toMatchObject({ subject: 'Welcome', author: stage.friend.jid });
    },
    'groups.update': async (stage) => {
      const jid = await aGroup(stage, { owner: stage.friend.pn, members: [stage.me.pn] });
      await stage.world.patch(`/groups/${jid}`, { by: stage.friend.pn, subject: 'Renamed' });
      await stage.me.settle();
      const [update] = await stage.me.event('groups.update', ([found]) => found?.id === jid);
      expect(update).toMatchObject({ subject: 'Renamed', author: stage.friend.jid });
    },
    'group-participants.update': async (stage) => {
      const { world, me, friend } = stage;
      const jid = await aGroup(stage, { owner: friend.pn, members: [me.pn] });
      const newcomer = await world.aContact();
      await world.patch(`/groups/${jid}`, { by: friend.pn, add: [newcomer.pn] });
      const update = await me.event('group-participants.update', ({ id }) => id === jid);
      expect(update).toMatchObject({
        action: 'add',
        author: friend.jid,
        participants: [{ id: `${newcomer.pn}@s.whatsapp.net`, lid: `${newcomer.lid}@lid` }],
      });
    },
    'group.join-request': async (stage) => {
      const jid = await aGroup(stage, { members: [], joinApproval: true });
      await stage.world.post(`/groups/${jid}/join-requests`, { pn: stage.friend.pn });
      const request = await stage.me.event('group.join-request', ({ id }) => id === jid);
      expect(request).toMatchObject({ action: 'created', method: 'invite_link', author: stage.friend.jid });
    },
    'group.member-tag.update': async (stage) => {
      const { world, me, friend } = stage;
      const other = await world.aClient().pair(world.aNumber());
      const jid = await aGroup(stage, { owner: friend.pn, members: [me.pn, other.pn] });
      await other.socket.updateMemberLabel(jid, 'trainer');
      expect(await me.event('group.member-tag.update', ({ groupId }) => groupId === jid)).toMatchObject({
        label: 'trainer',
      });
    },
    'message-receipt.update': async (stage) => {
      const { me, world } = stage;
      // Not at once: what happens while the library is still sending is folded into the message instead of told.
      const reader = await world.aContact({ behaviour: 'reader', readMs: 500 });
      const jid = await aGroup(stage, { members: [reader.pn] });
      const sent = await me.socket.sendMessage(jid, { text: 'Who plays?' });
      await me.settle();
      const isRead = ([update]: { key: { id?: string | null }; receipt: { readTimestamp?: unknown } }[]) =>
        update?.key.id === sent?.key.id && update?.receipt.readTimestamp;
      const [update] = await me.event('message-receipt.update', isRead);
      expect(update).toMatchObject({
        key: { remoteJid: jid, fromMe: true },
        receipt: { userJid: `${reader.pn}@s.whatsapp.net` },
      });
    },
  },
};

/** Tries to add somebody who does not want to be added by everybody, and answers the invitation that comes of it. */
async function invitationFor({ me }: Stage, groupJid: string, pn: string) {
  const [outcome] = await me.socket.groupParticipantsUpdate(groupJid, [`${pn}@s.whatsapp.net`], 'add');
  expect(outcome?.status).toBe('403');
  const [request] = (outcome?.content.content ?? []) as { attrs: Record<string, string> }[];
  const { code: inviteCode, expiration } = request?.attrs ?? {};
  return { groupJid, inviteCode, inviteExpiration: Number(expiration), groupName: 'Football' };
}
