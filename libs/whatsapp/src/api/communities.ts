import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, type WASocket } from '@whiskeysockets/baileys';
import { type LinkedGroup, readLinkedGroup } from '../groups/read-group.js';
import type { GroupSnapshot } from '../groups/group-snapshot.js';
import { toJid } from '../map/jid.js';
import { groupIn, queryGroup } from './group-query.js';

/** A community to be founded. */
export interface NewCommunity {
  subject: string;
  description: string;
  /** With a group in which everybody writes, beside the one for announcements. */
  hasGeneralChat: boolean;
  /** Members may add groups, not admins alone. */
  membersMayAddGroups: boolean;
}

/** Communities over one connection. What is not here is done as with groups. */
export class CommunitiesApi {
  constructor(private readonly socket: WASocket) {}

  /** Baileys' own function asks for the community once more and knows no options. */
  async found({ subject, description, hasGeneralChat, membersMayAddGroups }: NewCommunity): Promise<GroupSnapshot> {
    const id = this.socket.generateMessageTag().replace(/\W/g, '').slice(0, 12);
    const content: BinaryNode[] = [
      { tag: 'description', attrs: { id }, content: [{ tag: 'body', attrs: {}, content: Buffer.from(description) }] },
      { tag: 'parent', attrs: { default_membership_approval_mode: 'request_required' } },
      ...(membersMayAddGroups ? [{ tag: 'allow_non_admin_sub_group_creation', attrs: {} }] : []),
      ...(hasGeneralChat ? [{ tag: 'create_general_chat', attrs: {} }] : []),
    ];
    return groupIn(await queryGroup(this.socket, 'set', '@g.us', { tag: 'create', attrs: { subject }, content }));
  }

  /** Baileys' own function takes no answer for a good one. */
  async link(communityId: string, groupId: string): Promise<void> {
    const link = { tag: 'link', attrs: { link_type: 'sub_group' }, content: [groupNode(groupId)] };
    await queryGroup(this.socket, 'set', toJid(communityId), { tag: 'links', attrs: {}, content: [link] });
  }

  /** Baileys' own function takes no answer for a good one. */
  async unlink(communityId: string, groupId: string): Promise<void> {
    const order = { tag: 'unlink', attrs: { unlink_type: 'sub_group' }, content: [groupNode(groupId)] };
    await queryGroup(this.socket, 'set', toJid(communityId), order);
  }

  /** Also those that the account is not in. Baileys' own function asks for the metadata first. */
  async groups(communityId: string): Promise<LinkedGroup[]> {
    const answer = await queryGroup(this.socket, 'get', toJid(communityId), { tag: 'sub_groups', attrs: {} });
    return getBinaryNodeChildren(getBinaryNodeChild(answer, 'sub_groups'), 'group').map(readLinkedGroup);
  }

  /** Ends a community; its groups go on by themselves. Not confirmed on the production network. */
  async deactivate(communityId: string): Promise<void> {
    await queryGroup(this.socket, 'set', toJid(communityId), { tag: 'delete_parent', attrs: {} });
  }
}

const groupNode = (groupId: string): BinaryNode => ({ tag: 'group', attrs: { jid: toJid(groupId) } });
