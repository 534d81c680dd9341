import { ApiProperty } from '@nestjs/swagger';
import { Flag, Text, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { FoundCommunityOrder, LinkOutcome, ShownLinkedGroup } from './communities.service.js';
import type { ShownGroup } from './groups.service.js';
import { GroupDto } from './groups.dto.js';

const MOST_GROUPS = 100;

export class CommunityParams {
  @Text({ max: 60 }) sessionId: string;
  @WaId({ example: '120363000000000002@g.us' }) communityId: string;
}

export class CommunityGroupParams extends CommunityParams {
  @WaId({ example: '120363000000000001@g.us' }) groupId: string;
}

export class ListCommunitiesQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'A part of the subject.' }) search?: string;
}

export class LinkGroupsDto {
  @List({
    of: 'waId',
    min: 1,
    max: MOST_GROUPS,
    description: 'Groups that the account is an admin of.',
    example: ['120363000000000001@g.us'],
  })
  groupIds: string[];
}

export class FoundCommunityDto {
  @Text({ max: 100, example: 'Village' }) subject: string;
  @Text({ min: 0, max: 2048, optional: true }) description?: string;
  @List({
    of: 'waId',
    max: MOST_GROUPS,
    optional: true,
    description: 'Groups that become a part of it at once.',
    example: ['120363000000000001@g.us'],
  })
  groupIds?: string[];
  @Flag({ optional: true, default: true, description: 'With a group in which everybody talks.' })
  hasGeneralChat?: boolean;
  @Flag({ optional: true, default: true, description: 'Members may add groups, not admins alone.' })
  membersMayAddGroups?: boolean;

  order(): FoundCommunityOrder {
    const { subject, description = '', groupIds = [], hasGeneralChat = true, membersMayAddGroups = true } = this;
    return { subject, description, groupIds, hasGeneralChat, membersMayAddGroups };
  }
}

export class AnnounceDto {
  @Text({ max: 65_536 }) text: string;
}

export class LinkOutcomeDto {
  @ApiProperty() groupId: string;
  @ApiProperty() isDone: boolean;
  @ApiProperty({ type: String, nullable: true }) code: string | null;
  @ApiProperty({ type: String, nullable: true }) detail: string | null;
}

export class LinkOutcomesDto {
  @ApiProperty({ type: [LinkOutcomeDto] }) groups: LinkOutcomeDto[];

  static from(this: void, outcomes: LinkOutcome[]): LinkOutcomesDto {
    return { groups: outcomes.map(({ groupId, isDone, code, detail }) => ({ groupId, isDone, code, detail })) };
  }
}

export class FoundedCommunityDto extends LinkOutcomesDto {
  @ApiProperty({ type: GroupDto }) community: GroupDto;

  static of(this: void, community: ShownGroup, outcomes: LinkOutcome[]): FoundedCommunityDto {
    return { community: GroupDto.from(community), ...LinkOutcomesDto.from(outcomes) };
  }
}

class LinkedGroupDto {
  @ApiProperty() groupId: string;
  @ApiProperty() subject: string;
  @ApiProperty({ type: Number, nullable: true }) size: number | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) foundedAt: string | null;
  @ApiProperty() isAnnouncementGroup: boolean;
  @ApiProperty({ description: 'The account is in it.' }) isMember: boolean;
}

export class LinkedGroupsDto {
  @ApiProperty({ type: [LinkedGroupDto] }) groups: LinkedGroupDto[];

  static from(this: void, groups: ShownLinkedGroup[]): LinkedGroupsDto {
    return { groups };
  }
}

export class AnnouncedDto {
  @ApiProperty() id: string;
  @ApiProperty({ description: 'WhatsApp’s.' }) messageId: string;
  @ApiProperty({ description: 'The group in which the community announces.' }) chatId: string;
  @ApiProperty() status: string;
}
