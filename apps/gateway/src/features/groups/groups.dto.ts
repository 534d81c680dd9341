import { ApiProperty } from '@nestjs/swagger';
import { Flag, Text, WaId } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';
import { groupRoles } from '@app/platform/events/data/group-data.js';
import type { GroupPerson } from './group-people.service.js';
import type { GroupParticipant, ShownGroup } from './groups.service.js';

export class GroupParams {
  @Text({ max: 60 }) sessionId: string;
  @WaId({ example: '120363000000000001@g.us' }) groupId: string;
}

export class ListGroupsQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'A part of the subject.' }) search?: string;
  @Flag({ optional: true, description: 'Only groups that the account is an admin of, or only the others.' })
  isAdmin?: boolean;
  @Flag({ optional: true, default: true, description: 'With `false`: groups that the account has left.' })
  isMember?: boolean;
  @Flag({ optional: true, description: 'Only communities, or only groups.' }) isCommunity?: boolean;
  @WaId({ optional: true, description: 'Only groups of this community.', example: '120363000000000002@g.us' })
  communityId?: string;
  @Flag({ optional: true, default: false, description: 'With everybody in them.' }) participants?: boolean;
}

export class GetGroupQuery {
  @Flag({ optional: true, default: false, description: 'Read it from WhatsApp again.' }) refresh?: boolean;
}

const time = { type: String, format: 'date-time', nullable: true } as const;
const person = { type: String, nullable: true, description: 'waId.' } as const;

export class GroupPersonDto {
  @ApiProperty() waId: string;
  @ApiProperty({ type: String, nullable: true }) phone: string | null;
  @ApiProperty({ type: String, nullable: true }) lid: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'As the account knows them.' }) name: string | null;

  static from(this: void, { waId, phone, lid, name }: GroupPerson): GroupPersonDto {
    return { waId, phone, lid, name };
  }
}

export class GroupParticipantDto extends GroupPersonDto {
  @ApiProperty({ enum: groupRoles }) role: (typeof groupRoles)[number];

  static override from(this: void, { role, ...known }: GroupParticipant): GroupParticipantDto {
    return { ...GroupPersonDto.from(known), role };
  }
}

export class GroupDto {
  @ApiProperty({ example: '120363000000000001@g.us' }) groupId: string;
  @ApiProperty() subject: string;
  @ApiProperty(time) subjectAt: string | null;
  @ApiProperty(person) subjectById: string | null;
  @ApiProperty({ type: String, nullable: true }) description: string | null;
  @ApiProperty({ type: String, nullable: true }) descriptionId: string | null;
  @ApiProperty(time) descriptionAt: string | null;
  @ApiProperty(person) descriptionById: string | null;
  @ApiProperty(person) ownerId: string | null;
  @ApiProperty(time) foundedAt: string | null;
  @ApiProperty({ enum: ['pn', 'lid'], description: 'By which addresses its people know each other.' })
  addressing: 'pn' | 'lid';
  @ApiProperty({ description: 'Only admins write.' }) isAnnouncement: boolean;
  @ApiProperty({ description: 'Only admins change how it looks.' }) isLocked: boolean;
  @ApiProperty({ description: 'After how many seconds messages disappear; 0: never.' }) disappearingSeconds: number;
  @ApiProperty({ description: 'Members may add people, not admins alone.' }) membersMayAdd: boolean;
  @ApiProperty({ description: 'Admins decide about everybody who wants to join.' }) needsApproval: boolean;
  @ApiProperty() isCommunity: boolean;
  @ApiProperty({ description: 'The community announces in it.' }) isAnnouncementGroup: boolean;
  @ApiProperty({ description: 'In it everybody in the community talks.' }) isGeneralChat: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'The community that it is a part of.' })
  communityId: string | null;
  @ApiProperty({ description: 'How many people are in it.' }) size: number;
  @ApiProperty({ enum: groupRoles, nullable: true, description: 'Of this account; null: it is not in it any more.' })
  ownRole: (typeof groupRoles)[number] | null;
  @ApiProperty({ type: [GroupParticipantDto], nullable: true, description: 'Null in lists, unless asked for.' })
  participants: GroupParticipantDto[] | null;
  @ApiProperty({ format: 'date-time', description: 'When it was read, or last changed.' }) changedAt: string;

  static from(this: void, group: ShownGroup): GroupDto {
    const { subjectAt, descriptionAt, foundedAt, changedAt, participants, ...rest } = group;
    return {
      ...rest,
      subjectAt: subjectAt?.toISOString() ?? null,
      descriptionAt: descriptionAt?.toISOString() ?? null,
      foundedAt: foundedAt?.toISOString() ?? null,
      participants: participants && participants.map(GroupParticipantDto.from),
      changedAt: changedAt.toISOString(),
    };
  }
}

export class SyncedGroupsDto {
  @ApiProperty({ description: 'Groups and communities that the account is in.' }) groups: number;
}

/** Everybody in a group; there are never more than fit into one answer. */
export class GroupParticipantsDto {
  @ApiProperty() groupId: string;
  @ApiProperty() subject: string;
  @ApiProperty({ type: [GroupParticipantDto] }) participants: GroupParticipantDto[];

  static from(this: void, { groupId, subject, participants }: ShownGroup): GroupParticipantsDto {
    return { groupId, subject, participants: (participants ?? []).map(GroupParticipantDto.from) };
  }
}
