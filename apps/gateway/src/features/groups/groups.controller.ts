import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { GroupOrder, inGroups } from './group-endpoint.js';
import { FoundedGroupDto, FoundGroupDto, UpdateGroupDto } from './group-orders.dto.js';
import { GroupOrdersService } from './group-orders.service.js';
import { GetGroupQuery, GroupDto, GroupParams, ListGroupsQuery, SyncedGroupsDto } from './groups.dto.js';
import { GroupsService } from './groups.service.js';

@ApiTags('Groups')
@Access('user', 'groups')
@Controller('sessions/:sessionId/groups')
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly orders: GroupOrdersService,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List the groups and communities of the account, by subject',
    description: 'They are stored here and kept up to date by what WhatsApp tells; listing them asks WhatsApp nothing.',
    returns: GroupDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: ListGroupsQuery) {
    return mapPage(await this.groups.list(actor, sessionId, query), GroupDto.from);
  }

  @Post()
  @Endpoint({
    summary: 'Found a group',
    description: 'The answer says of each person whether they are in it, and why not.',
    returns: FoundedGroupDto,
    status: 201,
    fails: [...inGroups, 'invalid:group.participant-invalid', 'group.no-community', 'group.full'],
  })
  async found(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() body: FoundGroupDto) {
    return FoundedGroupDto.of(await this.orders.found(actor, sessionId, body.order()));
  }

  @Post('sync')
  @Endpoint({
    summary: 'Read all groups from WhatsApp again',
    returns: SyncedGroupsDto,
    fails: [...needsWhatsApp, 'rate-limited:group.too-many-reads'],
  })
  async sync(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<SyncedGroupsDto> {
    return { groups: await this.groups.sync(actor, sessionId) };
  }

  @Get(':groupId')
  @GroupOrder('Get a group with everybody in it', GroupDto)
  async get(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, groupId }: GroupParams,
    @Query() { refresh }: GetGroupQuery,
  ) {
    return GroupDto.from(await this.groups.get(actor, sessionId, groupId, refresh));
  }

  @Patch(':groupId')
  @GroupOrder('Rename or describe a group, or change its settings', GroupDto, {
    description: 'What is given is set one after another; the first that WhatsApp refuses ends it.',
  })
  async update(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, groupId }: GroupParams,
    @Body() body: UpdateGroupDto,
  ) {
    return GroupDto.from(await this.orders.update(actor, sessionId, groupId, body.order()));
  }

  @Post(':groupId/leave')
  @GroupOrder('Leave a group or community', null)
  async leave(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams): Promise<void> {
    await this.orders.leave(actor, sessionId, groupId);
  }

  @Delete(':groupId')
  @Endpoint({
    summary: 'Forget a stored group; the account stays in it',
    returns: null,
    fails: ['session.not-found', 'group.not-found'],
  })
  async remove(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams): Promise<void> {
    await this.groups.remove(actor, sessionId, groupId);
  }
}
