import { stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { GroupNotices } from './group-notices.js';
import { groupEntry } from './group-stanzas.js';
import type { Group } from './group.js';
import type { Groups } from './groups.js';
import type { Membership } from './membership.js';
import { demandAdmin, refusals } from './rights.js';

/** How groups become parts of a community and cease to be. */
export class Communities {
  constructor(
    private readonly groups: Groups,
    private readonly notices: GroupNotices,
    private readonly membership: Membership,
  ) {}

  /** Makes a group a part of a community; its members become members there. */
  link(community: Group, actor: Account, groups: Group[]): void {
    this.demandCommunity(community, actor);
    for (const group of groups) {
      demandAdmin(group, actor);
      if (group.kind !== 'group') throw refusals.notAcceptable();
      if (group.community) throw refusals.conflict();
    }
    for (const group of new Set(groups)) this.join(community, actor, group);
  }

  private join(community: Group, actor: Account, group: Group): void {
    group.community = community;
    this.tell('link', community, actor, group);
    for (const above of this.groups.above(group)) this.membership.admit(above, [...group.members.keys()], actor);
  }

  /** Takes a group out of a community; its members stay in both. */
  unlink(community: Group, actor: Account, group: Group): void {
    this.demandCommunity(community, actor);
    if (group.community !== community || group.kind === 'announcements') throw refusals.notFound();
    group.community = undefined;
    group.isGeneralChat = false;
    this.tell('unlink', community, actor, group);
  }

  /** Ends a community: its groups go on by themselves, the announcements end. */
  deactivate(community: Group, actor: Account): void {
    this.demandCommunity(community, actor);
    for (const group of this.groups.within(community)) if (group.kind === 'group') this.unlink(community, actor, group);
    const announcements = this.groups.announcementsOf(community);
    for (const group of announcements ? [announcements, community] : [community]) this.end(group, actor);
  }

  /** Deletes a group; whoever was in it hears that it is gone. */
  end(group: Group, actor: Account): void {
    demandAdmin(group, actor);
    this.notices.tell(group, actor, () => stanza('delete', { reason: 'admin' }));
    this.groups.delete(group);
  }

  private demandCommunity(community: Group, actor: Account): void {
    if (community.kind !== 'community') throw refusals.badRequest();
    demandAdmin(community, actor);
  }

  /** Both sides are told: the community of its part, the part of its community. */
  private tell(change: 'link' | 'unlink', community: Group, actor: Account, group: Group): void {
    const type = `${change}_type`;
    this.notices.tell(community, actor, () => stanza(change, { [type]: 'sub_group' }, [groupEntry(group)]));
    this.notices.tell(group, actor, () => stanza(change, { [type]: 'parent_group' }, [groupEntry(community)]));
  }
}
