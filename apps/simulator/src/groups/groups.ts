import type { Family } from '../wire/jid.js';
import { parseJid } from '../wire/jid.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import { GROUP_SERVER, Group } from './group.js';
import type { GroupKind } from './group.js';

const MAX_RETIRED_CODES = 10_000;

/** All groups and communities of a network, found by address or by invitation code. */
export class Groups {
  private readonly byId = new Map<string, Group>();
  private readonly byCode = new Map<string, Group>();
  private readonly retiredCodes = new Set<string>();
  private founded = 0;
  private codes = 0;

  /** Called when a group is no more. */
  onDeleted: (group: Group) => void = () => undefined;

  constructor(private readonly core: Core) {}

  get all(): IterableIterator<Group> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }

  /** Founds a group with nobody in it but the founder. */
  found(founder: Account, subject: string, kind: GroupKind = 'group', addressing: Family = 'lid'): Group {
    const { seed, clock } = this.core;
    const id = `120363${seed.digits(`group ${this.founded++}`, 12)}`;
    const inviteCode = this.nextCode();
    const group = new Group({ id, founder, kind, addressing, subject, inviteCode, at: clock.seconds() });
    this.byId.set(id, group);
    this.byCode.set(inviteCode, group);
    return group;
  }

  /** The group with this address, or with this id alone. */
  find(jid: string | undefined): Group | undefined {
    const parsed = parseJid(jid);
    if (!parsed) return this.byId.get(jid ?? '');
    return parsed.server === GROUP_SERVER ? this.byId.get(parsed.user) : undefined;
  }

  findByCode(code: string): Group | undefined {
    return this.byCode.get(code);
  }

  /** Whether this code once led somewhere. */
  isRetired(code: string): boolean {
    return this.retiredCodes.has(code);
  }

  /** Every group this person is in. */
  of(account: Account): Group[] {
    return [...this.byId.values()].filter(({ members }) => members.has(account));
  }

  /** The groups of a community, its announcements included. */
  within(community: Group): Group[] {
    return [...this.byId.values()].filter((group) => group.community === community);
  }

  announcementsOf(community: Group): Group | undefined {
    return this.within(community).find(({ kind }) => kind === 'announcements');
  }

  /** What a member of this group is a member of as well: the community and its announcements. */
  above(group: Group): Group[] {
    const community = group.kind === 'community' ? group : group.community;
    if (!community) return [];
    const announcements = this.announcementsOf(community);
    return (announcements ? [community, announcements] : [community]).filter((other) => other !== group);
  }

  /** What somebody who leaves this group leaves as well: a community is left with all its groups. */
  below(group: Group): Group[] {
    if (group.kind === 'group') return [];
    const community = group.community ?? group;
    return [community, ...this.within(community)].filter((other) => other !== group);
  }

  /** Replaces the invitation code by a new one; the old one is remembered as such. */
  renewCode(group: Group): string {
    this.retire(group.inviteCode);
    group.inviteCode = this.nextCode();
    this.byCode.set(group.inviteCode, group);
    return group.inviteCode;
  }

  /** A code nobody has yet. */
  nextCode(): string {
    return this.core.seed.inviteCode(`group ${this.codes++}`);
  }

  delete(group: Group): void {
    this.retire(group.inviteCode);
    this.byId.delete(group.id);
    this.onDeleted(group);
  }

  private retire(code: string): void {
    this.byCode.delete(code);
    this.retiredCodes.add(code);
    const oldest = this.retiredCodes.size > MAX_RETIRED_CODES ? this.retiredCodes.values().next() : undefined;
    if (oldest && !oldest.done) this.retiredCodes.delete(oldest.value);
  }
}
