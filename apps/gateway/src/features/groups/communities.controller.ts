import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import {
  AnnouncedDto,
  AnnounceDto,
  CommunityGroupParams,
  CommunityParams,
  FoundCommunityDto,
  FoundedCommunityDto,
  LinkedGroupsDto,
  LinkGroupsDto,
  LinkOutcomesDto,
  ListCommunitiesQuery,
} from './communities.dto.js';
import { CommunitiesService } from './communities.service.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { GroupOrder } from './group-endpoint.js';
import { GetGroupQuery, GroupDto } from './groups.dto.js';
import { GroupsService } from './groups.service.js';

const unknown = { fails: ['community.not-found'] };

@ApiTags('Communities')
@Access('user', 'groups')
@Controller('sessions/:sessionId/communities')
export class CommunitiesController {
  constructor(
    private readonly communities: CommunitiesService,
    private readonly groups: GroupsService,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List the communities of the account, by subject',
    returns: GroupDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Query() query: ListCommunitiesQuery,
  ) {
    return mapPage(await this.groups.list(actor, sessionId, { ...query, isCommunity: true }), GroupDto.from);
  }

  @Post()
  @Endpoint({
    summary: 'Found a community, with groups that become a part of it',
    description: 'A community is a group, too: what is under `/groups/{groupId}` takes its id.',
    returns: FoundedCommunityDto,
    status: 201,
    fails: [...needsWhatsApp, 'group.refused', 'forbidden:group.forbidden'],
  })
  async found(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() body: FoundCommunityDto) {
    const { community, outcomes } = await this.communities.found(actor, sessionId, body.order());
    return FoundedCommunityDto.of(community, outcomes);
  }

  @Get(':communityId')
  @GroupOrder('Get a community with its people', GroupDto, unknown)
  async get(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, communityId }: CommunityParams,
    @Query() { refresh }: GetGroupQuery,
  ) {
    return GroupDto.from(await this.communities.get(actor, sessionId, communityId, refresh));
  }

  @Get(':communityId/groups')
  @GroupOrder('List the groups of a community, also those that the account is not in', LinkedGroupsDto, unknown)
  async linked(@CurrentActor() actor: Actor, @Param() { sessionId, communityId }: CommunityParams) {
    return LinkedGroupsDto.from(await this.communities.list(actor, sessionId, communityId));
  }

  @Post(':communityId/groups')
  @GroupOrder('Make groups a part of a community', LinkOutcomesDto, unknown)
  async link(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, communityId }: CommunityParams,
    @Body() { groupIds }: LinkGroupsDto,
  ) {
    return LinkOutcomesDto.from(await this.communities.link(actor, sessionId, communityId, groupIds));
  }

  @Delete(':communityId/groups/:groupId')
  @GroupOrder('Take a group out of a community', null, unknown)
  async unlink(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, communityId, groupId }: CommunityGroupParams,
  ): Promise<void> {
    await this.communities.unlink(actor, sessionId, communityId, groupId);
  }

  @Post(':communityId/announcements')
  @GroupOrder('Write a text to everybody in a community', AnnouncedDto, {
    description: 'Into its group for announcements, in which only admins write. Other messages are sent to that group.',
    status: 202,
    fails: ['community.not-found', 'community.no-announcements', 'session.not-linked', 'session.not-started'],
  })
  async announce(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, communityId }: CommunityParams,
    @Body() { text }: AnnounceDto,
  ): Promise<AnnouncedDto> {
    const { message } = await this.communities.announce(actor, sessionId, communityId, text);
    const { id, messageId, chatId, status } = message;
    return { id, messageId, chatId, status };
  }

  @Post(':communityId/deactivate')
  @GroupOrder('End a community; its groups go on by themselves', null, unknown)
  async deactivate(@CurrentActor() actor: Actor, @Param() { sessionId, communityId }: CommunityParams): Promise<void> {
    await this.communities.deactivate(actor, sessionId, communityId);
  }
}
