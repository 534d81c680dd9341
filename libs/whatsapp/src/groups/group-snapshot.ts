import type { GroupRole } from '@app/platform/events/data/group-data.js';

/** Somebody in a group. */
export interface WaGroupMember {
  /** The address by which the group knows them; the others are those that it gives beside. */
  id: string;
  phone: string | null;
  lid: string | null;
  role: GroupRole;
}

/** An invitation for one person, in place of being added. */
export interface PersonalInvite {
  code: string;
  /** RFC 3339 */
  expiresAt: string | null;
}

/** Somebody with whom something was to be done in a group. */
export interface MemberOutcome extends Pick<WaGroupMember, 'id' | 'phone' | 'lid'> {
  /** WhatsApp's code of the refusal; null when it is done. */
  refusal: number | null;
  invite: PersonalInvite | null;
}

/** A group or community as WhatsApp describes it. Times are RFC 3339: it travels between processes. */
export interface GroupSnapshot {
  groupId: string;
  subject: string;
  subjectAt: string | null;
  subjectById: string | null;
  description: string | null;
  /** A description can only be replaced by whoever knows the last one. */
  descriptionId: string | null;
  descriptionAt: string | null;
  descriptionById: string | null;
  ownerId: string | null;
  foundedAt: string | null;
  addressing: 'pn' | 'lid';
  isAnnouncement: boolean;
  isLocked: boolean;
  disappearingSeconds: number;
  membersMayAdd: boolean;
  needsApproval: boolean;
  isCommunity: boolean;
  /** The group in which a community announces. */
  isAnnouncementGroup: boolean;
  isGeneralChat: boolean;
  communityId: string | null;
  size: number;
  members: WaGroupMember[];
  /** Who could not be added when it was founded. */
  refused: MemberOutcome[];
}
