import { stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import type { GroupNotices } from './group-notices.js';
import { personStanza } from './group-stanzas.js';
import type { Group, JoinRequest } from './group.js';
import { MAX_MEMBERS, refusals } from './rights.js';

/** Where people wait until an admin decides about them. */
export class WaitingRoom {
  constructor(
    private readonly core: Core,
    private readonly notices: GroupNotices,
  ) {}

  /** Somebody asks to join, or a member asks for somebody; the admins hear of it. */
  enter(group: Group, person: Account, by: Account, method: JoinRequest['method']): void {
    if (group.requests.has(person)) return;
    if (group.requests.size >= MAX_MEMBERS) throw refusals.full();
    group.requests.set(person, { method, by, at: this.core.clock.seconds() });
    const request = () =>
      stanza('created_membership_requests', { request_method: method }, [personStanza(group, person)]);
    this.notices.tell(group, by, request, group.admins);
  }

  /** A request is taken back by the person, or turned down by an admin. */
  leave(group: Group, person: Account, by: Account): boolean {
    if (!group.requests.delete(person)) return false;
    this.notices.tell(
      group,
      by,
      () => stanza('revoked_membership_requests', {}, [personStanza(group, person)]),
      group.admins,
    );
    return true;
  }
}
