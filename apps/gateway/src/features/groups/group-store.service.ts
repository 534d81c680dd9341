import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GroupSync } from '@app/database/entities/group-sync.entity.js';
import { type ToldAhead, WaGroup } from '@app/database/entities/wa-group.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { storableJson } from '@app/database/storable-json.js';
import type { GroupFeatures, MembershipChange } from '@app/platform/events/data/group-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';
import type { SendableGroup } from '@app/whatsapp/groups/sendable-group.js';
import type { LinkedAccount } from '@app/whatsapp/session-state.js';
import { type EntityManager, In, IsNull, MoreThan, Not, type Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { toldFeatures } from './group-differences.js';
import { isSamePerson, roleIn, withChange } from './group-members.js';
import { FIND_SENDABLE, FORGET_GROUP, LEAVE_OTHERS, MARK_STALE, SAVE_GROUPS } from './groups.queries.js';

/** Whose groups. */
export interface GroupScope {
  tenantId: string;
  sessionId: string;
  account: LinkedAccount;
}

/** What a group is like now, and who made it so. */
export interface GroupNews {
  features: GroupFeatures;
  at: Date;
  by: WaPerson | null;
}

/** A change of who is in a group. */
export interface MemberNews {
  groupId: string;
  change: MembershipChange;
  people: WaPerson[];
}

type GroupId = Pick<WaGroup, 'groupId'>;

/** What was just done by, or told to, this account is newer than everything stored. */
const NEWEST = 'infinity';
/** When groups were read that have to be read again. */
const NEVER = new Date(0);

/** The stored groups of sessions. */
@Injectable()
export class GroupStoreService {
  constructor(
    @InjectRepository(WaGroup) readonly groups: Repository<WaGroup>,
    @InjectRepository(GroupSync) private readonly syncs: Repository<GroupSync>,
  ) {}

  find(tenantId: string, sessionId: string, groupId: string): Promise<WaGroup | null> {
    return this.groups.findOneBy({ tenantId, sessionId, groupId });
  }

  async findSendable(sessionId: string, groupId: string): Promise<SendableGroup | null> {
    const [group] = await runPrepared<SendableGroup>(this.groups.manager, FIND_SENDABLE, [sessionId, groupId]);
    return group ?? null;
  }

  /** Those of the groups that the account is in. */
  async ownOf(sessionId: string, groupIds: string[]): Promise<Set<string>> {
    const where = { sessionId, groupId: In(groupIds), ownRole: Not(IsNull()) };
    const rows = groupIds.length ? await this.groups.find({ select: { groupId: true }, where }) : [];
    return new Set(rows.map(({ groupId }) => groupId));
  }

  /** The group in which a community announces, as far as it is stored. */
  async announcementsOf(sessionId: string, communityId: string): Promise<string | null> {
    const where = { sessionId, communityId, isAnnouncementGroup: true, ownRole: Not(IsNull()) };
    return (await this.groups.findOne({ select: { groupId: true }, where }))?.groupId ?? null;
  }

  /** Whether all groups of the account have been read, by the login that it has. */
  hasAll({ sessionId, account: { waId } }: GroupScope): Promise<boolean> {
    return this.syncs.existsBy({ sessionId, waId, syncedAt: MoreThan(NEVER) });
  }

  /** All groups have to be read again. */
  async outdate(tx: EntityManager, sessionId: string): Promise<void> {
    await tx.update(GroupSync, { sessionId }, { syncedAt: NEVER });
  }

  /** The time that a question to WhatsApp is asked at, by the clock of the rows. */
  async now(): Promise<string> {
    const [row] = await this.groups.query<[{ now: string }]>('SELECT clock_timestamp()::text AS now');
    return row.now;
  }

  /** What is known of the last reading of all groups; null when there was none for this account. */
  findSync(tx: EntityManager, { sessionId, account: { waId } }: GroupScope): Promise<GroupSync | null> {
    return tx.findOneBy(GroupSync, { sessionId, waId });
  }

  /** All groups of the account have been read now. */
  async markRead(tx: EntityManager, { sessionId, tenantId, account: { waId } }: GroupScope): Promise<void> {
    await tx.upsert(GroupSync, { sessionId, tenantId, waId, syncedAt: new Date(), forgottenIds: [] }, ['sessionId']);
  }

  /** Stored groups, which nobody else changes until the transaction is over. */
  lock(tx: EntityManager, { sessionId }: Pick<GroupScope, 'sessionId'>, groupIds: string[]): Promise<WaGroup[]> {
    const where = { sessionId, groupId: In(groupIds) };
    return tx.find(WaGroup, { where, order: { groupId: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  /** What was told of a group that WhatsApp may still tell; nobody else changes the group until the transaction is over. */
  async toldAheadOf(
    tx: EntityManager,
    { sessionId }: Pick<GroupScope, 'sessionId'>,
    groupId: string,
  ): Promise<ToldAhead | null> {
    const select = { sessionId: true, groupId: true, toldAhead: true } as const;
    const lock = { mode: 'pessimistic_write' } as const;
    return (await tx.findOne(WaGroup, { select, where: { sessionId, groupId }, lock }))?.toldAhead ?? null;
  }

  async setToldAhead(
    tx: EntityManager,
    { sessionId }: Pick<GroupScope, 'sessionId'>,
    groupId: string,
    toldAhead: ToldAhead | null,
  ): Promise<void> {
    await tx.update(WaGroup, { sessionId, groupId }, { toldAhead: toldAhead as QueryDeepPartialEntity<ToldAhead> });
  }

  /** The account is in no others than these, since they were asked for; answers which it was in. */
  async leaveOthers(
    tx: EntityManager,
    { sessionId }: Pick<GroupScope, 'sessionId'>,
    groups: GroupSnapshot[],
    askedAt: string,
  ): Promise<string[]> {
    const ids = groups.map(({ groupId }) => groupId);
    return (await runPrepared<GroupId>(tx, LEAVE_OTHERS, [sessionId, ids, askedAt])).map(({ groupId }) => groupId);
  }

  /** Stores groups that the account is in; answers which of them were not changed meanwhile. */
  async save(
    tx: EntityManager,
    { tenantId, sessionId, account }: GroupScope,
    groups: GroupSnapshot[],
    askedAt = NEWEST,
  ): Promise<Set<string>> {
    const rows = groups.map(({ refused: _, ...group }) => ({
      ...group,
      ownRole: roleIn(group.members, account) ?? 'member',
    }));
    const values = [sessionId, tenantId, storableJson(rows), askedAt];
    const saved = new Set((await runPrepared<GroupId>(tx, SAVE_GROUPS, values)).map(({ groupId }) => groupId));
    const newer = groups.flatMap(({ groupId }) => (saved.has(groupId) ? [] : [groupId]));
    if (newer.length) await runPrepared(tx, MARK_STALE, [sessionId, newer]);
    return saved;
  }

  /** What a group is like now, and what became of its place in a community. */
  async apply(
    tx: EntityManager,
    { sessionId }: Pick<GroupScope, 'sessionId'>,
    groupId: string,
    news: GroupNews,
  ): Promise<void> {
    const { linkedGroupIds = [], unlinkedGroupIds = [] } = news.features;
    await tx.update(WaGroup, { sessionId, groupId }, { ...columnsOf(news), changedAt: now });
    for (const [ids, communityId] of [
      [linkedGroupIds, groupId],
      [unlinkedGroupIds, null],
    ] as const)
      if (ids.length) await tx.update(WaGroup, { sessionId, groupId: In(ids) }, { communityId, changedAt: now });
  }

  /** People came, went, or are something else now. */
  async changeMembers(
    tx: EntityManager,
    { sessionId, account }: Omit<GroupScope, 'tenantId'>,
    { groupId, change, people }: MemberNews,
  ): Promise<void> {
    const where = { sessionId, groupId };
    const group = await tx.findOne(WaGroup, { where, lock: { mode: 'pessimistic_write' } });
    if (!group) return;
    // Who has another number now is told in a way that leaves open who it was.
    if (change === 'number-changed') return void (await tx.update(WaGroup, where, { isStale: true, changedAt: now }));
    const members = withChange(group, change, people);
    const isOut =
      (change === 'left' || change === 'removed') && people.some((person) => isSamePerson(person, own(account)));
    const ownRole = isOut ? null : (roleIn(members, account) ?? group.ownRole);
    const size = Math.max(0, group.size + members.length - group.members.length);
    await tx.update(WaGroup, where, { members, ownRole, size, changedAt: now });
  }

  /** The account is out of the group, or the group is no more. */
  async leave(tx: EntityManager, { sessionId }: Pick<GroupScope, 'sessionId'>, groupId: string): Promise<void> {
    await tx.update(WaGroup, { sessionId, groupId }, { ownRole: null, changedAt: now });
  }

  /** Forgets a stored group, but that it was known: to find it again is no news. */
  async remove(tenantId: string, sessionId: string, groupId: string): Promise<void> {
    await this.groups.manager.transaction(async (tx) => {
      await tx.delete(WaGroup, { tenantId, sessionId, groupId });
      await runPrepared(tx, FORGET_GROUP, [sessionId, groupId]);
    });
  }
}

const now = () => 'now()';
const own = ({ waId, phone, lid }: LinkedAccount) => ({ id: waId, phone, lid });

function columnsOf({ features, at, by }: GroupNews): QueryDeepPartialEntity<WaGroup> {
  const columns = Object.fromEntries(
    toldFeatures.flatMap((name) => (features[name] === undefined ? [] : [[name, features[name]]])),
  );
  const who = by?.waId ?? null;
  return {
    ...columns,
    ...(features.subject !== undefined && { subjectAt: at, subjectById: who }),
    ...(features.description !== undefined && { descriptionId: null, descriptionAt: at, descriptionById: who }),
  };
}
