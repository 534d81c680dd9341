import { ApiProperty } from '@nestjs/swagger';
import {
  type Message,
  type MessageReferral,
  messageStatuses,
  type MessageStatus,
} from '@app/database/entities/message.entity.js';
import { contentRefs } from './content/content-schemas.js';
import { Flag, OneOf, Text, Timestamp, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { PageQuery } from '@app/platform/http/page.js';
import { adviceOn } from './message-errors.js';

export class SendMessageQuery {
  @OneOf(['server_ack'], { optional: true, description: 'Answer once WhatsApp took the message, or refused it.' })
  wait?: 'server_ack';
}

export class ListMessagesQuery extends PageQuery {
  @Text({ optional: true, max: 200, description: 'Words, or beginnings of words, that are all in the message.' })
  q?: string;
  @WaId({ optional: true, description: 'Only messages of this chat.' }) chatId?: string;
  @WaId({ optional: true, description: 'Only messages of this person.' }) senderId?: string;
  @List({ optional: true, max: 20, maxLength: 40, description: 'Only messages of these types.' }) type?: string[];
  @Timestamp({ optional: true, description: 'Only messages written then or later.' }) from?: Date;
  @Timestamp({ optional: true, description: 'Only messages written before.' }) to?: Date;
  @Flag({ optional: true, description: 'Only messages with a file, or only those without.' }) hasMedia?: boolean;
  @Flag({ optional: true, description: 'Only own messages, or only those of others.' }) fromMe?: boolean;
  @Flag({ optional: true, description: 'Only messages with a star, or only those without.' }) isStarred?: boolean;
}

export class MessageStepDto {
  @ApiProperty({ enum: messageStatuses }) status: MessageStatus;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ required: false, description: 'Why it was sent again: `no-ack`, `reconnected`.' }) reason?: string;
}

export class MessageWaitDto {
  @ApiProperty({
    example: 'account-restricted',
    description:
      '`account-restricted`, `account-capped`, `new-chats-used-up`, `quiet-hours`, `typing`, or its turn: `pace`.',
  })
  reason: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'With `pace` an estimate.' })
  until: string | null;
}

export class MessageErrorDto {
  @ApiProperty({ example: 'message.refused-463' }) code: string;
  @ApiProperty({ description: 'What it means and what to do about it.' }) detail: string;
}

export class QuotedMessageDto {
  @ApiProperty({ description: "WhatsApp's id of the message that was answered." }) messageId: string;
  @ApiProperty({ type: String, nullable: true }) senderId: string | null;
  @ApiProperty({ type: String, nullable: true }) text: string | null;
}

export class MessageContextDto {
  @ApiProperty({ type: QuotedMessageDto, required: false }) quoted?: QuotedMessageDto;
  @ApiProperty({ type: [String], required: false, description: 'Who is mentioned.' }) mentions?: string[];
  @ApiProperty({ required: false }) isMentioningAll?: boolean;
  @ApiProperty({ required: false }) isForwarded?: boolean;
  @ApiProperty({ required: false }) isViewOnce?: boolean;
  @ApiProperty({ required: false, description: 'After how many seconds it disappears.' }) expirationSeconds?: number;
  @ApiProperty({ type: Object, required: false, description: 'The advertisement that it answers.' })
  referral?: MessageReferral;
  @ApiProperty({ required: false, description: "WhatsApp's id of the album that it is a part of." })
  albumMessageId?: string;
  @ApiProperty({ type: [String], required: false, description: 'Of a status of this account: who gets it.' })
  audience?: string[];
  @ApiProperty({ required: false, description: 'Of a post: its number in the newsletter.' }) serverId?: string;
}

export class MessageDto {
  @ApiProperty() id: string;
  @ApiProperty({ description: "WhatsApp's own id of the message." }) messageId: string;
  @ApiProperty({ example: '6281234567890' }) chatId: string;
  @ApiProperty({ example: '6281234567890' }) senderId: string;
  @ApiProperty() fromMe: boolean;
  @ApiProperty({ example: 'text' }) type: string;
  @ApiProperty({ type: String, nullable: true }) text: string | null;
  @ApiProperty({
    anyOf: contentRefs,
    nullable: true,
    description: 'What it says, with the fields of its `type`; null where `text` says it all.',
  })
  content: object | null;
  @ApiProperty({ type: MessageContextDto, nullable: true }) context: MessageContextDto | null;
  @ApiProperty({ enum: messageStatuses }) status: MessageStatus;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, as a stable code.' })
  errorCode: string | null;
  @ApiProperty({ type: MessageErrorDto, nullable: true, description: 'The same with what to do about it.' })
  error: MessageErrorDto | null;
  @ApiProperty({ type: MessageWaitDto, nullable: true, description: 'Why a pending message is held back.' })
  waiting: MessageWaitDto | null;
  @ApiProperty({ description: 'Has a star of this account.' }) isStarred: boolean;
  @ApiProperty({ description: 'Is pinned in its chat.' }) isPinned: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the pin ends.' })
  pinnedUntil: string | null;
  @ApiProperty({ description: 'Somebody keeps it although messages of the chat disappear.' }) isKept: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it was last edited.' })
  editedAt: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was deleted for everybody; what it said is kept here.',
  })
  revokedAt: string | null;
  @ApiProperty({ type: [MessageStepDto], description: 'What happened to it, in order.' }) timeline: MessageStepDto[];
  @ApiProperty({ format: 'date-time', description: 'When it was written.' }) timestamp: string;

  static from(this: void, message: Message): MessageDto {
    const { id, messageId, chatId, senderId, fromMe, type, text, content, context } = message;
    const { status, errorCode, timeline } = message;
    return {
      id,
      messageId,
      chatId,
      senderId,
      fromMe,
      type,
      text,
      content,
      context,
      status,
      errorCode,
      error: errorCode === null ? null : { code: errorCode, detail: adviceOn(errorCode) },
      waiting:
        status === 'pending' && message.waitReason !== null
          ? { reason: message.waitReason, until: message.notBefore?.toISOString() ?? null }
          : null,
      ...marksOf(message),
      timeline,
      timestamp: message.timestamp.toISOString(),
    };
  }
}

function marksOf({ starredAt, pinnedUntil, keptAt, editedAt, revokedAt }: Message) {
  const isPinned = pinnedUntil !== null && pinnedUntil > new Date();
  return {
    isStarred: starredAt !== null,
    isPinned,
    pinnedUntil: isPinned ? pinnedUntil.toISOString() : null,
    isKept: keptAt !== null,
    editedAt: editedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
