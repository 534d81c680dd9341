import { getBinaryNodeChild, getBinaryNodeChildren, type WASocket } from '@whiskeysockets/baileys';
import { readGroup } from '../groups/read-group.js';
import type { GroupSnapshot } from '../groups/group-snapshot.js';
import { toJid } from '../map/jid.js';
import { CommunitiesApi } from './communities.js';
import { GroupInvitesApi } from './group-invites.js';
import { GroupMembersApi } from './group-members.js';
import { groupIn, participants, queryGroup } from './group-query.js';
import { type GroupSettings, settingOrders } from './group-settings.js';
import { findPicture, setPicture } from './pictures.js';

/** A group to be founded. */
export interface NewGroup {
  subject: string;
  memberIds: string[];
  /** The community that it becomes a part of. */
  communityId?: string;
}

/** Groups over one connection. */
export class GroupsApi {
  readonly members: GroupMembersApi;
  readonly invites: GroupInvitesApi;
  readonly communities: CommunitiesApi;

  constructor(private readonly socket: WASocket) {
    this.members = new GroupMembersApi(socket);
    this.invites = new GroupInvitesApi(socket);
    this.communities = new CommunitiesApi(socket);
  }

  /** Every group and community that the account is in, with everybody in it. */
  async all(): Promise<GroupSnapshot[]> {
    const content = [
      { tag: 'participants', attrs: {} },
      { tag: 'description', attrs: {} },
    ];
    const answer = await queryGroup(this.socket, 'get', '@g.us', { tag: 'participating', attrs: {}, content });
    const groups = getBinaryNodeChild(answer, 'groups');
    return groups ? getBinaryNodeChildren(groups, 'group').map(readGroup) : [];
  }

  async get(groupId: string): Promise<GroupSnapshot> {
    const question = { tag: 'query', attrs: { request: 'interactive' } };
    return groupIn(await queryGroup(this.socket, 'get', toJid(groupId), question));
  }

  /** Baileys' own function loses who could not be added, and why. */
  async found({ subject, memberIds, communityId }: NewGroup): Promise<GroupSnapshot> {
    const key = this.socket.generateMessageTag();
    const content = participants(memberIds.map(toJid));
    if (communityId !== undefined) content.push({ tag: 'linked_parent', attrs: { jid: toJid(communityId) } });
    return groupIn(await queryGroup(this.socket, 'set', '@g.us', { tag: 'create', attrs: { subject, key }, content }));
  }

  /** One setting after another; `onDone` hears of each that WhatsApp has taken. */
  async set(
    { groupId, isCommunity }: Pick<GroupSnapshot, 'groupId' | 'isCommunity'>,
    settings: GroupSettings,
    onDone: (done: GroupSettings) => Promise<void>,
  ): Promise<void> {
    // A description is replaced by whoever knows the last one.
    const descriptionId = settings.description === undefined ? null : (await this.get(groupId)).descriptionId;
    const newId = this.socket.generateMessageTag();
    for (const [setting, order] of settingOrders(settings, { isCommunity, descriptionId, newId })) {
      await queryGroup(this.socket, 'set', toJid(groupId), order);
      await onDone(setting);
    }
  }

  /** Baileys' own function takes no answer for a good one. */
  async leave({ groupId, isCommunity }: Pick<GroupSnapshot, 'groupId' | 'isCommunity'>): Promise<void> {
    const left = { tag: isCommunity ? 'community' : 'group', attrs: { id: toJid(groupId) } };
    await queryGroup(this.socket, 'set', '@g.us', { tag: 'leave', attrs: {}, content: [left] });
  }

  /** `jpeg` is a square of at most 640 pixels. Answers the id of the picture. */
  setPicture(groupId: string, jpeg: Buffer): Promise<string | null> {
    return setPicture(this.socket, jpeg, toJid(groupId));
  }

  async removePicture(groupId: string): Promise<void> {
    await setPicture(this.socket, null, toJid(groupId));
  }

  /** Where the picture is to be had for a while; null when there is none. */
  async pictureUrl(groupId: string, size: 'preview' | 'image'): Promise<string | null> {
    return (await findPicture(this.socket, toJid(groupId), size))?.url ?? null;
  }
}
