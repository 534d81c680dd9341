import { stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import type { GroupNotices } from './group-notices.js';
import type { Group } from './group.js';
import type { Groups } from './groups.js';
import type { Membership, Outcome } from './membership.js';
import { MAX_MEMBERS, demandAdmin, demandMember, refusals } from './rights.js';
import type { WaitingRoom } from './waiting-room.js';

/** The parts of the group service that let people in. */
export interface InvitationParts {
  core: Core;
  groups: Groups;
  notices: GroupNotices;
  membership: Membership;
  waitingRoom: WaitingRoom;
}

/** Invitations: by a link for everybody, or by a message to one person. */
export class Invitations {
  constructor(private readonly parts: InvitationParts) {}

  /** The code of the invitation link. */
  codeOf(group: Group, actor: Account): string {
    demandMember(group, actor);
    if (!group.isAdmin(actor)) throw refusals.notAuthorized();
    return group.inviteCode;
  }

  /** Makes the link invalid and answers the code of a new one. */
  renew(group: Group, actor: Account): string {
    demandAdmin(group, actor);
    const code = this.parts.groups.renewCode(group);
    this.parts.notices.tell(group, actor, () => stanza('invite', { code }));
    return code;
  }

  /** The group a link leads to. */
  look(code: string): Group {
    const group = this.parts.groups.findByCode(code);
    if (!group) throw this.parts.groups.isRetired(code) ? refusals.gone() : refusals.notAcceptable();
    return group;
  }

  /** Follows a link: the person is in, or waits for an admin. */
  follow(code: string, person: Account): { group: Group; isMember: boolean } {
    const group = this.look(code);
    return { group, isMember: this.enter(group, person) };
  }

  /** Enters as somebody who knows the link; false when an admin has to decide. */
  enter(group: Group, person: Account): boolean {
    if (group.members.has(person)) throw refusals.conflict();
    if (group.members.size >= MAX_MEMBERS) throw refusals.full();
    const { membership, waitingRoom } = this.parts;
    if (group.settings.joinApproval) waitingRoom.enter(group, person, person, 'invite_link');
    else membership.admit(group, [person], person, 'invite');
    return !group.settings.joinApproval;
  }

  /** Accepts the invitation an admin has sent to this person. */
  accept(group: Group, person: Account, code: string, inviter: Account | undefined): void {
    const invite = group.personalInvites.get(person);
    if (group.members.has(person)) throw refusals.conflict();
    if (!invite || invite.code !== code || invite.by !== inviter) throw refusals.notAcceptable();
    if (invite.expiresAt <= this.parts.core.clock.seconds() || !group.members.has(invite.by)) throw refusals.gone();
    if (group.members.size >= MAX_MEMBERS) throw refusals.full();
    this.parts.membership.admit(group, [person], invite.by);
  }

  /** Takes personal invitations back. */
  withdraw(group: Group, actor: Account, jids: string[]): Outcome[] {
    demandMember(group, actor);
    return jids.map((jid) => {
      const person = this.parts.core.directory.findByJid(jid);
      const invite = person && group.personalInvites.get(person);
      if (!invite) return { jid, person, error: 404 };
      if (invite.by !== actor && !group.isAdmin(actor)) return { jid, person, error: 403 };
      group.personalInvites.delete(person);
      return { jid, person };
    });
  }
}
