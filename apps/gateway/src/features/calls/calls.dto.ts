import { ApiProperty } from '@nestjs/swagger';
import { type Call, callStates, type CallState } from '@app/database/entities/call.entity.js';
import { OneOf, Text, Timestamp } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';

export class ListCallsQuery extends PageQuery {
  @OneOf(callStates, { optional: true, description: 'Calls that ended like that, or have not ended.' })
  state?: CallState;
}

export class RejectCallDto {
  @Text({ max: 1000, optional: true, description: 'What the caller is written.', example: 'Please write instead.' })
  text?: string;
}

const media = ['audio', 'video'] as const;

export class CreateCallLinkDto {
  @OneOf(media) media: (typeof media)[number];
  @Timestamp({ optional: true, description: 'When the call is to be; without it, now.' }) startsAt?: Date;
}

export class CallLinkDto {
  @ApiProperty({ example: 'https://call.whatsapp.com/video/AbC123' }) url: string;
}

export class CallDto {
  @ApiProperty({ description: "WhatsApp's id of the call." }) callId: string;
  @ApiProperty() callerId: string;
  @ApiProperty({ type: String, nullable: true, description: 'Of a call in a group.' }) groupId: string | null;
  @ApiProperty() isVideo: boolean;
  @ApiProperty({ enum: callStates }) state: CallState;
  @ApiProperty({ format: 'date-time' }) startedAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) endedAt: string | null;

  static from(this: void, { callId, callerId, groupId, isVideo, state, startedAt, endedAt }: Call): CallDto {
    const ended = endedAt?.toISOString() ?? null;
    return { callId, callerId, groupId, isVideo, state, startedAt: startedAt.toISOString(), endedAt: ended };
  }
}
