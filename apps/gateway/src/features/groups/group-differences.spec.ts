import type { StoredMember, WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';
import { changedFeatures, changedMembers } from './group-differences.js';

const ana: StoredMember = { id: '111@lid', phone: '6281300000001', lid: '111@lid', role: 'member' };
const ben: StoredMember = { id: '222@lid', phone: null, lid: '222@lid', role: 'admin' };
const group = (members: StoredMember[], more: object = {}) => ({
  subject: 'Choir',
  description: null,
  isLocked: false,
  communityId: null,
  size: members.length,
  members,
  ...more,
});
const look = (before: object, after: object) => [before as WaGroup, after as GroupSnapshot] as const;

describe('two looks at a group', () => {
  it('differ in what it is like', () => {
    const before = group([], { description: 'We sing', subject: 'Old' });
    expect(changedFeatures(...look(before, group([])))).toEqual({ subject: 'Choir', description: null });
    expect(changedFeatures(...look(group([]), group([])))).toEqual({});
  });

  it('differ in who is there, and as what', () => {
    const cid = { ...ana, id: '333@lid', phone: null, lid: '333@lid' };
    const after = group([{ ...ana, role: 'superadmin' }, cid]);
    expect(changedMembers(...look(group([ana, ben]), after))).toEqual({
      added: [cid],
      removed: [ben],
      promoted: [{ ...ana, role: 'superadmin' }],
      demoted: [],
    });
    expect(changedMembers(...look(group([ben]), group([{ ...ben, role: 'member' }]))).demoted).toHaveLength(1);
  });

  it('know people by any address, and by those that others know', () => {
    const [byNumber, byId] = [
      { id: '6281300000001', phone: '6281300000001', lid: null, role: 'member' as const },
      { id: '111@lid', phone: null, lid: '111@lid', role: 'member' as const },
    ];
    const none = { added: [], removed: [], promoted: [], demoted: [] };
    expect(changedMembers(...look(group([ana]), group([byNumber])))).toEqual(none);
    expect(changedMembers(...look(group([byNumber]), group([byId]))).added).toEqual([byId]);
    expect(changedMembers(...look(group([byNumber]), group([byId])), () => ['6281300000001', '111@lid'])).toEqual(none);
  });

  it('say nothing of people whom WhatsApp left out of a long list', () => {
    const { added, removed } = changedMembers(...look(group([ana, ben]), group([ben], { size: 2 })));
    expect([...added, ...removed]).toEqual([]);
  });
});
