import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Directory } from '../world/directory.js';
import type { Group } from './group.js';
import type { Membership, Outcome } from './membership.js';
import { MAX_MEMBERS, demandAdmin } from './rights.js';
import type { WaitingRoom } from './waiting-room.js';

/** What admins do with the people who wait to be let in. */
export class JoinRequests {
  constructor(
    private readonly directory: Directory,
    private readonly membership: Membership,
    private readonly waitingRoom: WaitingRoom,
  ) {}

  list(group: Group, actor: Account): Stanza[] {
    demandAdmin(group, actor);
    return [...group.requests].map(([person, { method, by, at }]) =>
      stanza('membership_approval_request', {
        jid: group.jidOf(person),
        phone_number: group.addressing === 'lid' ? person.shownNumber : undefined,
        request_method: method,
        request_time: at,
        requestor: by === person ? undefined : group.jidOf(by),
      }),
    );
  }

  decide(decision: 'approve' | 'reject', group: Group, actor: Account, jids: string[]): Outcome[] {
    demandAdmin(group, actor);
    return jids.map((jid) => {
      const person = this.directory.findByJid(jid);
      if (!person || !group.requests.has(person)) return { jid, person, error: 404 };
      if (decision === 'reject') this.waitingRoom.leave(group, person, actor);
      else if (group.members.size >= MAX_MEMBERS) return { jid, person, error: 419 };
      else this.membership.admit(group, [person], actor);
      return { jid, person };
    });
  }
}
