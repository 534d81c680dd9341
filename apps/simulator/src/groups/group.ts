import type { Family } from '../wire/jid.js';
import type { Account } from '../world/account.js';

/** The domain of groups and communities. */
export const GROUP_SERVER = 'g.us';

/** What somebody is in a group; the founder is `superadmin`. */
export type Role = 'member' | 'admin' | 'superadmin';

/** A plain group, a community, or the announcements every community comes with. */
export type GroupKind = 'group' | 'community' | 'announcements';

/** The switches of a group. */
export interface GroupSettings {
  /** Only admins write. */
  announcement: boolean;
  /** Only admins change subject, description and disappearing messages. */
  locked: boolean;
  /** After how many seconds messages disappear; 0 keeps them. */
  disappearingSeconds: number;
  memberAddMode: 'all_member_add' | 'admin_add';
  /** Whether admins decide about who follows the invitation link. */
  joinApproval: boolean;
}

/** A text of a group, and who wrote it when. */
export interface Inscription {
  text: string;
  by: Account;
  at: number;
}

/** Somebody who wants in. */
export interface JoinRequest {
  method: 'invite_link' | 'non_admin_add';
  /** Who asked: the person, or the member who wants to add the person. */
  by: Account;
  at: number;
}

/** When somebody left, and whether of their own accord. */
export interface Departure {
  at: number;
  wasRemoved: boolean;
}

/** An invitation for one person, handed out when the person may not simply be added. */
export interface PersonalInvite {
  code: string;
  expiresAt: number;
  by: Account;
}

/** What a group is founded with. */
export interface Foundation {
  id: string;
  founder: Account;
  kind: GroupKind;
  /** The address family members see each other by. */
  addressing: Family;
  subject: string;
  inviteCode: string;
  at: number;
}

/** Several people in one chat; communities and their announcements are groups, too. */
export class Group {
  readonly id: string;
  readonly kind: GroupKind;
  readonly addressing: Family;
  readonly founder: Account;
  readonly createdAt: number;
  readonly members = new Map<Account, Role>();
  /** Who is not here any more; phones tell their new clients. */
  readonly formerMembers = new Map<Account, Departure>();
  readonly requests = new Map<Account, JoinRequest>();
  readonly personalInvites = new Map<Account, PersonalInvite>();
  readonly settings: GroupSettings = {
    announcement: false,
    locked: false,
    disappearingSeconds: 0,
    memberAddMode: 'all_member_add',
    joinApproval: false,
  };
  subject: Inscription;
  description: (Inscription & { id: string }) | undefined;
  inviteCode: string;
  /** The community this group belongs to. */
  community: Group | undefined;
  /** The chat for everything, which a community may start with. */
  isGeneralChat = false;
  /** In a community: whether everybody may add groups to it. */
  openToNewGroups = false;

  constructor({ id, founder, kind, addressing, subject, inviteCode, at }: Foundation) {
    this.id = id;
    this.kind = kind;
    this.addressing = addressing;
    this.founder = founder;
    this.createdAt = at;
    this.subject = { text: subject, by: founder, at };
    this.inviteCode = inviteCode;
    this.members.set(founder, 'superadmin');
  }

  get jid(): string {
    return `${this.id}@${GROUP_SERVER}`;
  }

  get admins(): Account[] {
    return [...this.members.keys()].filter((account) => this.isAdmin(account));
  }

  isAdmin(account: Account): boolean {
    return (this.members.get(account) ?? 'member') !== 'member';
  }

  /** Whether this person may write here. */
  isOpenTo(account: Account): boolean {
    if (!this.members.has(account) || this.kind === 'community') return false;
    return !this.settings.announcement || this.isAdmin(account);
  }

  /** How the group names a person's device. */
  jidOf(account: Account, device = 0): string {
    return account.shownJid(this.addressing, device);
  }
}
