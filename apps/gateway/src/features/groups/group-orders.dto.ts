import { ApiProperty } from '@nestjs/swagger';
import { invalid } from '@app/platform/errors/app-error.js';
import { Field, Flag, Nested, OneOf, Text, Timestamp, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import type { GroupSettings } from '@app/whatsapp/api/group-settings.js';
import type { FoundedGroup, FoundOrder } from './group-orders.service.js';
import type { ShownRequest } from './group-members.service.js';
import type { JoinedGroup, JoinOrder } from './group-invitations.service.js';
import type { MemberOutcome } from './member-outcome.js';
import { GroupDto, GroupPersonDto } from './groups.dto.js';

/** As many as WhatsApp takes. */
const MOST_PEOPLE = 1024;
const SUBJECT = { max: 100, example: 'Choir' };
const DESCRIPTION = 2048;
const TIMERS = [0, 86_400, 604_800, 7_776_000];

const Subject = (options: { optional?: boolean } = {}) => Text({ ...SUBJECT, ...options });
const People = (min: number) =>
  List({ of: 'waId', min, max: MOST_PEOPLE, description: 'Phone numbers or LIDs.', example: ['6281234567890'] });

const Invite = () =>
  Flag({ optional: true, default: false, description: 'Send an invitation to those who can only be invited.' });
const InviteCaption = () => Text({ max: 1024, optional: true, description: 'What the invitation says.' });

/** What a group can be like. */
class GroupSettingsDto {
  @Text({ max: DESCRIPTION, optional: true, nullable: true, description: 'With null it is taken away.' })
  description?: string | null;
  @Flag({ optional: true, description: 'Only admins write.' }) isAnnouncement?: boolean;
  @Flag({ optional: true, description: 'Only admins change how it looks.' }) isLocked?: boolean;
  @Flag({ optional: true, description: 'Members may add people, not admins alone.' }) membersMayAdd?: boolean;
  @Flag({ optional: true, description: 'Admins decide about everybody who wants to join.' }) needsApproval?: boolean;
  @Field(
    { type: 'integer', enum: TIMERS },
    { check: (value) => TIMERS.includes(value as number), message: `must be one of ${TIMERS.join(', ')}` },
    { optional: true, description: 'After how many seconds messages disappear; 0 for never.' },
  )
  disappearingSeconds?: number;

  protected settings(): GroupSettings {
    const { description, isAnnouncement, isLocked, membersMayAdd, needsApproval, disappearingSeconds } = this;
    return { description, isAnnouncement, isLocked, membersMayAdd, needsApproval, disappearingSeconds };
  }
}

export class FoundGroupDto extends GroupSettingsDto {
  @Subject() subject: string;
  @Invite() invite?: boolean;
  @InviteCaption() inviteCaption?: string;
  @People(0) participants: string[];
  @WaId({ optional: true, description: 'The community that it becomes a part of.', example: '120363000000000002@g.us' })
  communityId?: string;

  order(): FoundOrder {
    const { subject, participants, communityId, invite, inviteCaption } = this;
    const asked = { invite: invite ? { caption: inviteCaption } : undefined };
    return { ...this.settings(), subject, participants, communityId, ...asked };
  }
}

export class UpdateGroupDto extends GroupSettingsDto {
  @Subject({ optional: true }) subject?: string;

  order(): GroupSettings {
    const { subject } = this;
    return { subject, ...this.settings() };
  }
}

export class GroupPeopleDto {
  @People(1) participants: string[];
}

export class AddPeopleDto extends GroupPeopleDto {
  @Invite() invite?: boolean;
  @InviteCaption() inviteCaption?: string;
}

class ReceivedInviteDto {
  @WaId({ example: '120363000000000001@g.us' }) groupId: string;
  @Text({ max: 100 }) code: string;
  @Timestamp() expiresAt: Date;
  @WaId({ description: 'Whose invitation it is.' }) inviterId: string;
}

export class JoinGroupDto {
  @Text({
    max: 200,
    optional: true,
    description: 'A link, or its code.',
    example: 'https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv',
  })
  invite?: string;
  @Text({ max: 100, optional: true, description: 'A message of type `group-invite`: our id of it, or WhatsApp’s.' })
  messageId?: string;
  @Nested(() => ReceivedInviteDto, { optional: true, description: 'What such a message says, when it is not here.' })
  invitation?: ReceivedInviteDto;

  order(): JoinOrder {
    const { invite, messageId, invitation } = this;
    if (!invitation) return { invite, messageId };
    if (!invitation.groupId.endsWith('@g.us'))
      throw invalid('request.invalid', '/invitation/groupId', 'must be a group, which ends in @g.us');
    return { invite, messageId, invitation: { ...invitation, expiresAt: invitation.expiresAt.toISOString() } };
  }
}

export class LookAtInviteQuery {
  @Text({ max: 200, description: 'A link, or its code.', example: 'https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv' })
  invite: string;
}

export class ExportPeopleQuery {
  @OneOf(['csv', 'xlsx'], { optional: true, default: 'csv', description: '`xlsx` is Excel’s.' }) format?:
    'csv' | 'xlsx';
}

export class GroupPictureQuery {
  @OneOf(['preview', 'image'], { optional: true, default: 'image', description: '`preview` is a small one.' }) size?:
    'preview' | 'image';
}

class SentInviteDto {
  @ApiProperty() code: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) expiresAt: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Our id of the message that brings it.' })
  messageId: string | null;
}

export class MemberOutcomeDto {
  @ApiProperty({ type: GroupPersonDto }) person: GroupPersonDto;
  @ApiProperty() isDone: boolean;
  @ApiProperty({ type: String, nullable: true, example: 'participant.needs-invitation' }) code: string | null;
  @ApiProperty({ type: String, nullable: true }) detail: string | null;
  @ApiProperty({ type: SentInviteDto, nullable: true, description: 'With it the person can join all the same.' })
  invite: SentInviteDto | null;

  static from(this: void, { person, isDone, code, detail, invite }: MemberOutcome): MemberOutcomeDto {
    return { person: GroupPersonDto.from(person), isDone, code, detail, invite };
  }
}

export class MemberOutcomesDto {
  @ApiProperty({ type: [MemberOutcomeDto] }) participants: MemberOutcomeDto[];

  static from(this: void, outcomes: MemberOutcome[]): MemberOutcomesDto {
    return { participants: outcomes.map(MemberOutcomeDto.from) };
  }
}

export class FoundedGroupDto extends MemberOutcomesDto {
  @ApiProperty({ type: GroupDto }) group: GroupDto;

  static of(this: void, { group, outcomes }: FoundedGroup): FoundedGroupDto {
    return { group: GroupDto.from(group), ...MemberOutcomesDto.from(outcomes) };
  }
}

class JoinRequestDto {
  @ApiProperty({ type: GroupPersonDto }) person: GroupPersonDto;
  @ApiProperty({
    type: GroupPersonDto,
    nullable: true,
    description: 'Who wants to have them in the group, if not they.',
  })
  requestedBy: GroupPersonDto | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) requestedAt: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'In WhatsApp’s word, such as `invite_link`.' })
  method: string | null;
}

export class JoinRequestsDto {
  @ApiProperty({ type: [JoinRequestDto] }) requests: JoinRequestDto[];

  static from(this: void, requests: ShownRequest[]): JoinRequestsDto {
    return {
      requests: requests.map(({ person, requestedBy, requestedAt, method }) => ({
        person: GroupPersonDto.from(person),
        requestedBy: requestedBy && GroupPersonDto.from(requestedBy),
        requestedAt,
        method,
      })),
    };
  }
}

export class InviteLinkDto {
  @ApiProperty() groupId: string;
  @ApiProperty() code: string;
  @ApiProperty({ format: 'uri' }) link: string;

  static from(this: void, groupId: string, code: string): InviteLinkDto {
    return { groupId, code, link: `https://chat.whatsapp.com/${code}` };
  }
}

/** A group as those who are not in it see it. */
export class InvitedGroupDto {
  @ApiProperty() groupId: string;
  @ApiProperty() subject: string;
  @ApiProperty({ type: String, nullable: true }) description: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'waId.' }) ownerId: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) foundedAt: string | null;
  @ApiProperty() size: number;
  @ApiProperty() isCommunity: boolean;
  @ApiProperty({ type: String, nullable: true }) communityId: string | null;
  @ApiProperty() isAnnouncement: boolean;
  @ApiProperty() isLocked: boolean;
  @ApiProperty({ description: 'Admins decide about everybody who wants to join.' }) needsApproval: boolean;
  @ApiProperty() disappearingSeconds: number;

  static from(this: void, group: InvitedGroupDto): InvitedGroupDto {
    const { groupId, subject, description, ownerId, foundedAt, size, isCommunity, communityId } = group;
    const { isAnnouncement, isLocked, needsApproval, disappearingSeconds } = group;
    const known = { groupId, subject, description, ownerId, foundedAt, size, isCommunity, communityId };
    return { ...known, isAnnouncement, isLocked, needsApproval, disappearingSeconds };
  }
}

export class JoinedGroupDto {
  @ApiProperty() groupId: string;
  @ApiProperty({ enum: ['joined', 'waiting'], description: '`waiting`: an admin has to decide.' })
  state: 'joined' | 'waiting';
  @ApiProperty({ type: GroupDto, nullable: true }) group: GroupDto | null;

  static from(this: void, { groupId, group }: JoinedGroup): JoinedGroupDto {
    return { groupId, state: group ? 'joined' : 'waiting', group: group && GroupDto.from(group) };
  }
}

export class GroupPictureDto {
  @ApiProperty({ format: 'uri', description: 'At WhatsApp, for a while.' }) url: string;
}

export class SetPictureDto {
  @ApiProperty({ type: String, nullable: true, description: 'WhatsApp’s id of the picture.' }) pictureId: string | null;
}
