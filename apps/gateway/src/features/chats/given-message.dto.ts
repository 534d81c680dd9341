import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Field, Flag, Nested, Text, Timestamp, WaId } from '@app/platform/http/fields.js';
import type { GivenMessage } from './given-message.js';

const anId = { max: 100, description: "WhatsApp's id of it." };
const aSender = { optional: true, description: 'Who wrote it; needed in groups for messages of others.' };

/** The last message of a chat, as the caller knows it. */
export class GivenLastMessageDto {
  @Text({ ...anId, optional: true }) messageId?: string;
  @Timestamp({ description: 'When it was written.' }) timestamp: Date;
  @Flag({ optional: true, default: false, description: 'The account itself wrote it.' }) fromMe?: boolean;
  @WaId(aSender) senderId?: string;
}

export class ChatOrderDto {
  @Nested(() => GivenLastMessageDto, {
    optional: true,
    description: 'Up to which message it counts, for chats whose messages are not stored here.',
  })
  lastMessage?: GivenLastMessageDto;
}

/** The same in a query string. */
export class GivenLastMessageQuery {
  @Text({ ...anId, optional: true, description: "WhatsApp's id of the last message, if it is not stored here." })
  messageId?: string;
  @Timestamp({ optional: true, description: 'When the last message was written.' }) timestamp?: Date;
  @Flag({ optional: true, description: 'The account itself wrote it.' }) fromMe?: boolean;
  @WaId(aSender) senderId?: string;

  given(): GivenMessage | undefined {
    return Object.values(this).some((value) => value !== undefined) ? this : undefined;
  }
}

/** A message, stored or not. */
export class MessageAnchorDto {
  @Text({ max: 100, description: "Our id or WhatsApp's." }) messageId: string;
  @Timestamp({ optional: true, description: 'When it was written; needed when it is not stored here.' })
  timestamp?: Date;
  @Flag({ optional: true, default: false, description: 'The account itself wrote it.' }) fromMe?: boolean;
  @WaId({ optional: true, description: 'Who wrote it.' }) senderId?: string;
}

/** A message by its id, or described where it is not stored. */
export const MessageAnchor = (description: string): PropertyDecorator =>
  applyDecorators(
    (target: object) => void ApiExtraModels(MessageAnchorDto)(target.constructor),
    Type(() => MessageAnchorDto),
    Transform(anchorOf),
    Field(
      { oneOf: [{ type: 'string', maxLength: 100 }, { $ref: getSchemaPath(MessageAnchorDto) }] },
      { check: (value) => value instanceof MessageAnchorDto, message: 'must be an id or an object' },
      { optional: true, description },
    ),
    ValidateNested({ message: 'must be an id or an object' }),
  );

function anchorOf({ value }: { value: unknown }): unknown {
  return typeof value === 'string' ? Object.assign(new MessageAnchorDto(), { messageId: value }) : value;
}
