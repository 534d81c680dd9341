import type { StoredMember, WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { GroupFeatures } from '@app/platform/events/data/group-data.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';

/** What became of people between two looks at a group. */
export interface MemberDifferences {
  added: StoredMember[];
  removed: StoredMember[];
  promoted: StoredMember[];
  demoted: StoredMember[];
}

/** What of a group is both stored and told. */
export const toldFeatures = [
  'subject',
  'description',
  'isAnnouncement',
  'isLocked',
  'disappearingSeconds',
  'membersMayAdd',
  'needsApproval',
  'communityId',
] as const;

/** The features that are not as they were, as they are now. */
export const changedFeatures = (before: WaGroup, after: GroupSnapshot): GroupFeatures =>
  Object.fromEntries(toldFeatures.filter((name) => before[name] !== after[name]).map((name) => [name, after[name]]));

/** Every address of somebody. */
export type AddressesOf = (member: StoredMember) => (string | null)[];

const ownAddresses: AddressesOf = ({ id, phone, lid }) => [id, phone, lid];

/** Who came, went, rose or fell. Who is missing in a list that WhatsApp has cut short has not gone. */
export function changedMembers(
  before: WaGroup,
  after: GroupSnapshot,
  addressesOf: AddressesOf = ownAddresses,
): MemberDifferences {
  const isWhole = [before, after].every(({ size, members }) => size === members.length);
  const [known, found] = [index(before.members, addressesOf), index(after.members, addressesOf)];
  const missing = (members: StoredMember[], others: Map<string, StoredMember>) =>
    isWhole ? members.filter((member) => !addressesOf(member).some((address) => others.has(address ?? ''))) : [];
  const risen = after.members.map((member) => {
    const former = addressesOf(member).flatMap((address) => known.get(address ?? '') ?? [])[0];
    return { member, step: former ? Number(isAdmin(member)) - Number(isAdmin(former)) : 0 };
  });
  return {
    added: missing(after.members, known),
    removed: missing(before.members, found),
    promoted: risen.filter(({ step }) => step > 0).map(({ member }) => member),
    demoted: risen.filter(({ step }) => step < 0).map(({ member }) => member),
  };
}

const isAdmin = ({ role }: StoredMember) => role !== 'member';

const index = (members: StoredMember[], addressesOf: AddressesOf): Map<string, StoredMember> =>
  new Map(
    members.flatMap((member) =>
      addressesOf(member).flatMap((address): [string, StoredMember][] => (address ? [[address, member]] : [])),
    ),
  );
