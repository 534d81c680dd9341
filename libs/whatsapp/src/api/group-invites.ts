import { getBinaryNodeChild, getBinaryNodeChildren, type WASocket } from '@whiskeysockets/baileys';
import { groupIdOf, readOutcome } from '../groups/read-group.js';
import type { MemberOutcome, GroupSnapshot } from '../groups/group-snapshot.js';
import { toJid } from '../map/jid.js';
import { secondsOf } from '../map/numbers.js';
import { askGroup, groupIn, participants, queryGroup } from './group-query.js';
import { timedOut } from './failure.js';

/** An invitation that an admin has sent to this account. */
export interface ReceivedInvite {
  groupId: string;
  code: string;
  /** RFC 3339 */
  expiresAt: string;
  /** Whose invitation it is. */
  inviterId: string;
}

/** Where one came to by an invitation. */
export interface Entrance {
  groupId: string;
  /** Otherwise an admin has to decide. */
  isMember: boolean;
}

/** Invitations into groups: by a link for everybody, or for one person. */
export class GroupInvitesApi {
  constructor(private readonly socket: WASocket) {}

  async code(groupId: string): Promise<string> {
    return askGroup(this.socket.groupInviteCode(toJid(groupId)));
  }

  /** Makes the link invalid and answers the code of a new one. */
  async renew(groupId: string): Promise<string> {
    return askGroup(this.socket.groupRevokeInvite(toJid(groupId)));
  }

  /** The group that a link leads to, without joining it. */
  async look(code: string): Promise<GroupSnapshot> {
    return groupIn(await queryGroup(this.socket, 'get', '@g.us', { tag: 'invite', attrs: { code } }));
  }

  /** Baileys' own function does not tell when an admin has to decide. */
  async follow(code: string): Promise<Entrance> {
    const answer = await queryGroup(this.socket, 'set', '@g.us', { tag: 'invite', attrs: { code } });
    const joined = getBinaryNodeChild(answer, 'group');
    const waiting = getBinaryNodeChild(answer, 'membership_approval_request');
    const groupId = (joined ?? waiting)?.attrs.jid;
    if (!groupId) throw timedOut();
    return { groupId: groupIdOf(groupId), isMember: joined !== undefined };
  }

  /** Baileys' own function makes up messages about it. */
  async accept({ groupId, code, expiresAt, inviterId }: ReceivedInvite): Promise<Entrance> {
    const attrs = { code, expiration: String(secondsOf(expiresAt)), admin: toJid(inviterId) };
    await queryGroup(this.socket, 'set', toJid(groupId), { tag: 'accept', attrs });
    return { groupId, isMember: true };
  }

  /** Takes invitations for single people back. */
  async withdraw(groupId: string, ids: string[]): Promise<MemberOutcome[]> {
    const order = { tag: 'revoke', attrs: {}, content: participants(ids.map(toJid)) };
    const answer = await queryGroup(this.socket, 'set', toJid(groupId), order);
    return getBinaryNodeChildren(getBinaryNodeChild(answer, 'revoke'), 'participant').map(readOutcome);
  }
}
