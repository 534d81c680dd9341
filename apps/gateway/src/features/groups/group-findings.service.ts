import { Injectable } from '@nestjs/common';
import type { StoredMember, ToldAhead, WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { GroupFeatures } from '@app/platform/events/data/group-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';
import type { EntityManager } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { type AddressesOf, changedFeatures, changedMembers, type MemberDifferences } from './group-differences.js';
import { addressed } from './group-members.js';
import { type FoundGroup, foundEvents } from './group-found.js';
import { type GroupScope, GroupStoreService } from './group-store.service.js';
import { toldLater } from './told-ahead.js';

/** At most as many are stored by one statement: each may have a thousand members. */
const BATCH = 50;

/** Stores what readings of groups find, and tells what nobody has told: what changed while the account was away, say. */
@Injectable()
export class GroupFindingsService {
  constructor(
    private readonly store: GroupStoreService,
    private readonly identities: IdentitiesService,
    private readonly outbox: Outbox,
  ) {}

  /** All groups that the account is in, as they were after `askedAt`. The first time they are no news. */
  async saveAll(scope: GroupScope, groups: GroupSnapshot[], askedAt: string): Promise<void> {
    await this.store.groups.manager.transaction(async (tx) => {
      const news = await this.newsFor(tx, scope);
      for (let from = 0; from < groups.length; from += BATCH)
        await this.save(tx, scope, { groups: groups.slice(from, from + BATCH), askedAt, news });
      const lost = await this.store.leaveOthers(tx, scope, groups, askedAt);
      if (news) for (const groupId of lost) await this.tellLoss(tx, scope, groupId);
      await this.store.markRead(tx, scope);
    });
  }

  /** Some of them. */
  async saveSome(scope: GroupScope, groups: GroupSnapshot[], askedAt: string): Promise<void> {
    await this.store.groups.manager.transaction(async (tx) =>
      this.save(tx, scope, { groups, askedAt, news: await this.newsFor(tx, scope) }),
    );
  }

  /** WhatsApp does not let the account see a group. */
  async lose(scope: GroupScope, groupId: string): Promise<void> {
    await this.store.groups.manager.transaction(async (tx) => {
      const [known] = await this.store.lock(tx, scope, [groupId]);
      await this.store.leave(tx, scope, groupId);
      if (known?.ownRole) await this.tellLoss(tx, scope, groupId);
    });
  }

  /** Null before everything has been read once: nothing is news then. */
  private async newsFor(tx: EntityManager, scope: GroupScope): Promise<{ forgotten: string[] } | null> {
    const sync = await this.store.findSync(tx, scope);
    return sync && { forgotten: sync.forgottenIds };
  }

  private async save(
    tx: EntityManager,
    scope: GroupScope,
    { groups, askedAt, news }: { groups: GroupSnapshot[]; askedAt: string; news: { forgotten: string[] } | null },
  ): Promise<void> {
    const ids = groups.map(({ groupId }) => groupId);
    const before = new Map((news ? await this.store.lock(tx, scope, ids) : []).map((group) => [group.groupId, group]));
    const saved = await this.store.save(tx, scope, groups, askedAt);
    if (!news) return;
    for (const group of groups) {
      const known = before.get(group.groupId);
      const isNews = saved.has(group.groupId) && (known !== undefined || !news.forgotten.includes(group.groupId));
      if (isNews) await this.compare(tx, scope, known, group);
    }
  }

  private async compare(
    tx: EntityManager,
    scope: GroupScope,
    known: WaGroup | undefined,
    group: GroupSnapshot,
  ): Promise<void> {
    if (!known?.ownRole) {
      const personOf = await this.people(tx, scope, group.members);
      // What was expected of the time before is no longer.
      const ahead = toldLater(null, { isIn: true });
      return this.tell(tx, scope, { groupId: group.groupId, isIn: true, group, personOf }, ahead);
    }
    const features = changedFeatures(known, group);
    const members = await this.changedMembers(tx, scope, known, group);
    const people = Object.values(changes).flatMap((change) => members[change]);
    if (!people.length && !Object.keys(features).length) return;
    const ahead = toldLater(known.toldAhead, { features: { ...features }, people: aheadOf(members) });
    const authors = authorsOf(features, group);
    const personOf = await this.people(tx, scope, [...people, ...authors]);
    await this.tell(tx, scope, { groupId: group.groupId, isIn: null, group, features, members, personOf }, ahead);
  }

  /** Whoever seems to have come and another to have gone may be one person under two addresses. */
  private async changedMembers(
    tx: EntityManager,
    scope: GroupScope,
    known: WaGroup,
    group: GroupSnapshot,
  ): Promise<MemberDifferences> {
    const members = changedMembers(known, group);
    if (!members.added.length || !members.removed.length) return members;
    return changedMembers(known, group, await this.addresses(tx, scope, [...members.added, ...members.removed]));
  }

  private async tellLoss(tx: EntityManager, scope: GroupScope, groupId: string): Promise<void> {
    const [known] = await this.store.lock(tx, scope, [groupId]);
    const { waId: id, phone, lid } = scope.account;
    const own = { id, phone, lid, change: 'removed' as const };
    const ahead = toldLater(known?.toldAhead ?? null, { people: [own], isIn: false });
    await this.tell(tx, scope, { groupId, isIn: false, personOf: () => scope.account }, ahead);
  }

  private async tell(tx: EntityManager, scope: GroupScope, found: FoundGroup, ahead: ToldAhead): Promise<void> {
    await this.store.setToldAhead(tx, scope, found.groupId, ahead);
    await this.outbox.add(tx, foundEvents(scope, found, new Date()));
  }

  private async people(
    tx: EntityManager,
    scope: GroupScope,
    members: StoredMember[],
  ): Promise<(member: StoredMember) => WaPerson> {
    const addressesOf = await this.addresses(tx, scope, members);
    const { waId, phone: ownPhone, lid: ownLid, name } = scope.account;
    return (member) => {
      const addresses = addressesOf(member);
      if (addresses.includes(waId) || (ownLid && addresses.includes(ownLid)))
        return { waId, phone: ownPhone, lid: ownLid, name };
      const phone = addresses.find((address) => address && !address.includes('@')) ?? null;
      const lid = addresses.find((address) => address?.endsWith('@lid')) ?? null;
      return { waId: phone ?? member.id, phone, lid, name: null };
    };
  }

  private async addresses(tx: EntityManager, { sessionId }: GroupScope, members: StoredMember[]): Promise<AddressesOf> {
    const unsure = members.filter(({ phone, lid }) => !phone || !lid).map(({ id }) => ({ sessionId, waId: id }));
    const known = await this.identities.addressesOf(tx, unsure);
    const spelt = new Map(unsure.map(({ waId }) => [waId, known(sessionId, waId)]));
    return ({ id, phone, lid }) => [id, phone, lid, ...(spelt.get(id) ?? [])];
  }
}

const changes = { added: 'added', removed: 'removed', promoted: 'promoted', demoted: 'demoted' } as const;

const aheadOf = (members: MemberDifferences): ToldAhead['people'] =>
  Object.values(changes).flatMap((change) => members[change].map(({ id, phone, lid }) => ({ id, phone, lid, change })));

/** Who gave a group its name and description; of the rest WhatsApp does not tell. */
function authorsOf(features: GroupFeatures, { subjectById, descriptionById }: GroupSnapshot): StoredMember[] {
  const ids = [
    features.subject === undefined ? null : subjectById,
    features.description === undefined ? null : descriptionById,
  ];
  return ids.flatMap((id) => (id === null ? [] : [addressed(id)]));
}
