import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

interface Shown {
  jid: string;
  subject: string;
  size: number;
  inviteCode: string;
  members: { pn: string; role: string }[];
  refused: { pn: string; error: number; inviteCode?: string }[];
}

describe('groups', () => {
  const world = useSimulator({ seed: 'groups' });
  const address = (pn: string) => `${pn}@s.whatsapp.net`;
  let anna: BaileysClient;
  let laptop: BaileysClient;
  let ben: BaileysClient;
  beforeAll(async () => {
    anna = await world.aClient().pair(world.aNumber());
    laptop = await world.aClient().pair(anna.pn);
    ben = await world.aClient().pair(world.aNumber());
  });
  const found = async (order: object = {}) =>
    (await world.post<Shown>('/groups', { subject: 'Team', owner: anna.pn, members: [ben.pn], ...order })).body;

  describe('what the members hear', () => {
    it('is the whole group when they are in it, on all their clients', async () => {
      const group = await ben.socket.groupCreate('Quartet', [address(anna.pn)]);
      for (const client of [anna, laptop, ben]) {
        const [told] = await client.event('groups.upsert', ([upsert]) => upsert?.id === group.id);
        expect(told).toMatchObject({ subject: 'Quartet', size: 2, addressingMode: 'lid', authorPn: address(ben.pn) });
      }
    });

    it('is every change, with who made it', async () => {
      const { jid } = await found({ addressing: 'pn' });
      const told = async (expected: object) => {
        await ben.settle();
        const isIt = ([update]: object[]) =>
          Object.entries({ id: jid, ...expected }).every(([name, value]) =>
            Object.entries(update ?? {}).some(([key, told]) => key === name && told === value),
          );
        const [update] = await ben.event('groups.update', isIt);
        expect(update).toMatchObject({ author: address(anna.pn) });
      };
      await anna.socket.groupUpdateSubject(jid, 'Tenors');
      await told({ subject: 'Tenors' });
      await anna.socket.groupUpdateDescription(jid, 'Sing along');
      await told({ desc: 'Sing along' });
      await anna.socket.groupSettingUpdate(jid, 'announcement');
      await told({ announce: true });
      await anna.socket.groupSettingUpdate(jid, 'locked');
      await told({ restrict: true });
      await anna.socket.groupMemberAddMode(jid, 'admin_add');
      await told({ memberAddMode: false });
      await anna.socket.groupJoinApprovalMode(jid, 'on');
      await told({ joinApprovalMode: true });
      await told({ inviteCode: await anna.socket.groupRevokeInvite(jid) });
      await anna.socket.groupToggleEphemeral(jid, 86_400);
      await ben.event('chats.update', (chats) =>
        chats.some(({ id, ephemeralExpiration }) => id === jid && ephemeralExpiration === 86_400),
      );
    });

    it('is who comes, rises, falls and goes', async () => {
      const contact = await world.aContact();
      const { jid } = await found();
      const told = async (client: BaileysClient, action: string, pn: string) => {
        const update = await client.event(
          'group-participants.update',
          (event) => event.id === jid && event.action === action && event.participants[0]?.phoneNumber === address(pn),
        );
        expect(update.author).toBe(anna.creds.me?.lid?.replace(/:\d+/, ''));
      };
      for (const action of ['add', 'promote', 'demote', 'remove'] as const) {
        await anna.socket.groupParticipantsUpdate(jid, [address(contact.pn)], action);
        for (const client of [laptop, ben]) await told(client, action, contact.pn);
      }
      await anna.socket.groupParticipantsUpdate(jid, [address(ben.pn)], 'remove');
      await told(ben, 'remove', ben.pn);
      await expect(ben.socket.groupMetadata(jid)).rejects.toThrow('forbidden');
    });

    it('is a leave when somebody goes, and a new admin when there is none left', async () => {
      const { jid } = await found();
      await anna.socket.groupLeave(jid);
      const stubs = await ben.until(() => {
        const own = ben.upserts.filter(({ message }) => message.key.remoteJid === jid);
        const types = own.map(({ message }) => Number(message.messageStubType));
        return types.length >= 3 && types;
      });
      // GROUP_CREATE, GROUP_PARTICIPANT_LEAVE, GROUP_PARTICIPANT_PROMOTE
      expect(stubs).toEqual([20, 32, 29]);
      expect((await world.get<Shown>(`/groups/${jid}`)).members).toMatchObject([{ pn: ben.pn, role: 'admin' }]);
    });

    it('waits for them while they are away', async () => {
      const { jid } = await found();
      await ben.close();
      await anna.socket.groupUpdateSubject(jid, 'Nobody home');
      await world.patch(`/groups/${jid}`, { by: anna.pn, remove: [ben.pn] });
      await ben.connect().opened();
      await ben.settle();
      await ben.event('groups.update', ([update]) => update?.id === jid && update.subject === 'Nobody home');
      await ben.event('group-participants.update', ({ id, action }) => id === jid && action === 'remove');
    });

    it('is who wants in, if they decide about it, and that a request is gone', async () => {
      const [contact, other] = [await world.aContact(), await world.aContact()];
      const { jid } = await found({ joinApproval: true, addressing: 'pn' });
      for (const { pn } of [contact, other]) await world.post(`/groups/${jid}/join-requests`, { pn });
      await anna.event('group.join-request', ({ id, participant }) => id === jid && participant === address(other.pn));
      await world.remove(`/groups/${jid}/join-requests/${contact.pn}`);
      await anna.socket.groupRequestParticipantsUpdate(jid, [address(other.pn)], 'reject');
      const gone = (pn: string) =>
        anna.event('group.join-request', (event) => event.participant === address(pn) && event.action !== 'created');
      expect(await gone(contact.pn)).toMatchObject({ action: 'revoked' });
      expect(await gone(other.pn)).toMatchObject({ action: 'rejected', author: address(anna.pn) });
      expect(ben.events.filter(({ name }) => name === 'group.join-request')).toEqual([]);
    });
  });

  describe('what is refused', () => {
    it('to members who are not admins', async () => {
      const { jid, inviteCode } = await found({ locked: true, memberAddMode: 'admin_add' });
      const contact = await world.aContact();
      const attempts = [
        ben.socket.groupUpdateSubject(jid, 'Mine'),
        ben.socket.groupUpdateDescription(jid, 'Mine'),
        ben.socket.groupSettingUpdate(jid, 'unlocked'),
        ben.socket.groupParticipantsUpdate(jid, [address(contact.pn)], 'add'),
        ben.socket.groupParticipantsUpdate(jid, [address(anna.pn)], 'remove'),
        ben.socket.groupRevokeInvite(jid),
        ben.socket.groupRequestParticipantsList(jid),
      ];
      for (const attempt of attempts) await expect(attempt).rejects.toThrow('forbidden');
      await expect(ben.socket.groupInviteCode(jid)).rejects.toThrow('not-authorized');
      await expect(ben.socket.groupAcceptInvite(inviteCode)).rejects.toThrow('conflict');
    });

    it('for want of a group, a valid link or a possible value', async () => {
      const { jid } = await found();
      await expect(anna.socket.groupMetadata('120363000000000000@g.us')).rejects.toThrow('item-not-found');
      await expect(anna.socket.groupGetInviteInfo('NeverBeenThere')).rejects.toThrow('not-acceptable');
      await expect(anna.socket.groupUpdateSubject(jid, 'x'.repeat(101))).rejects.toThrow('not-acceptable');
      await expect(anna.socket.groupToggleEphemeral(jid, 7)).rejects.toThrow('bad-request');
    });

    it('when somebody else was faster with the description', async () => {
      const { jid } = await found({ description: 'old' });
      const body = { tag: 'body', attrs: {}, content: Buffer.from('late') };
      const description = { tag: 'description', attrs: { id: 'B', prev: 'stale' }, content: [body] };
      const attrs = { to: jid, type: 'set', xmlns: 'w:g2' };
      await expect(anna.socket.query({ tag: 'iq', attrs, content: [description] })).rejects.toThrow('conflict');
    });

    it('to add those who do not want it, who get an invitation instead, also when the group is new', async () => {
      await ben.socket.updateGroupsAddPrivacy('contacts');
      const contact = await world.aContact();
      const people = [ben.pn, contact.pn].map(address);
      const group = await anna.socket.groupCreate('Private', people);
      expect((await world.get<Shown>(`/groups/${group.id}`)).members.map(({ pn }) => pn)).toEqual([
        anna.pn,
        contact.pn,
      ]);
      const outcomes = await anna.socket.groupParticipantsUpdate(group.id, [...people, address('19990000000')], 'add');
      expect(outcomes.map(({ status }) => status)).toEqual(['403', '409', '404']);
      await ben.socket.updateGroupsAddPrivacy('all');
    });

    it('to add whoever allows it to contacts only or has blocked the one who adds', async () => {
      const [friend, blocker] = [await world.aContact(), await world.aContact()];
      await world.patch(`/accounts/${friend.pn}`, { privacy: { groupadd: 'contacts' } });
      await world.patch(`/accounts/${blocker.pn}`, { block: [anna.pn] });
      const { jid } = await found();
      const add = async () => {
        const people = [friend.pn, blocker.pn].map(address);
        return (await anna.socket.groupParticipantsUpdate(jid, people, 'add')).map(({ status }) => status);
      };
      expect(await add()).toEqual(['403', '401']);
      // Whom somebody has written to counts as a contact.
      await world.post(`/accounts/${friend.pn}/send`, { to: anna.pn, text: 'hello' });
      expect(await add()).toEqual(['200', '401']);
    });

    it('to hold more than 1024 people', async () => {
      const { body } = await world.post<{ items: { pn: string }[] }>('/accounts', { count: 1030, behaviour: 'sink' });
      const members = body.items.map(({ pn }) => pn);
      const { jid, size } = await found({ members: members.slice(0, 1020) });
      expect(size).toBe(1021);
      const outcomes = await anna.socket.groupParticipantsUpdate(jid, members.slice(1020).map(address), 'add');
      expect(outcomes.filter(({ status }) => status === '200').length).toBe(3);
      expect(outcomes.filter(({ status }) => status === '419').length).toBe(7);
    });
  });

  it('tell a client of everything when it asks for all its groups', async () => {
    const newcomer = await world.aClient().pair(world.aNumber());
    const { jid } = await found({ members: [newcomer.pn], subject: 'Mine' });
    expect(Object.keys(await newcomer.socket.groupFetchAllParticipating())).toEqual([jid]);
  });

  it('can be founded by the hundred', async () => {
    const { body } = await world.post<{ items: { pn: string }[] }>('/accounts', { count: 200, behaviour: 'sink' });
    const members = body.items.map(({ pn }) => pn);
    const owner = members.pop();
    for (let n = 0; n < 100; n++) {
      const { status } = await world.post('/groups', { subject: `Group ${n}`, owner, members });
      expect(status).toBe(201);
    }
    const { items } = await world.get<{ items: Shown[] }>('/groups');
    expect(items.filter(({ size }) => size === 200)).toHaveLength(100);
  });
});

describe('the control API of groups', () => {
  const world = useSimulator({ seed: 'group control' });

  it('repeats addresses and codes with the seed', async () => {
    const { pn: owner } = await world.aContact();
    const groups = [];
    for (let round = 0; round < 2; round++) {
      await world.post('/reset', {});
      await world.post('/accounts', { pn: owner });
      groups.push((await world.post<Shown>('/groups', { subject: 'Again', owner })).body);
    }
    expect(groups[0]?.jid).toMatch(/^120363\d{12}@g\.us$/);
    expect(groups[1]).toMatchObject({ jid: groups[0]?.jid, inviteCode: groups[0]?.inviteCode });
  });

  it('does what a person does, and says for whom it could not be done', async () => {
    const [owner, member, other] = [await world.aContact(), await world.aContact(), await world.aContact()];
    const { body } = await world.post<Shown>('/groups', { subject: 'Desk', owner: owner.pn, admins: [member.pn] });
    const changed = await world.patch<Shown & { done: string[] }>(`/groups/${body.jid}`, {
      by: member.pn,
      subject: 'Table',
      add: [other.pn, owner.pn],
      remove: [owner.pn],
    });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        subject: 'Table',
        done: [other.pn],
        refused: [
          { pn: owner.pn, error: 409 },
          { pn: owner.pn, error: 406 },
        ],
      },
    });
    expect((await world.remove(`/groups/${body.jid}`)).status).toBe(204);
    expect((await world.remove(`/groups/${body.jid}`)).status).toBe(404);
  });

  it('answers mistakes with a problem', async () => {
    const [owner, stranger] = [await world.aContact(), await world.aContact()];
    const { body } = await world.post<Shown>('/groups', { subject: 'Desk', owner: owner.pn });
    const path = `/groups/${body.jid}`;
    const answers = await Promise.all([
      world.post('/groups', { subject: '', owner: owner.pn }),
      world.post('/groups', { subject: 'Desk', owner: '19990000000' }),
      world.post('/groups', { subject: 'x'.repeat(200), owner: owner.pn }),
      world.patch(path, { by: stranger.pn, subject: 'Mine' }),
      world.patch('/groups/1@g.us', { by: owner.pn }),
      world.patch(path, { by: owner.pn, disappearingSeconds: 5 }),
      world.post(`${path}/join-requests`, { pn: owner.pn }),
      world.remove(`${path}/join-requests/${stranger.pn}`),
      world.post('/communities', { subject: 'Village' }),
      world.post(`/communities/${body.jid}/groups`, { by: owner.pn, group: body.jid }),
      world.remove(`/accounts/${owner.pn}/statuses/3A00`),
    ]);
    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual([
      [400, 'request.invalid'],
      [404, 'account.unknown'],
      [422, 'group.not-acceptable'],
      [403, 'group.forbidden'],
      [404, 'group.unknown'],
      [400, 'request.invalid'],
      [409, 'group.conflict'],
      [404, 'join-request.unknown'],
      [400, 'request.invalid'],
      [400, 'group.bad-request'],
      [404, 'status.unknown'],
    ]);
  });
});
