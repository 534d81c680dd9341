import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

interface Community {
  jid: string;
  groups: { jid: string; kind: string }[];
}

describe('communities', () => {
  const world = useSimulator({ seed: 'communities' });
  let anna: BaileysClient;
  let ben: BaileysClient;
  beforeAll(async () => {
    [anna, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
  });
  const founded = async (order: object = {}) => {
    const { body } = await world.post<Community>('/communities', { subject: 'Village', owner: anna.pn, ...order });
    const announcements = body.groups.find(({ kind }) => kind === 'announcements')?.jid ?? '';
    return { jid: body.jid, announcements };
  };
  const aGroup = async (order: object = {}) =>
    (await world.post<{ jid: string }>('/groups', { subject: 'Choir', owner: anna.pn, members: [ben.pn], ...order }))
      .body.jid;
  const sizeOf = async (jid: string) => (await world.get<{ size: number }>(`/groups/${jid}`)).size;

  it('take in the members of a group that becomes a part, who hear of it', async () => {
    const { jid, announcements } = await founded();
    const group = await aGroup();
    await world.post(`/communities/${jid}/groups`, { by: anna.pn, group });
    for (const joined of [jid, announcements]) {
      const [told] = await ben.event('groups.upsert', ([upsert]) => upsert?.id === joined);
      expect(told?.subject).toBe('Village');
    }
    const all = await ben.socket.groupFetchAllParticipating();
    expect(all[jid]).toMatchObject({ isCommunity: true });
    expect(all[announcements]).toMatchObject({ isCommunityAnnounce: true, linkedParent: jid, announce: true });
  });

  it('carry announcements of admins, and messages of nobody in the community itself', async () => {
    const { jid, announcements } = await founded();
    await aGroup({ community: jid });
    await anna.socket.sendMessage(announcements, { text: 'Market on Sunday' });
    await ben.received('Market on Sunday');
    const refused = (await ben.socket.sendMessage(announcements, { text: 'Me too' }))?.key.id ?? '';
    await ben.until(() => ben.refusalOf(refused)?.includes('405'));
    const lost = (await anna.socket.sendMessage(jid, { text: 'Anybody?' }))?.key.id ?? '';
    await anna.until(() => anna.refusalOf(lost)?.includes('405'));
  });

  it('are left with everything that belongs to them', async () => {
    const { jid, announcements } = await founded();
    const group = await aGroup({ community: jid });
    await ben.socket.communityLeave(jid);
    for (const left of [jid, announcements, group]) expect(await sizeOf(left)).toBe(1);
    await anna.event('group-participants.update', ({ id, action }) => id === group && action === 'remove');
  });

  it('let their groups go on when they end', async () => {
    const { jid, announcements } = await founded();
    const group = await aGroup({ community: jid });
    expect((await world.remove(`/groups/${jid}`)).status).toBe(204);
    await expect(anna.socket.groupMetadata(announcements)).rejects.toThrow('item-not-found');
    const metadata = await ben.socket.groupMetadata(group);
    expect(metadata).toMatchObject({ size: 2, linkedParent: undefined });
  });

  it('are changed by their admins only', async () => {
    const { jid } = await founded({ openToNewGroups: false });
    const group = await aGroup({ community: jid });
    const foreign = await aGroup({ owner: ben.pn, members: [] });
    await expect(ben.socket.communityLinkGroup(foreign, jid)).rejects.toThrow('forbidden');
    await expect(ben.socket.communityCreateGroup('Mine', [], jid)).rejects.toThrow('forbidden');
    await expect(ben.socket.communityUnlinkGroup(group, jid)).rejects.toThrow('forbidden');
    await expect(anna.socket.communityLinkGroup(foreign, jid)).rejects.toThrow('forbidden');
    await expect(anna.socket.communityLinkGroup(group, jid)).rejects.toThrow('conflict');
  });
});
