import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict } from '@app/platform/errors/app-error.js';
import type { GroupSettings } from '@app/whatsapp/api/group-settings.js';
import type { NewGroup } from '@app/whatsapp/api/groups.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { GroupInvitationsService, type InviteOrder } from './group-invitations.service.js';
import { type GroupKey, keyOf } from './group-key.js';
import { GroupPeopleService } from './group-people.service.js';
import { inGroup } from './group-refusal.js';
import { GroupStoreService } from './group-store.service.js';
import { GroupSyncService } from './group-sync.service.js';
import { GroupsService, type ShownGroup } from './groups.service.js';
import { type MemberOutcome, outcomeFor } from './member-outcome.js';

const found = command<NewGroup, GroupSnapshot>('groups.found');
const setGroup = command<{ group: GroupKey; settings: GroupSettings }>('groups.set');
const leave = command<GroupKey>('groups.leave');

/** A group to be founded. */
export interface FoundOrder extends GroupSettings {
  subject: string;
  participants: string[];
  communityId?: string;
  invite?: InviteOrder;
}

export interface FoundedGroup {
  group: ShownGroup;
  outcomes: MemberOutcome[];
}

/** Founding groups, what they are like, and leaving them. */
@Injectable()
export class GroupOrdersService implements OnModuleInit {
  constructor(
    private readonly groups: GroupsService,
    private readonly store: GroupStoreService,
    private readonly reader: GroupSyncService,
    private readonly parts: GroupPeopleService,
    private readonly invitations: GroupInvitationsService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(found, async ({ groups }, input, session) => {
      const group = await groups.found(input);
      await this.reader.keep(session, [group]);
      return group;
    });
    this.commands.on(setGroup, ({ groups }, { group, settings }, session) =>
      groups.set(group, settings, (done) => this.note(session, group.groupId, done)),
    );
    this.commands.on(leave, async ({ groups }, group, session) => {
      await groups.leave(group);
      await this.store.groups.manager.transaction((tx) => this.store.leave(tx, session, group.groupId));
    });
  }

  /**
   * Founds a group. Who could not be added has an outcome that says why; with an invite order they are sent an
   * invitation. What it shall be like is set one after another.
   */
  async found(actor: Actor, sessionId: string, order: FoundOrder): Promise<FoundedGroup> {
    const { subject, participants, communityId, invite, ...settings } = order;
    if (communityId !== undefined) await this.community(actor, sessionId, communityId);
    const people = await this.parts.meant(sessionId, participants);
    const memberIds = people.map(({ waId }) => waId);
    const { groupId, refused } = await this.commands.run(actor, sessionId, found, { subject, memberIds, communityId });
    const row = await this.groups.stored(actor, sessionId, groupId);
    if (Object.values(settings).some((value) => value !== undefined))
      await this.commands.run(actor, sessionId, setGroup, { group: { groupId, isCommunity: false }, settings });
    const outcomes = people.map((person) => outcomeFor('add', person, refused));
    return {
      outcomes: invite ? await this.invitations.send(actor, row, outcomes, invite) : outcomes,
      group: await this.groups.get(actor, sessionId, groupId),
    };
  }

  /** Sets what is given, one after another; the first that is refused ends it. Throws `group.not-admin`. */
  async update(actor: Actor, sessionId: string, groupId: string, settings: GroupSettings): Promise<ShownGroup> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    await inGroup(group, this.commands.run(actor, sessionId, setGroup, { group: keyOf(group), settings }));
    return this.groups.get(actor, sessionId, groupId);
  }

  /** The group stays stored as one that was left. */
  async leave(actor: Actor, sessionId: string, groupId: string): Promise<void> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    await inGroup(group, this.commands.run(actor, sessionId, leave, keyOf(group)));
  }

  /** Throws `group.no-community`. */
  private async community(actor: Actor, sessionId: string, communityId: string): Promise<void> {
    const { isCommunity } = await this.groups.stored(actor, sessionId, communityId);
    if (!isCommunity) throw conflict('group.no-community', 'This group is no community.');
  }

  /** WhatsApp tells of it, too, but a little later. */
  private async note(session: LiveSession, groupId: string, features: GroupSettings): Promise<void> {
    const news = { features, at: new Date(), by: session.account };
    await this.store.groups.manager.transaction((tx) => this.store.apply(tx, session, groupId, news));
  }
}
