import { ApiProperty } from '@nestjs/swagger';
import { type Message, messageStatuses, type MessageStatus } from '@app/database/entities/message.entity.js';
import type { AppError } from '@app/platform/errors/app-error.js';
import { type EventAnswer, eventAnswers } from '@app/platform/events/message-action.js';
import { Field, Integer, OneOf, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { MessageDto } from '../messages.dto.js';
import type { Forwarded } from './message-actions.service.js';

const pinDays = [1, 7, 30];
const MAX_FORWARDS = 50;
/** Signs without letters or spaces, one of which is a picture, a flag or a keycap. */
const EMOJI = /^(?=.*[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3])[^\p{L}\p{Z}]+$/u;

export class EditMessageDto {
  @Text({ optional: true, max: 65_536, description: 'What a text message says from now on.' }) text?: string;
  @Text({ optional: true, min: 0, max: 1024, description: 'The new caption of a picture, video or document.' })
  caption?: string;
  @List({ of: 'waId', optional: true, max: 1024, description: 'Who is mentioned in the new text.' })
  mentions?: string[];
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
}

/** Something done with a message, on its way. */
export class MessageActionDto {
  @ApiProperty({ description: 'Of the action itself; GET …/messages/{id} shows how far it got.' }) id: string;
  @ApiProperty({ description: "WhatsApp's own id of the action." }) messageId: string;
  @ApiProperty({ example: 'edit' }) type: string;
  @ApiProperty({ description: 'The message that it is done with.' }) targetId: string;
  @ApiProperty({ enum: messageStatuses }) status: MessageStatus;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, as a stable code.' })
  errorCode: string | null;

  static from(this: void, { id, messageId, type, targetId, status, errorCode }: Message): MessageActionDto {
    return { id, messageId, type, targetId: targetId ?? '', status, errorCode };
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
