import { Injectable } from '@nestjs/common';
import { containing } from '@app/database/containing.js';
import type { StoredMember, WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { GroupPeopleService, type GroupPerson } from './group-people.service.js';
import { GroupStoreService } from './group-store.service.js';
import { GroupSyncService } from './group-sync.service.js';

/** A group with everything that is shown of it. */
export type ShownGroup = Omit<WaGroup, 'members' | 'tenantId' | 'sessionId' | 'isStale' | 'toldAhead'> & {
  /** Null where they were not asked for. */
  participants: GroupParticipant[] | null;
};

export interface GroupParticipant extends GroupPerson {
  role: StoredMember['role'];
}

export interface GroupFilter {
  /** A part of the subject. */
  search?: string;
  isAdmin?: boolean;
  /** Whether the account is in it; it is, unless told otherwise. */
  isMember?: boolean;
  isCommunity?: boolean;
  communityId?: string;
  /** With everybody in it. */
  participants?: boolean;
}

/** The groups and communities of sessions, as they are looked at. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly store: GroupStoreService,
    private readonly reader: GroupSyncService,
    private readonly people: GroupPeopleService,
  ) {}

  /** By subject. Before the first look at WhatsApp the list is empty. */
  async list(actor: Actor, sessionId: string, query: PageQuery & GroupFilter): Promise<Page<ShownGroup>> {
    await this.sessions.get(actor, sessionId);
    const rows = this.store.groups
      .createQueryBuilder('g')
      .where('g.tenantId = :tenantId AND g.sessionId = :sessionId', { tenantId: actor.tenantId, sessionId });
    for (const [condition, values] of conditionsOf(query)) rows.andWhere(condition, values);
    const after = decodeCursor(query.cursor, 2);
    if (after) rows.andWhere('(g.subject, g.groupId) > (:subject, :groupId)', { subject: after[0], groupId: after[1] });
    const found = await rows
      .orderBy({ 'g.subject': 'ASC', 'g.groupId': 'ASC' })
      .take(query.limit + 1)
      .getMany();
    const page = toPage(found, query.limit, ({ subject, groupId }) => [subject, groupId]);
    return { ...page, items: await this.complete(sessionId, page.items, query.participants ?? false) };
  }

  /**
   * What is stored, with everybody in it; a group that is not stored, or with `refresh`, is read from WhatsApp. Throws
   * `group.not-found`, `group.not-a-member`.
   */
  async get(actor: Actor, sessionId: string, groupId: string, refresh = false): Promise<ShownGroup> {
    if (refresh) {
      await this.stored(actor, sessionId, groupId);
      await this.reader.readNow(actor, sessionId, groupId);
    }
    const [group] = await this.complete(sessionId, [await this.stored(actor, sessionId, groupId)], true);
    if (!group) throw notFound('group', groupId);
    return group;
  }

  /** The row of a group, which is read from WhatsApp first when there is none. Throws `group.not-found`. */
  async stored(actor: Actor, sessionId: string, groupId: string): Promise<WaGroup> {
    await this.sessions.get(actor, sessionId);
    if (!groupId.endsWith('@g.us')) throw notFound('group', groupId);
    const known = await this.store.find(actor.tenantId, sessionId, groupId);
    if (known && !known.isStale) return known;
    // What cannot be read right now is shown as it was, and is not there when it never was.
    await this.reader.readNow(actor, sessionId, groupId).catch((error: unknown) => {
      if (!(error instanceof AppError) || (!known && error.code !== 'session.not-connected')) throw error;
    });
    const group = await this.store.find(actor.tenantId, sessionId, groupId);
    if (!group) throw notFound('group', groupId);
    return group;
  }

  /** Reads all groups of the account from WhatsApp again; answers how many there are. */
  sync(actor: Actor, sessionId: string): Promise<number> {
    return this.reader.syncNow(actor, sessionId);
  }

  /** Forgets a stored group. One that the account is in comes back with the next news of it, or when it is asked for. */
  async remove(actor: Actor, sessionId: string, groupId: string): Promise<void> {
    await this.sessions.get(actor, sessionId);
    const known = await this.store.find(actor.tenantId, sessionId, groupId);
    if (!known) throw notFound('group', groupId);
    await this.store.remove(actor.tenantId, sessionId, groupId);
  }

  private async complete(sessionId: string, rows: WaGroup[], withPeople: boolean): Promise<ShownGroup[]> {
    const named = withPeople
      ? await this.people.name(
          sessionId,
          rows.flatMap(({ members }) => members),
        )
      : null;
    return rows.map(({ members, tenantId: _, sessionId: __, isStale: ___, toldAhead: ____, ...group }) => ({
      ...group,
      participants: named && members.map((member) => ({ ...named(member), role: member.role })),
    }));
  }
}

/** SQL with its values. */
function conditionsOf(filter: GroupFilter): [string, Record<string, unknown>?][] {
  const conditions: [string, Record<string, unknown>?][] = [
    [(filter.isMember ?? true) ? 'g.ownRole IS NOT NULL' : 'g.ownRole IS NULL'],
  ];
  const isAdmin = "coalesce(g.ownRole IN ('admin', 'superadmin'), false)";
  if (filter.isAdmin !== undefined) conditions.push([filter.isAdmin ? isAdmin : `NOT ${isAdmin}`]);
  if (filter.isCommunity !== undefined) conditions.push([filter.isCommunity ? 'g.isCommunity' : 'NOT g.isCommunity']);
  if (filter.communityId !== undefined)
    conditions.push(['g.communityId = :communityId', { communityId: filter.communityId }]);
  if (filter.search !== undefined) conditions.push(['g.subject ILIKE :search', { search: containing(filter.search) }]);
  return conditions;
}
