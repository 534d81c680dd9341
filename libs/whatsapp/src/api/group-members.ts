import { getBinaryNodeChild, getBinaryNodeChildren, type WASocket } from '@whiskeysockets/baileys';
import { type JoinRequest, readJoinRequest, readOutcome } from '../groups/read-group.js';
import type { MemberOutcome, GroupSnapshot } from '../groups/group-snapshot.js';
import { toJid } from '../map/jid.js';
import { participants, queryGroup } from './group-query.js';

export type MemberChange = 'add' | 'remove' | 'promote' | 'demote';
export type RequestDecision = 'approve' | 'reject';

/** Who is in a group, and who wants to be. Baileys' own functions take no answer for a good one. */
export class GroupMembersApi {
  constructor(private readonly socket: WASocket) {}

  /** What became of each of them. Whoever is removed from a community is removed from its groups, too. */
  async change(
    { groupId, isCommunity }: Pick<GroupSnapshot, 'groupId' | 'isCommunity'>,
    change: MemberChange,
    ids: string[],
  ): Promise<MemberOutcome[]> {
    const attrs: Record<string, string> = isCommunity && change === 'remove' ? { linked_groups: 'true' } : {};
    const order = { tag: change, attrs, content: participants(ids.map(toJid)) };
    const answer = await queryGroup(this.socket, 'set', toJid(groupId), order);
    return getBinaryNodeChildren(getBinaryNodeChild(answer, change), 'participant').map(readOutcome);
  }

  async requests(groupId: string): Promise<JoinRequest[]> {
    const tag = 'membership_approval_requests';
    const answer = await queryGroup(this.socket, 'get', toJid(groupId), { tag, attrs: {} });
    return getBinaryNodeChildren(getBinaryNodeChild(answer, tag), 'membership_approval_request').map(readJoinRequest);
  }

  /** As Baileys asks for it, but with all addresses of those whom it was about. */
  async decide(groupId: string, decision: RequestDecision, ids: string[]): Promise<MemberOutcome[]> {
    const content = [{ tag: decision, attrs: {}, content: participants(ids.map(toJid)) }];
    const order = { tag: 'membership_requests_action', attrs: {}, content };
    const answer = await queryGroup(this.socket, 'set', toJid(groupId), order);
    const done = getBinaryNodeChild(getBinaryNodeChild(answer, 'membership_requests_action'), decision);
    return getBinaryNodeChildren(done, 'participant').map(readOutcome);
  }
}
