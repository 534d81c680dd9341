import { ApiProperty } from '@nestjs/swagger';
import { type Message, messageStatuses, type MessageStatus } from '@app/database/entities/message.entity.js';
import type { AppError } from '@app/platform/errors/app-error.js';
import { type EventAnswer, eventAnswers } from '@app/platform/events/message-action.js';
import { Field, Flag, Integer, OneOf, Text, Timestamp, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { MentionAll } from '../content/option.fields.js';
import { MessageDto, type SendMessageQuery } from '../messages.dto.js';
import { unstoredTarget } from '../message-ids.js';
import type { Forwarded } from './message-forwards.service.js';

const pinDays = [1, 7, 30];
const MAX_FORWARDS = 50;
/** Signs without letters or spaces, one of which is a picture, a flag or a keycap. */
const EMOJI = /^(?=.*[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3])[^\p{L}\p{Z}]+$/u;

/** What to say of a message that is not stored here; with a stored one it does not matter. */
export class MessageKeyQuery {
  @WaId({ optional: true, description: 'The chat of a message that is not stored here.' }) chatId?: string;
  @Flag({
    optional: true,
    default: false,
    description: 'Whether this account wrote a message that is not stored here.',
  })
  fromMe?: boolean;
  @WaId({ optional: true, description: 'Who wrote a message that is not stored here; a chat of two tells by itself.' })
  senderId?: string;
  @Timestamp({ optional: true, description: 'When a message was written that is not stored here.' }) timestamp?: Date;
}

export class ActOnMessageQuery extends MessageKeyQuery implements SendMessageQuery {
  @OneOf(['server_ack'], { optional: true, description: 'Answer once WhatsApp took the action, or refused it.' })
  wait?: 'server_ack';
}

export class EditMessageDto {
  @Text({ optional: true, max: 65_536, description: 'What a text message says from now on.' }) text?: string;
  @Text({ optional: true, min: 0, max: 1024, description: 'The new caption of a picture, video or document.' })
  caption?: string;
  @List({ of: 'waId', optional: true, max: 1024, description: 'Who is mentioned in the new text.' })
  mentions?: string[];
  @MentionAll() mentionAll?: boolean;
  @Flag({ optional: true, description: 'Show it as forwarded.' }) isForwarded?: boolean;
}

export class ReactDto {
  @Text({ max: 40, pattern: EMOJI, allowed: 'one emoji', example: '👍' }) emoji: string;
}

export class PinMessageDto {
  @Field(
    { type: 'integer', enum: pinDays },
    { check: (value) => pinDays.includes(value as number), message: `must be one of ${pinDays.join(', ')}` },
    { description: 'For how many days.' },
  )
  days: number;
}

export class VoteDto {
  @List({ max: 12, description: 'Names of the options; none takes the vote back.', example: ['soup'] })
  options: string[];
}

export class RespondToEventDto {
  @OneOf(eventAnswers) answer: EventAnswer;
  @Integer({ max: 100, optional: true, default: 0, description: 'Whom else the guest brings.' }) extraGuests: number =
    0;
}

export class ForwardMessageDto {
  @List({ of: 'waId', min: 1, max: MAX_FORWARDS, description: 'To whom: people, groups.', example: ['6281234567890'] })
  to: string[];
}

const confirmations = ['read', 'played'] as const;

export class ConfirmMessageDto {
  @OneOf(confirmations, { optional: true, default: 'read' }) as: (typeof confirmations)[number] = 'read';
}

export class ConfirmMessagesDto extends ConfirmMessageDto {
  @List({ min: 1, max: 200, description: 'Our ids or those of WhatsApp.' }) messageIds: string[];
  @WaId({ optional: true, description: 'The chat of those that are not stored here.' }) chatId?: string;
  @WaId({ optional: true, description: 'Who wrote those that are not stored here; needed in groups.' })
  senderId?: string;
}

/** Something done with a message, on its way. */
export class MessageActionDto {
  @ApiProperty({ description: 'Of the action itself; GET …/messages/{id} shows how far it got.' }) id: string;
  @ApiProperty({ description: "WhatsApp's own id of the action." }) messageId: string;
  @ApiProperty({ example: 'edit' }) type: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The message that it is done with; null: not stored here.',
  })
  targetId: string | null;
  @ApiProperty({ enum: messageStatuses }) status: MessageStatus;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, as a stable code.' })
  errorCode: string | null;

  static from(this: void, { id, messageId, type, targetId, status, errorCode }: Message): MessageActionDto {
    const isStored = targetId !== null && unstoredTarget(targetId) === null;
    return { id, messageId, type, targetId: isStored ? targetId : null, status, errorCode };
  }
}

export class ForwardErrorDto {
  @ApiProperty() code: string;
  @ApiProperty() detail: string;
}

export class ForwardedDto {
  @ApiProperty() to: string;
  @ApiProperty({ type: MessageDto, nullable: true }) message: MessageDto | null;
  @ApiProperty({ type: ForwardErrorDto, nullable: true, description: 'Why there is no message.' })
  error: ForwardErrorDto | null;

  static from(this: void, { to, message, error }: Forwarded): ForwardedDto {
    return { to, message: message && MessageDto.from(message), error: error && problemOf(error) };
  }
}

const problemOf = ({ code, detail }: AppError): ForwardErrorDto => ({ code, detail });

export class ForwardResultDto {
  @ApiProperty({ type: [ForwardedDto], description: 'One for each recipient.' }) items: ForwardedDto[];
}
