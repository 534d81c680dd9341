import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { applyDecorators } from '@nestjs/common';
import { type NewsletterRole, newsletterRoles } from '@app/database/entities/wa-newsletter.entity.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { Field, Flag, Nested, OneOf, Text, WaId } from '@app/platform/http/fields.js';
import { FileSourceDto } from '@app/platform/http/file-body.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { MediaSource } from '@app/platform/media/media-kind.js';
import type { Terms } from '@app/whatsapp/api/newsletters.js';
import type { ShownNewsletter } from './newsletters.service.js';

const ADDRESS = /^\d{5,25}@newsletter$/;
const INVITE_LINK = 'https://whatsapp.com/channel/';
const INVITE = /^(?:https:\/\/(?:www\.)?whatsapp\.com\/channel\/)?([A-Za-z0-9_-]{10,60})$/;

/** WhatsApp's own limits. */
const MAX_NAME = 100;
const MAX_DESCRIPTION = 2048;

/** The address of a newsletter, with or without `@newsletter`. */
const NewsletterId = () =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{5,25}$/.test(value) ? `${value}@newsletter` : value,
    ),
    Field(
      { type: String, maxLength: 40, example: '120363000000000001@newsletter' },
      {
        check: (value) => typeof value === 'string' && ADDRESS.test(value),
        message: 'must be the address of a newsletter, which ends in @newsletter',
      },
    ),
  );

export class NewsletterParams {
  @Text({ max: 60 }) sessionId: string;
  @NewsletterId() newsletterId: string;
}

export class NewsletterAdminParams extends NewsletterParams {
  @WaId() userId: string;
}

export class NewsletterInviteParams {
  @Text({ max: 60 }) sessionId: string;
  @Text({ max: 120, description: 'The code of an invitation, or its link.', example: '0029Va4K0PZ5a245NkngBA2M' })
  invite: string;

  code(): string {
    const code = INVITE.exec(this.invite)?.[1];
    if (code !== undefined) return code;
    throw invalid('newsletter.invite-invalid', '/invite', `must be a code, or a link that starts with ${INVITE_LINK}`);
  }
}

export class ListNewslettersQuery extends PageQuery {
  @OneOf(newsletterRoles.slice(0, 3), { optional: true, description: 'Only those in which the account is that.' })
  role?: NewsletterRole;
  @Text({ max: 100, optional: true, description: 'A part of the name.' }) search?: string;
}

export class GetNewsletterQuery {
  @Flag({ optional: true, default: false, description: 'Ask WhatsApp how it is now.' }) isFresh?: boolean;
}

const reactionKinds = ['all', 'basic', 'none'] as const;

export class CreateNewsletterDto {
  @Text({ max: MAX_NAME, example: 'Daily bread' }) name: string;
  @Text({ max: MAX_DESCRIPTION, optional: true, example: 'What we bake' }) description?: string;
  @Nested(() => FileSourceDto, { optional: true, description: 'Its middle is taken as a square of 640 pixels.' })
  picture?: FileSourceDto;

  image(): MediaSource | undefined {
    return this.picture && { ...this.picture.source(), pointer: '/picture' };
  }
}

export class UpdateNewsletterDto {
  @Text({ max: MAX_NAME, optional: true }) name?: string;
  @Text({ min: 0, max: MAX_DESCRIPTION, optional: true, description: 'An empty text removes it.' })
  description?: string;
  @OneOf(reactionKinds, { optional: true, description: 'Which emojis readers may react with.' })
  reactions?: (typeof reactionKinds)[number];
}

export class ChangeOwnerDto {
  @WaId({ description: 'An admin of the newsletter.' }) userId: string;
}

/** What has to be accepted before an account may create newsletters, as far as we know. */
const CREATION_TERMS: Terms = { noticeId: '20601218', stage: '5' };

export class AcceptTermsDto {
  @Text({ max: 20, pattern: /^\d+$/, allowed: 'digits', optional: true, default: CREATION_TERMS.noticeId })
  noticeId: string = CREATION_TERMS.noticeId;
  @Text({ max: 5, pattern: /^\d+$/, allowed: 'digits', optional: true, default: CREATION_TERMS.stage })
  stage: string = CREATION_TERMS.stage;
}

export class NewsletterCountsDto {
  @ApiProperty() subscribers: number;
  @ApiProperty({ description: 'The owner included.' }) admins: number;
}

export class NewsletterSyncDto {
  @ApiProperty({ description: 'How many newsletters the account follows.' }) followed: number;
}

const nullableText = { type: String, nullable: true } as const;

export class NewsletterDto {
  @ApiProperty({ example: '120363000000000001@newsletter', description: 'Also its `chatId`.' }) newsletterId: string;
  @ApiProperty(nullableText) name: string | null;
  @ApiProperty(nullableText) description: string | null;
  @ApiProperty(nullableText) inviteCode: string | null;
  @ApiProperty(nullableText) inviteLink: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'As WhatsApp last told.' }) subscribers: number | null;
  @ApiProperty({ type: Boolean, nullable: true }) isVerified: boolean | null;
  @ApiProperty({ ...nullableText, description: 'Such as `active`, `suspended`.' }) state: string | null;
  @ApiProperty({ enum: newsletterRoles, description: 'Of the account; a `guest` does not follow it.' })
  role: NewsletterRole;
  @ApiProperty({ type: Boolean, nullable: true }) isMuted: boolean | null;
  @ApiProperty({ ...nullableText, description: 'Which emojis readers may react with: `all`, `basic`, `none` …' })
  reactions: string | null;
  @ApiProperty({ ...nullableText, description: 'It is open to everybody, for a while.' }) pictureUrl: string | null;
  @ApiProperty({ ...nullableText, format: 'date-time' }) foundedAt: string | null;
  @ApiProperty({ description: 'Views and reactions are told as they happen.' }) isLive: boolean;

  static from(this: void, newsletter: ShownNewsletter): NewsletterDto {
    const { newsletterId, name, description, inviteCode, subscribers, isVerified, state, role } = newsletter;
    const { isMuted, reactions, pictureUrl, foundedAt, wantsLive } = newsletter;
    return {
      newsletterId,
      name,
      description,
      inviteCode,
      inviteLink: inviteCode && `${INVITE_LINK}${inviteCode}`,
      subscribers,
      isVerified,
      state,
      role,
      isMuted,
      reactions,
      pictureUrl,
      foundedAt: foundedAt?.toISOString() ?? null,
      isLive: wantsLive,
    };
  }
}
