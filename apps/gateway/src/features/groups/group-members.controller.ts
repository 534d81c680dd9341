import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import type { FastifyReply } from 'fastify';
import { GroupOrder } from './group-endpoint.js';
import { exportPeople } from './group-export.js';
import { GroupMembersService } from './group-members.service.js';
import {
  AddPeopleDto,
  ExportPeopleQuery,
  GroupPeopleDto,
  JoinRequestsDto,
  MemberOutcomesDto,
} from './group-orders.dto.js';
import { GroupParams, GroupParticipantsDto } from './groups.dto.js';
import { GroupsService } from './groups.service.js';

const wrongPeople = { fails: ['invalid:group.participant-invalid'] };

@ApiTags('Groups')
@Access('user', 'groups')
@Controller('sessions/:sessionId/groups/:groupId')
export class GroupMembersController {
  constructor(
    private readonly groups: GroupsService,
    private readonly members: GroupMembersService,
  ) {}

  @Get('participants')
  @GroupOrder('List everybody in a group', GroupParticipantsDto)
  async list(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams) {
    return GroupParticipantsDto.from(await this.groups.get(actor, sessionId, groupId));
  }

  @Get('participants/export')
  @GroupOrder('Get everybody in a group as a CSV or Excel file', null, {
    status: 200,
    produces: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  })
  async export(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, groupId }: GroupParams,
    @Query() { format = 'csv' }: ExportPeopleQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { participants } = await this.groups.get(actor, sessionId, groupId);
    const { content, mimeType } = await exportPeople(participants ?? [], format);
    const disposition = `attachment; filename="participants-${groupId.replace(/\D/g, '')}.${format}"`;
    await reply.header('content-disposition', disposition).type(mimeType).send(content);
  }

  @Post('participants')
  @GroupOrder('Add people to a group', MemberOutcomesDto, wrongPeople)
  async add(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams, @Body() body: AddPeopleDto) {
    const { participants: ids, invite, inviteCaption } = body;
    const order = { ids, invite: invite ? { caption: inviteCaption } : undefined };
    return MemberOutcomesDto.from(await this.members.change(actor, sessionId, groupId, 'add', order));
  }

  @Post('participants/remove')
  @GroupOrder('Remove people from a group, or from a community and all its groups', MemberOutcomesDto, wrongPeople)
  remove(@CurrentActor() actor: Actor, @Param() params: GroupParams, @Body() body: GroupPeopleDto) {
    return this.change(actor, params, 'remove', body);
  }

  @Post('participants/promote')
  @GroupOrder('Make people admins', MemberOutcomesDto, wrongPeople)
  promote(@CurrentActor() actor: Actor, @Param() params: GroupParams, @Body() body: GroupPeopleDto) {
    return this.change(actor, params, 'promote', body);
  }

  @Post('participants/demote')
  @GroupOrder('Make admins ordinary members again', MemberOutcomesDto, wrongPeople)
  demote(@CurrentActor() actor: Actor, @Param() params: GroupParams, @Body() body: GroupPeopleDto) {
    return this.change(actor, params, 'demote', body);
  }

  @Get('join-requests')
  @GroupOrder('List the people who ask to join', JoinRequestsDto)
  async requests(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams) {
    return JoinRequestsDto.from(await this.members.requests(actor, sessionId, groupId));
  }

  @Post('join-requests/approve')
  @GroupOrder('Let people in who ask to join', MemberOutcomesDto, wrongPeople)
  approve(@CurrentActor() actor: Actor, @Param() params: GroupParams, @Body() body: GroupPeopleDto) {
    return this.decide(actor, params, 'approve', body);
  }

  @Post('join-requests/reject')
  @GroupOrder('Turn people down who ask to join', MemberOutcomesDto, wrongPeople)
  reject(@CurrentActor() actor: Actor, @Param() params: GroupParams, @Body() body: GroupPeopleDto) {
    return this.decide(actor, params, 'reject', body);
  }

  private async change(
    actor: Actor,
    { sessionId, groupId }: GroupParams,
    change: 'remove' | 'promote' | 'demote',
    { participants: ids }: GroupPeopleDto,
  ): Promise<MemberOutcomesDto> {
    return MemberOutcomesDto.from(await this.members.change(actor, sessionId, groupId, change, { ids }));
  }

  private async decide(
    actor: Actor,
    { sessionId, groupId }: GroupParams,
    decision: 'approve' | 'reject',
    { participants }: GroupPeopleDto,
  ): Promise<MemberOutcomesDto> {
    return MemberOutcomesDto.from(await this.members.decide(actor, sessionId, groupId, decision, participants));
  }
}
