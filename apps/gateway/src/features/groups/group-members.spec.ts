import type { StoredMember } from '@app/database/entities/wa-group.entity.js';
import { isSamePerson, roleIn, withChange } from './group-members.js';

const ana: StoredMember = { id: '111@lid', phone: '6281300000001', lid: '111@lid', role: 'member' };
const ben: StoredMember = { id: '222@lid', phone: null, lid: '222@lid', role: 'admin' };
const person = (waId: string, phone: string | null, lid: string | null) => ({ waId, phone, lid, name: null });
const choir = { addressing: 'lid' as const, members: [ana, ben] };

describe('the people in a group', () => {
  it('are known by any of their addresses', () => {
    expect(isSamePerson(ana, person('6281300000001', '6281300000001', null))).toBe(true);
    expect(isSamePerson(ben, person('222@lid', null, null))).toBe(true);
    expect(isSamePerson(ana, ben)).toBe(false);
  });

  it('grow by those who are not there yet, in the spelling of the group', () => {
    const newcomers = [
      person('6281300000001', '6281300000001', null),
      person('6281300000003', '6281300000003', '333@lid'),
    ];
    const grown = withChange(choir, 'added', newcomers);
    expect(grown).toEqual([ana, ben, { id: '333@lid', phone: '6281300000003', lid: '333@lid', role: 'member' }]);
    expect(withChange({ ...choir, members: grown }, 'joined', newcomers)).toEqual(grown);
    expect(withChange({ addressing: 'pn', members: [] }, 'added', newcomers.slice(1))[0]?.id).toBe('6281300000003');
  });

  it('shrink, rise and fall', () => {
    const some = [person('222@lid', null, '222@lid')];
    expect(withChange(choir, 'removed', some)).toEqual([ana]);
    expect(withChange(choir, 'left', some)).toEqual([ana]);
    expect(withChange(choir, 'demoted', some)[1]?.role).toBe('member');
    expect(withChange(choir, 'promoted', [person('111@lid', null, '111@lid')])[0]?.role).toBe('admin');
    const founder = { ...ana, role: 'superadmin' as const };
    expect(withChange({ ...choir, members: [founder] }, 'promoted', [person('111@lid', null, null)])).toEqual([
      founder,
    ]);
  });

  it('may have the account among them', () => {
    const account = { waId: '6281300000009', phone: '6281300000009', lid: '222@lid', name: null };
    expect(roleIn(choir.members, account)).toBe('admin');
    expect(roleIn([ana], account)).toBeNull();
  });
});
