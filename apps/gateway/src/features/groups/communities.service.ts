import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, conflict, notFound } from '@app/platform/errors/app-error.js';
import type { NewCommunity } from '@app/whatsapp/api/communities.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';
import type { LinkedGroup } from '@app/whatsapp/groups/read-group.js';
import type { SentMessage } from '../messaging/message-settlement.service.js';
import { MessagesService } from '../messaging/messages.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { inGroup } from './group-refusal.js';
import { GroupStoreService } from './group-store.service.js';
import { GroupSyncService } from './group-sync.service.js';
import { GroupsService, type ShownGroup } from './groups.service.js';

const found = command<NewCommunity, GroupSnapshot>('communities.found');
const listGroups = command<{ communityId: string }, LinkedGroup[]>('communities.groups');
const link = command<{ communityId: string; groupId: string; isLinked: boolean }>('communities.link');
const deactivate = command<{ communityId: string }>('communities.deactivate');

export interface FoundCommunityOrder extends NewCommunity {
  /** Groups that become a part of it at once. */
  groupIds: string[];
}

/** What became of one group. */
export interface LinkOutcome {
  groupId: string;
  isDone: boolean;
  /** Why not. */
  code: string | null;
  detail: string | null;
}

export interface ShownLinkedGroup extends LinkedGroup {
  /** The account is in it. */
  isMember: boolean;
}

/** Communities, and the groups that they consist of. What is not here is done as with groups. */
@Injectable()
export class CommunitiesService implements OnModuleInit {
  constructor(
    private readonly sessions: SessionsService,
    private readonly groups: GroupsService,
    private readonly store: GroupStoreService,
    private readonly reader: GroupSyncService,
    private readonly messages: MessagesService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(found, async ({ groups }, input, session) => {
      const community = await groups.communities.found(input);
      await this.reader.keep(session, [community]);
      return community;
    });
    this.commands.on(listGroups, ({ groups }, { communityId }) => groups.communities.groups(communityId));
    this.commands.on(link, async ({ groups }, { communityId, groupId, isLinked }, session) => {
      await (isLinked
        ? groups.communities.link(communityId, groupId)
        : groups.communities.unlink(communityId, groupId));
      const features = { communityId: isLinked ? communityId : null };
      const news = { features, at: new Date(), by: session.account };
      await this.store.groups.manager.transaction((tx) => this.store.apply(tx, session, groupId, news));
    });
    this.commands.on(deactivate, async ({ groups }, { communityId }, session) => {
      await groups.communities.deactivate(communityId);
      await this.store.groups.manager.transaction((tx) => this.store.leave(tx, session, communityId));
    });
  }

  /** Founds a community and makes groups a part of it; each group has an outcome. */
  async found(
    actor: Actor,
    sessionId: string,
    { groupIds, ...plan }: FoundCommunityOrder,
  ): Promise<{ community: ShownGroup; outcomes: LinkOutcome[] }> {
    await this.sessions.get(actor, sessionId);
    const { groupId } = await this.commands.run(actor, sessionId, found, plan);
    const outcomes = groupIds.length ? await this.link(actor, sessionId, groupId, groupIds) : [];
    return { community: await this.groups.get(actor, sessionId, groupId), outcomes };
  }

  /** Throws `community.not-found`. */
  async get(actor: Actor, sessionId: string, communityId: string, refresh?: boolean): Promise<ShownGroup> {
    await this.row(actor, sessionId, communityId);
    return this.groups.get(actor, sessionId, communityId, refresh);
  }

  /** All groups of a community, those that the account is not in, too. */
  async list(actor: Actor, sessionId: string, communityId: string): Promise<ShownLinkedGroup[]> {
    const community = await this.row(actor, sessionId, communityId);
    const linked = await inGroup(community, this.commands.run(actor, sessionId, listGroups, { communityId }));
    const own = await this.store.ownOf(
      sessionId,
      linked.map(({ groupId }) => groupId),
    );
    return linked.map((group) => ({ ...group, isMember: own.has(group.groupId) }));
  }

  /** Makes groups a part of a community, one after another. */
  async link(actor: Actor, sessionId: string, communityId: string, groupIds: string[]): Promise<LinkOutcome[]> {
    const community = await this.row(actor, sessionId, communityId);
    const outcomes: LinkOutcome[] = [];
    for (const groupId of new Set(groupIds)) {
      const input = { communityId, groupId, isLinked: true };
      const linked = inGroup(community, this.commands.run(actor, sessionId, link, input));
      outcomes.push(await linked.then(() => done(groupId)).catch((error: unknown) => refused(groupId, error)));
    }
    return outcomes;
  }

  async unlink(actor: Actor, sessionId: string, communityId: string, groupId: string): Promise<void> {
    const community = await this.row(actor, sessionId, communityId);
    const input = { communityId, groupId, isLinked: false };
    await inGroup(community, this.commands.run(actor, sessionId, link, input));
  }

  /** Writes into the group in which the community announces. Throws `community.no-announcements`. */
  async announce(actor: Actor, sessionId: string, communityId: string, text: string): Promise<SentMessage> {
    await this.row(actor, sessionId, communityId);
    const stored = await this.store.announcementsOf(sessionId, communityId);
    const groupId =
      stored ??
      (await this.list(actor, sessionId, communityId)).find(({ isAnnouncementGroup }) => isAnnouncementGroup)?.groupId;
    if (!groupId) throw conflict('community.no-announcements', 'The community has no group for announcements.');
    return this.messages.send(actor, sessionId, { to: groupId, content: { type: 'text', text } }, false);
  }

  /** Ends a community; its groups go on. */
  async deactivate(actor: Actor, sessionId: string, communityId: string): Promise<void> {
    const community = await this.row(actor, sessionId, communityId);
    await inGroup(community, this.commands.run(actor, sessionId, deactivate, { communityId }));
  }

  private async row(actor: Actor, sessionId: string, communityId: string): Promise<WaGroup> {
    const row = await this.groups.stored(actor, sessionId, communityId);
    if (!row.isCommunity) throw notFound('community', communityId);
    return row;
  }
}

const done = (groupId: string): LinkOutcome => ({ groupId, isDone: true, code: null, detail: null });

/** Only what is about this one group: without a connection there is no point in going on. */
function refused(groupId: string, error: unknown): LinkOutcome {
  const isOwn = error instanceof AppError && ['forbidden', 'not-found', 'conflict'].includes(error.kind);
  if (!isOwn || error.code.startsWith('session.')) throw error;
  return { groupId, isDone: false, code: error.code, detail: error.detail };
}
