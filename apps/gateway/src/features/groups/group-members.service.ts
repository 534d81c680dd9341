import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import type { MembershipChange } from '@app/platform/events/data/group-data.js';
import type { MemberChange, RequestDecision } from '@app/whatsapp/api/group-members.js';
import type { MemberOutcome as WaOutcome } from '@app/whatsapp/groups/group-snapshot.js';
import type { JoinRequest } from '@app/whatsapp/groups/read-group.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { GroupInvitationsService, type InviteOrder } from './group-invitations.service.js';
import { isSamePerson } from './group-members.js';
import { type GroupKey, keyOf } from './group-key.js';
import { GroupPeopleService, type GroupPerson } from './group-people.service.js';
import { inGroup } from './group-refusal.js';
import { GroupStoreService } from './group-store.service.js';
import { GroupsService } from './groups.service.js';
import { type MemberOutcome, outcomeFor } from './member-outcome.js';

interface ChangeInput {
  group: GroupKey;
  change: MemberChange;
  ids: string[];
  /** Whoever is added has to be let in by an admin first. */
  isRequest: boolean;
}

const changeMembers = command<ChangeInput, WaOutcome[]>('groups.change-members');
const listRequests = command<{ groupId: string }, JoinRequest[]>('groups.requests');
const decideRequests = command<{ groupId: string; decision: RequestDecision; ids: string[] }, WaOutcome[]>(
  'groups.decide',
);

/** Somebody who wants to join. */
export interface ShownRequest extends Omit<JoinRequest, 'id' | 'phone' | 'lid' | 'requestedById'> {
  person: GroupPerson;
  requestedBy: GroupPerson | null;
}

const effects = { add: 'added', remove: 'removed', promote: 'promoted', demote: 'demoted' } as const;

/** Who is in a group, as what, and who is let in. */
@Injectable()
export class GroupMembersService implements OnModuleInit {
  constructor(
    private readonly groups: GroupsService,
    private readonly store: GroupStoreService,
    private readonly people: GroupPeopleService,
    private readonly identities: IdentitiesService,
    private readonly invitations: GroupInvitationsService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(changeMembers, async ({ groups }, { group, change, ids, isRequest }, session) => {
      const outcomes = await groups.members.change(group, change, ids);
      if (!isRequest) await this.note(session, group.groupId, effects[change], outcomes);
      return outcomes;
    });
    this.commands.on(listRequests, ({ groups }, { groupId }) => groups.members.requests(groupId));
    this.commands.on(decideRequests, async ({ groups }, { groupId, decision, ids }, session) => {
      const outcomes = await groups.members.decide(groupId, decision, ids);
      if (decision === 'approve') await this.note(session, groupId, 'added', outcomes);
      return outcomes;
    });
  }

  /**
   * Adds, removes, promotes or demotes people: each has an outcome. With an invite order, those who can only be invited
   * are sent an invitation. Throws `group.not-admin`, `group.participant-invalid`.
   */
  async change(
    actor: Actor,
    sessionId: string,
    groupId: string,
    change: MemberChange,
    order: { ids: string[]; invite?: InviteOrder },
  ): Promise<MemberOutcome[]> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    const people = await this.people.meant(sessionId, order.ids);
    const isRequest = change === 'add' && group.needsApproval && group.ownRole === 'member';
    const ids = change === 'add' ? people.map(({ waId }) => waId) : await this.spelt(group, people);
    const input = { group: keyOf(group), change, ids, isRequest };
    const said = await inGroup(group, this.commands.run(actor, sessionId, changeMembers, input));
    const outcomes = people.map((person) => outcomeFor(change, person, said));
    return order.invite ? this.invitations.send(actor, group, outcomes, order.invite) : outcomes;
  }

  /** Who asks to join. */
  async requests(actor: Actor, sessionId: string, groupId: string): Promise<ShownRequest[]> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    const requests = await inGroup(group, this.commands.run(actor, sessionId, listRequests, { groupId }));
    const others = requests.flatMap(({ requestedById: id }) => (id === null ? [] : [this.people.addressed(id)]));
    const named = await this.people.name(sessionId, [...requests, ...others]);
    return requests.map(({ requestedAt, method, requestedById, ...address }) => ({
      person: named(address),
      requestedBy: requestedById === null ? null : named(this.people.addressed(requestedById)),
      requestedAt,
      method,
    }));
  }

  /** Lets people in, or not: each has an outcome. */
  async decide(
    actor: Actor,
    sessionId: string,
    groupId: string,
    decision: RequestDecision,
    waIds: string[],
  ): Promise<MemberOutcome[]> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    const people = await this.people.meant(sessionId, waIds);
    const input = { groupId, decision, ids: await this.spelt(group, people) };
    const said = await inGroup(group, this.commands.run(actor, sessionId, decideRequests, input));
    return people.map((person) => outcomeFor(decision, person, said));
  }

  /** The addresses by which the group knows people. */
  private async spelt({ members, addressing, sessionId }: WaGroup, people: GroupPerson[]): Promise<string[]> {
    const phones = people.flatMap(({ phone, lid }) => (phone && !lid ? [phone] : []));
    const lids = addressing === 'lid' ? await this.identities.lidsOf(sessionId, phones) : new Map<string, string>();
    return people.map((person) => {
      const member = members.find((known) => isSamePerson(known, person));
      if (member) return member.id;
      return (addressing === 'lid' ? (person.lid ?? lids.get(person.waId)) : person.phone) ?? person.waId;
    });
  }

  /** WhatsApp tells of it, too, but a little later. */
  private async note(
    session: LiveSession,
    groupId: string,
    change: MembershipChange,
    outcomes: WaOutcome[],
  ): Promise<void> {
    const people = outcomes
      .filter(({ refusal }) => refusal === null)
      .map(({ id, phone, lid }) => ({ waId: phone ?? id, phone, lid, name: null }));
    if (!people.length) return;
    await this.store.groups.manager.transaction((tx) =>
      this.store.changeMembers(tx, session, { groupId, change, people }),
    );
  }
}
