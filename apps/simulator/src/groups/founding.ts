import type { Family } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { GroupNotices } from './group-notices.js';
import { groupStanza } from './group-stanzas.js';
import { GroupProfile } from './group-profile.js';
import type { NewDescription } from './group-profile.js';
import type { Group } from './group.js';
import type { Groups } from './groups.js';
import { done } from './membership.js';
import type { Membership, Outcome } from './membership.js';
import { MAX_MEMBERS, demandMember, refusals } from './rights.js';

/** A group to be founded. */
export interface GroupPlan {
  subject: string;
  people: string[];
  addressing?: Family | undefined;
  /** The community it becomes a part of. */
  community?: Group | undefined;
  /** The founder's own mark, by which its client recognizes the notice. */
  key?: string | undefined;
}

/** A community to be founded. */
export interface CommunityPlan {
  subject: string;
  description?: NewDescription | undefined;
  addressing?: Family | undefined;
  generalChat: boolean;
  openToNewGroups: boolean;
}

/** How groups and communities come into being. */
export class Founding {
  constructor(
    private readonly groups: Groups,
    private readonly notices: GroupNotices,
    private readonly membership: Membership,
  ) {}

  /** Founds a group with its first members; those who cannot be added are told with the reason. */
  group(founder: Account, plan: GroupPlan): { group: Group; outcomes: Outcome[] } {
    const { subject, people, community, addressing = community?.addressing } = plan;
    GroupProfile.checkSubject(subject);
    if (people.length >= MAX_MEMBERS) throw refusals.full();
    if (community) this.demandRoomFor(founder, community);
    const group = this.groups.found(founder, subject, 'group', addressing);
    group.community = community;
    const outcomes = this.membership.screen(group, founder, people);
    for (const person of done(outcomes)) group.members.set(person, 'member');
    for (const above of this.groups.above(group)) this.membership.admit(above, done(outcomes), founder);
    this.announce(group, plan.key);
    return { group, outcomes };
  }

  /** Founds a community: with its announcements, and a general chat if wanted. */
  community(founder: Account, plan: CommunityPlan): Group {
    const { description, addressing } = plan;
    GroupProfile.checkDescription(description?.text);
    const community = this.groups.found(founder, GroupProfile.checkSubject(plan.subject), 'community', addressing);
    community.openToNewGroups = plan.openToNewGroups;
    const { by, at } = community.subject;
    if (description?.text) community.description = { id: description.id, text: description.text, by, at };
    const announcements = this.groups.found(founder, plan.subject, 'announcements', addressing);
    announcements.settings.announcement = true;
    const parts = [announcements];
    if (plan.generalChat) {
      const general = this.groups.found(founder, 'General', 'group', addressing);
      general.isGeneralChat = true;
      parts.push(general);
    }
    for (const part of parts) part.community = community;
    for (const group of [community, ...parts]) this.announce(group);
    return community;
  }

  private demandRoomFor(founder: Account, community: Group): void {
    if (community.kind !== 'community') throw refusals.badRequest();
    demandMember(community, founder);
    if (!community.openToNewGroups && !community.isAdmin(founder)) throw refusals.forbidden();
  }

  private announce(group: Group, key?: string): void {
    this.notices.tell(group, group.founder, () => stanza('create', { type: 'new', key }, [groupStanza(group)]));
  }
}
