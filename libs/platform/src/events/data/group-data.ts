import { an, flag, Has, integer, list, MayHave, orNull, text, time, words } from './schema.js';
import { WaPerson } from './wa-person.js';

const pictures = ['changed', 'removed'] as const;

/** What happened in a group, and who did it. */
class GroupEventData {
  @Has(text, 'Of the group.') chatId: string;
  @Has(orNull(an(WaPerson)), 'Who did it; null when WhatsApp does not tell.') by: WaPerson | null;
  @Has(flag, 'This account did it, on whichever device.') fromMe: boolean;
  @Has(time) at: string;
}

/** What a group is like; absent fields say nothing. */
export class GroupFeatures {
  @MayHave(text) subject?: string;
  @MayHave(orNull(text), 'Null when it was taken away.') description?: string | null;
  @MayHave(flag, 'Only admins write.') isAnnouncement?: boolean;
  @MayHave(flag, 'Only admins change how it looks.') isLocked?: boolean;
  @MayHave(integer, 'After how many seconds messages disappear; 0 for never.') disappearingSeconds?: number;
  @MayHave(flag, 'Members may add people, not admins alone.') membersMayAdd?: boolean;
  @MayHave(flag, 'Admins decide about everybody who wants to join.') needsApproval?: boolean;
  @MayHave(text, 'Of the new invitation link; the former one leads nowhere.') inviteCode?: string;
  @MayHave(words(pictures)) picture?: (typeof pictures)[number];
  @MayHave(orNull(text), 'The community that it is a part of; null when it left it.') communityId?: string | null;
  @MayHave(list(text), 'Groups that became a part of this community.') linkedGroupIds?: string[];
  @MayHave(list(text), 'Groups that are a part of this community no longer.') unlinkedGroupIds?: string[];
}

export const groupRoles = ['member', 'admin', 'superadmin'] as const;
export type GroupRole = (typeof groupRoles)[number];

export class GroupMemberData extends WaPerson {
  @Has(words(groupRoles)) role: GroupRole;
}

export const groupBeginnings = ['founded', 'added', 'joined'] as const;
export type GroupBeginning = (typeof groupBeginnings)[number];

export class GroupCreatedData extends GroupEventData {
  @Has(words(groupBeginnings), 'It is new, or the account was added to it, or joined it by its link.')
  how: GroupBeginning;
  @Has(an(GroupFeatures)) group: GroupFeatures;
  @Has(list(an(GroupMemberData))) participants: GroupMemberData[];
  @Has(orNull(time)) foundedAt: string | null;
}

export class GroupUpdatedData extends GroupEventData {
  @Has(an(GroupFeatures), 'What changed, as it is now.') changes: GroupFeatures;
}

export const membershipChanges = [
  'added',
  'joined',
  'removed',
  'left',
  'promoted',
  'demoted',
  'number-changed',
] as const;
export type MembershipChange = (typeof membershipChanges)[number];

export class GroupParticipantsData extends GroupEventData {
  @Has(words(membershipChanges)) change: MembershipChange;
  @Has(list(an(WaPerson))) participants: WaPerson[];
}

export const joinRequestStates = ['created', 'revoked', 'rejected'] as const;
export type JoinRequestState = (typeof joinRequestStates)[number];

export class GroupJoinRequestData extends GroupEventData {
  @Has(words(joinRequestStates), 'Whoever is let in comes as a participant.') state: JoinRequestState;
  @Has(list(an(WaPerson)), 'Who wants to join.') people: WaPerson[];
  @Has(orNull(text), "How, in WhatsApp's word, such as `invite_link`.") method: string | null;
}

const leavings = ['left', 'removed', 'deleted'] as const;

export class GroupLeftData extends GroupEventData {
  @Has(words(leavings), 'The account left, was removed, or the group is no more.') reason: (typeof leavings)[number];
}
