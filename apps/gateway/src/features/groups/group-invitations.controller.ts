import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { GroupOrder } from './group-endpoint.js';
import { GroupInvitationsService } from './group-invitations.service.js';
import {
  GroupPeopleDto,
  InvitedGroupDto,
  InviteLinkDto,
  JoinedGroupDto,
  JoinGroupDto,
  LookAtInviteQuery,
  MemberOutcomesDto,
} from './group-orders.dto.js';
import { GroupParams } from './groups.dto.js';

const byInvitation = [
  ...needsWhatsApp,
  'invalid:invite.invalid',
  'gone:invite.expired',
  'forbidden:invite.forbidden',
  'group.full',
];

@ApiTags('Groups')
@Access('user', 'groups')
@Controller('sessions/:sessionId/groups')
export class GroupInvitationsController {
  constructor(private readonly invitations: GroupInvitationsService) {}

  @Get('invite')
  @Endpoint({
    summary: 'Look at the group that an invitation link leads to, without joining it',
    returns: InvitedGroupDto,
    fails: byInvitation,
  })
  async look(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Query() { invite }: LookAtInviteQuery,
  ) {
    return InvitedGroupDto.from(await this.invitations.look(actor, sessionId, invite));
  }

  @Post('join')
  @Endpoint({
    summary: 'Join a group by a link, or by an invitation for this account',
    description: 'Exactly one of `invite`, `messageId` and `invitation`.',
    returns: JoinedGroupDto,
    fails: [...byInvitation, 'group.already-member', 'message.not-found', 'message.no-invitation'],
  })
  async join(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() body: JoinGroupDto) {
    return JoinedGroupDto.from(await this.invitations.join(actor, sessionId, body.order()));
  }

  @Get(':groupId/invite-link')
  @GroupOrder('Get the invitation link of a group', InviteLinkDto)
  async link(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams) {
    return InviteLinkDto.from(groupId, await this.invitations.code(actor, sessionId, groupId, false));
  }

  @Post(':groupId/invite-link/reset')
  @GroupOrder('Make a new invitation link; the former one leads nowhere', InviteLinkDto)
  async reset(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams) {
    return InviteLinkDto.from(groupId, await this.invitations.code(actor, sessionId, groupId, true));
  }

  @Post(':groupId/invitations/withdraw')
  @GroupOrder('Take invitations for single people back', MemberOutcomesDto, {
    fails: ['invalid:group.participant-invalid'],
  })
  async withdraw(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, groupId }: GroupParams,
    @Body() { participants }: GroupPeopleDto,
  ) {
    return MemberOutcomesDto.from(await this.invitations.withdraw(actor, sessionId, groupId, participants));
  }
}
