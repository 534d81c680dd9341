import { stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import type { GroupNotices } from './group-notices.js';
import { groupStanza, personStanza } from './group-stanzas.js';
import type { Group, PersonalInvite, Role } from './group.js';
import type { Groups } from './groups.js';
import { MAX_MEMBERS, demandAdmin, demandMember } from './rights.js';
import type { WaitingRoom } from './waiting-room.js';

/** What can be done to people in a group. */
export const memberChanges = ['add', 'remove', 'promote', 'demote'] as const;

/** One of them. */
export type MemberChange = (typeof memberChanges)[number];

/** What became of one person a change was asked for. */
export interface Outcome {
  /** As asked. */
  jid: string;
  person: Account | undefined;
  /** Why it was not done. */
  error?: number;
  /** An invitation that can be sent to the person instead. */
  invite?: PersonalInvite;
}

const INVITE_LIFETIME_SECONDS = 3 * 86_400;

/** The parts of the group service that decide about members together. */
export interface MembershipParts {
  core: Core;
  groups: Groups;
  notices: GroupNotices;
  waitingRoom: WaitingRoom;
}

/** Who is in a group, and as what. */
export class Membership {
  constructor(private readonly parts: MembershipParts) {}

  /** Adds, removes, promotes or demotes people; each has an outcome of its own. */
  change(change: MemberChange, group: Group, actor: Account, jids: string[]): Outcome[] {
    if (change === 'add') return this.add(group, actor, jids);
    demandMember(group, actor);
    const outcomes = this.outcomes(jids, (person) => refusalOf(change, group, person, actor));
    const people = done(outcomes);
    const isLeaving = change === 'remove' && outcomes.every(({ person }) => person === actor);
    if (!isLeaving) demandAdmin(group, actor);
    if (change === 'remove') this.dismiss(group, people, actor);
    else this.appoint(group, people, actor, change);
    return outcomes;
  }

  /** Adds people without asking whether they may be added. */
  admit(group: Group, people: Account[], by: Account, reason?: 'invite'): void {
    const newcomers = people.filter((person) => !group.members.has(person));
    if (newcomers.length === 0) return;
    const present = [...group.members.keys()];
    for (const person of newcomers) {
      group.members.set(person, 'member');
      group.formerMembers.delete(person);
      group.requests.delete(person);
      group.personalInvites.delete(person);
    }
    const { notices, groups } = this.parts;
    notices.tell(group, by, () => stanza('add', { reason }, entries(group, newcomers)), present);
    notices.tell(group, by, () => stanza('create', { reason }, [groupStanza(group)]), newcomers);
    for (const other of groups.above(group)) this.admit(other, newcomers, by);
  }

  /** Takes people out; those who were there, and they themselves, hear of it. */
  dismiss(group: Group, people: Account[], by: Account): void {
    const leaving = people.filter((person) => group.members.has(person));
    if (leaving.length === 0) return;
    const present = [...group.members.keys()];
    const { notices, groups, core } = this.parts;
    for (const person of leaving) {
      group.members.delete(person);
      group.formerMembers.set(person, { at: core.clock.seconds(), wasRemoved: person !== by });
      const [eldest] = group.formerMembers.size > MAX_MEMBERS ? group.formerMembers.keys() : [];
      if (eldest) group.formerMembers.delete(eldest);
    }
    notices.tell(group, by, () => stanza('remove', {}, entries(group, leaving)), present);
    for (const other of groups.below(group)) this.dismiss(other, leaving, by);
    const [senior] = group.members.keys();
    if (!senior) groups.delete(group);
    else if (group.admins.length === 0) this.appoint(group, [senior], senior, 'promote');
  }

  /** Who of these may be added by the actor; whoever does not allow it gets an invitation, unless they blocked the actor. */
  screen(group: Group, actor: Account, jids: string[]): Outcome[] {
    let room = MAX_MEMBERS - group.members.size;
    const outcomes = this.outcomes(jids, (person) => {
      if (group.members.has(person)) return 409;
      if (person.refuses(actor)) return 401;
      if (!person.shows('groupadd', actor)) return 403;
      return room-- > 0 ? undefined : 419;
    });
    for (const outcome of outcomes)
      if (outcome.person && outcome.error === 403) outcome.invite = this.invite(group, actor, outcome.person);
    return outcomes;
  }

  private add(group: Group, actor: Account, jids: string[]): Outcome[] {
    demandMember(group, actor);
    if (group.settings.memberAddMode === 'admin_add') demandAdmin(group, actor);
    const outcomes = this.screen(group, actor, jids);
    if (group.settings.joinApproval && !group.isAdmin(actor))
      for (const person of done(outcomes)) this.parts.waitingRoom.enter(group, person, actor, 'non_admin_add');
    else this.admit(group, done(outcomes), actor);
    return outcomes;
  }

  private appoint(group: Group, people: Account[], by: Account, change: 'promote' | 'demote'): void {
    const role: Role = change === 'promote' ? 'admin' : 'member';
    const changed = people.filter(
      (person) => group.members.has(person) && group.isAdmin(person) === (role === 'member'),
    );
    if (changed.length === 0) return;
    for (const person of changed) group.members.set(person, role);
    const { notices, groups } = this.parts;
    notices.tell(group, by, () => stanza(change, {}, entries(group, changed)));
    if (group.kind !== 'group') for (const other of groups.above(group)) this.appoint(other, changed, by, change);
  }

  private outcomes(jids: string[], check: (person: Account) => number | undefined): Outcome[] {
    const { directory } = this.parts.core;
    const seen = new Set<Account>();
    return jids.map((jid) => {
      const person = directory.findByJid(jid);
      if (!person) return { jid, person, error: 404 };
      const error = seen.has(person) ? 409 : check(person);
      seen.add(person);
      return error === undefined ? { jid, person } : { jid, person, error };
    });
  }

  private invite(group: Group, by: Account, person: Account): PersonalInvite {
    const { groups, core } = this.parts;
    const invite = { code: groups.nextCode(), expiresAt: core.clock.seconds() + INVITE_LIFETIME_SECONDS, by };
    group.personalInvites.set(person, invite);
    const oldest = group.personalInvites.size > MAX_MEMBERS ? group.personalInvites.keys().next() : undefined;
    if (oldest && !oldest.done) group.personalInvites.delete(oldest.value);
    return invite;
  }
}

/** The founder can neither be removed nor demoted by others; nobody is made twice what they are. */
function refusalOf(change: MemberChange, group: Group, person: Account, actor: Account): number | undefined {
  const role = group.members.get(person);
  if (!role) return 404;
  if (change === 'promote') return role === 'member' ? undefined : 409;
  if (change === 'demote' && role === 'member') return 409;
  return role === 'superadmin' && person !== actor ? 406 : undefined;
}

/** The people for whom a change was done. */
export function done(outcomes: Outcome[]): Account[] {
  return outcomes.flatMap(({ person, error }) => (person && error === undefined ? [person] : []));
}

function entries(group: Group, people: Account[]) {
  return people.map((person) => personStanza(group, person));
}
