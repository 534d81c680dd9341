import type { StoredMember, WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { MembershipChange } from '@app/platform/events/data/group-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { LinkedAccount } from '@app/whatsapp/session-state.js';

interface Addresses {
  phone: string | null;
  lid: string | null;
  id?: string;
  waId?: string;
}

/** Whether two descriptions have an address in common. */
export function isSamePerson(one: Addresses, other: Addresses): boolean {
  const known = addressesOf(other);
  return addressesOf(one).some((address) => known.includes(address));
}

const addressesOf = ({ id, waId, phone, lid }: Addresses): string[] =>
  [id, waId, phone, lid].filter((address) => typeof address === 'string');

/** Somebody of whom no more than one address is known. */
export const addressed = (id: string): StoredMember => ({
  id,
  phone: id.includes('@') ? null : id,
  lid: id.endsWith('@lid') ? id : null,
  role: 'member',
});

/** What the account is among these people; null when it is not among them. */
export function roleIn(members: StoredMember[], { waId, phone, lid }: LinkedAccount): StoredMember['role'] | null {
  return members.find((member) => isSamePerson(member, { waId, phone, lid }))?.role ?? null;
}

/** The people in a group after a change; to make it twice is the same as once. */
export function withChange(
  { members, addressing }: Pick<WaGroup, 'members' | 'addressing'>,
  change: Exclude<MembershipChange, 'number-changed'>,
  people: WaPerson[],
): StoredMember[] {
  const isMeant = (member: StoredMember) => people.some((person) => isSamePerson(person, member));
  switch (change) {
    case 'added':
    case 'joined': {
      const newcomers = people.filter((person) => !members.some((member) => isSamePerson(person, member)));
      return [...members, ...newcomers.map((person) => memberOf(person, addressing))];
    }
    case 'removed':
    case 'left':
      return members.filter((member) => !isMeant(member));
    case 'promoted':
      return members.map((member) =>
        isMeant(member) && member.role === 'member' ? { ...member, role: 'admin' as const } : member,
      );
    case 'demoted':
      return members.map((member) => (isMeant(member) ? { ...member, role: 'member' as const } : member));
  }
}

/** In the spelling of the group. */
function memberOf({ waId, phone, lid }: WaPerson, addressing: WaGroup['addressing']): StoredMember {
  const id = (addressing === 'lid' ? lid : phone) ?? waId;
  return { id, phone, lid, role: 'member' };
}
