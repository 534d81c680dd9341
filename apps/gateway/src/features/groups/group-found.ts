import type { StoredMember } from '@app/database/entities/wa-group.entity.js';
import type { GroupFeatures } from '@app/platform/events/data/group-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';
import { type MemberDifferences, toldFeatures } from './group-differences.js';
import { addressed } from './group-members.js';
import type { GroupScope } from './group-store.service.js';

/** What a reading of a group has found. */
export type FoundGroup = { groupId: string; personOf: (member: StoredMember) => WaPerson } & (
  | { isIn: false }
  | { isIn: true; group: GroupSnapshot }
  | { isIn: null; group: GroupSnapshot; features: GroupFeatures; members: MemberDifferences }
);

/** The events that WhatsApp's own news of it would have been; who did it is known of names and descriptions alone. */
export function foundEvents(scope: GroupScope, found: FoundGroup, now: Date): NewEvent[] {
  const { tenantId, sessionId, account } = scope;
  const { groupId: chatId, personOf } = found;
  const about = { tenantId, sessionId };
  const facts = { chatId, by: null, fromMe: false, at: now.toISOString() };
  if (found.isIn === false)
    return [
      { ...about, type: 'group.participants', data: { ...facts, change: 'removed', participants: [{ ...account }] } },
      { ...about, type: 'group.left', data: { ...facts, reason: 'removed' } },
    ];
  if (found.isIn) {
    const { group } = found;
    const participants = group.members.map((member) => ({ ...personOf(member), role: member.role }));
    const data = {
      ...facts,
      how: 'added' as const,
      group: featuresOf(group),
      participants,
      foundedAt: group.foundedAt,
    };
    return [{ ...about, type: 'group.created', data }];
  }
  const { group, features, members } = found;
  const updates = separately(features).map((changes): NewEvent => {
    const { by, at } = authorOf(changes, group, personOf);
    const fromMe = by?.waId === account.waId;
    return { ...about, type: 'group.updated', data: { ...facts, by, fromMe, at: at ?? facts.at, changes } };
  });
  return [
    ...updates,
    ...peopleEvents(members, (change, people) => ({
      ...about,
      type: 'group.participants',
      data: { ...facts, change, participants: people.map(personOf) },
    })),
  ];
}

const memberChanges = ['added', 'removed', 'promoted', 'demoted'] as const;

const peopleEvents = (
  members: MemberDifferences,
  toEvent: (change: keyof MemberDifferences, people: StoredMember[]) => NewEvent,
): NewEvent[] => memberChanges.flatMap((change) => (members[change].length ? [toEvent(change, members[change])] : []));

/** Each as an event of its own, as WhatsApp tells them. */
const separately = (features: GroupFeatures): GroupFeatures[] =>
  Object.entries(features).map(([name, value]) => ({ [name]: value as unknown }));

function authorOf(
  changes: GroupFeatures,
  group: GroupSnapshot,
  personOf: FoundGroup['personOf'],
): { by: WaPerson | null; at: string | null } {
  const [id, at] =
    changes.subject !== undefined
      ? [group.subjectById, group.subjectAt]
      : changes.description !== undefined
        ? [group.descriptionById, group.descriptionAt]
        : [null, null];
  return { by: id === null ? null : personOf(addressed(id)), at };
}

const featuresOf = (group: GroupSnapshot): GroupFeatures =>
  Object.fromEntries(toldFeatures.filter((name) => group[name] !== null).map((name) => [name, group[name]]));
