import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WaGroup } from '@app/database/entities/wa-group.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, conflict, invalid } from '@app/platform/errors/app-error.js';
import type { Entrance, ReceivedInvite } from '@app/whatsapp/api/group-invites.js';
import type { GroupSnapshot, MemberOutcome as WaOutcome } from '@app/whatsapp/groups/group-snapshot.js';
import { MessagesService } from '../messaging/messages.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { GroupPeopleService } from './group-people.service.js';
import { inGroup } from './group-refusal.js';
import { GroupSyncService } from './group-sync.service.js';
import { GroupsService, type ShownGroup } from './groups.service.js';
import { type MemberOutcome, outcomeFor } from './member-outcome.js';

/** How those who can only be invited are. */
export interface InviteOrder {
  caption?: string;
}

/** By what one joins: exactly one of them. */
export interface JoinOrder {
  /** A link, or its code. */
  invite?: string;
  /** A message with an invitation for this account. */
  messageId?: string;
  /** What such a message says. */
  invitation?: ReceivedInvite;
}

export interface JoinedGroup {
  groupId: string;
  /** Null while an admin has to decide. */
  group: ShownGroup | null;
}

const readCode = command<{ groupId: string; isNew: boolean }, string>('groups.invite-code');
const lookAt = command<{ code: string }, GroupSnapshot>('groups.look');
const follow = command<{ code: string }, Entrance>('groups.follow');
const accept = command<ReceivedInvite, Entrance>('groups.accept');
const withdraw = command<{ groupId: string; ids: string[] }, WaOutcome[]>('groups.withdraw');

/** Invitations, and how this account joins by them. */
@Injectable()
export class GroupInvitationsService implements OnModuleInit {
  constructor(
    private readonly sessions: SessionsService,
    private readonly groups: GroupsService,
    private readonly reader: GroupSyncService,
    private readonly people: GroupPeopleService,
    private readonly messages: MessagesService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(readCode, ({ groups: { invites } }, { groupId, isNew }) =>
      isNew ? invites.renew(groupId) : invites.code(groupId),
    );
    this.commands.on(lookAt, ({ groups }, { code }) => groups.invites.look(code));
    this.commands.on(follow, ({ groups }, { code }) => groups.invites.follow(code));
    this.commands.on(accept, ({ groups }, invite) => groups.invites.accept(invite));
    this.commands.on(withdraw, ({ groups }, { groupId, ids }) => groups.invites.withdraw(groupId, ids));
  }

  /** The code of the link, or of a new one that replaces it. */
  async code(actor: Actor, sessionId: string, groupId: string, isNew: boolean): Promise<string> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    return inGroup(group, this.commands.run(actor, sessionId, readCode, { groupId, isNew }));
  }

  /** The group that a link leads to, without joining it. Throws `invite.invalid`, `invite.expired`. */
  async look(actor: Actor, sessionId: string, invite: string): Promise<GroupSnapshot> {
    await this.sessions.get(actor, sessionId);
    return byInvitation(this.commands.run(actor, sessionId, lookAt, { code: codeOf(invite) }), '/invite');
  }

  /** Throws `invite.invalid`, `invite.expired`, `invite.forbidden`, `group.already-member`, `group.full`. */
  async join(actor: Actor, sessionId: string, order: JoinOrder): Promise<JoinedGroup> {
    await this.sessions.get(actor, sessionId);
    const { groupId, isMember } = await this.enter(actor, sessionId, order);
    if (!isMember) return { groupId, group: null };
    await this.reader.readJoined(actor, sessionId, groupId);
    return { groupId, group: await this.groups.get(actor, sessionId, groupId) };
  }

  /** Sends invitations to those who can only be invited. */
  async send(
    actor: Actor,
    { sessionId, groupId, subject: name }: WaGroup,
    outcomes: MemberOutcome[],
    { caption }: InviteOrder,
  ): Promise<MemberOutcome[]> {
    const sent: MemberOutcome[] = [];
    for (const outcome of outcomes) {
      const { invite, person } = outcome;
      if (!invite) {
        sent.push(outcome);
        continue;
      }
      const { code, expiresAt } = invite;
      const said = { groupId, name, code, ...(caption && { caption }), ...(expiresAt && { expiresAt }) };
      const content = { type: 'group-invite' as const, ...said };
      const { id } = await this.messages.accept(actor, sessionId, { to: person.waId, content });
      sent.push({ ...outcome, invite: { ...invite, messageId: id } });
    }
    return sent;
  }

  /** Takes invitations for single people back. */
  async withdraw(actor: Actor, sessionId: string, groupId: string, waIds: string[]): Promise<MemberOutcome[]> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    const people = await this.people.meant(sessionId, waIds);
    const input = { groupId, ids: people.map(({ waId }) => waId) };
    const said = await inGroup(group, this.commands.run(actor, sessionId, withdraw, input));
    return people.map((person) => outcomeFor('withdraw', person, said));
  }

  private async enter(actor: Actor, sessionId: string, order: JoinOrder): Promise<Entrance> {
    const { invite, messageId, invitation } = order;
    if ([invite, messageId, invitation].filter((given) => given !== undefined).length !== 1)
      throw invalid('request.invalid', '/invite', 'must be given, or `messageId`, or `invitation`; one of them');
    if (invite !== undefined)
      return byInvitation(this.commands.run(actor, sessionId, follow, { code: codeOf(invite) }), '/invite');
    if (invitation) return byInvitation(this.commands.run(actor, sessionId, accept, invitation), '/invitation');
    const received = await this.received(actor, sessionId, messageId ?? '');
    return byInvitation(this.commands.run(actor, sessionId, accept, received), '/messageId');
  }

  /** Throws `message.not-found`, `message.no-invitation`. */
  private async received(actor: Actor, sessionId: string, id: string): Promise<ReceivedInvite> {
    const { type, content, senderId } = await this.messages.get(actor, sessionId, id);
    const { groupId, code, expiresAt } = (content ?? {}) as Partial<ReceivedInvite>;
    if (type !== 'group-invite' || !groupId || !code || !expiresAt)
      throw conflict('message.no-invitation', 'This message brings no invitation for one person.');
    return { groupId, code, expiresAt, inviterId: senderId };
  }
}

/** The code in a link, or alone. */
export function codeOf(invite: string): string {
  const [, code] =
    /^(?:(?:https?:\/\/)?chat\.whatsapp\.com\/(?:invite\/)?)?([\w-]{10,64})\/?(?:\?.*)?$/.exec(invite.trim()) ?? [];
  if (code !== undefined) return code;
  throw invalid('invite.invalid', '/invite', 'must be a link such as https://chat.whatsapp.com/…, or its code');
}

/** What WhatsApp's refusals mean for whoever wants to join. */
async function byInvitation<T>(work: Promise<T>, pointer: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as AppError;
    if (code === 'group.refused' || code === 'group.not-found')
      throw invalid('invite.invalid', pointer, 'WhatsApp knows no such invitation.');
    if (code === 'group.conflict') throw conflict('group.already-member', 'The account is in this group already.');
    if (code === 'group.forbidden')
      throw new AppError('forbidden', 'invite.forbidden', 'WhatsApp does not let the account in.', { cause: error });
    throw error;
  }
}
