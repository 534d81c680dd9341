import type { Core } from '../world/core.js';
import { Communities } from './communities.js';
import { Founding } from './founding.js';
import { GroupNotices } from './group-notices.js';
import { GroupProfile } from './group-profile.js';
import { Groups } from './groups.js';
import { Invitations } from './invitations.js';
import { JoinRequests } from './join-requests.js';
import { Membership } from './membership.js';
import { WaitingRoom } from './waiting-room.js';

/** Everything that can be done with groups: by clients through queries, by people played here through the control API. */
export type GroupService = ReturnType<typeof createGroupService>;

/** Builds the group service of a network without any groups. */
export function createGroupService(core: Core) {
  const groups = new Groups(core);
  const notices = new GroupNotices(core);
  const waitingRoom = new WaitingRoom(core, notices);
  const membership = new Membership({ core, groups, notices, waitingRoom });
  return {
    groups,
    membership,
    waitingRoom,
    founding: new Founding(groups, notices, membership),
    profile: new GroupProfile(core, notices),
    invitations: new Invitations({ core, groups, notices, membership, waitingRoom }),
    requests: new JoinRequests(core.directory, membership, waitingRoom),
    communities: new Communities(groups, notices, membership),
  };
}
