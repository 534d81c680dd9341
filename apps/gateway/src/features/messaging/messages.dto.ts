import { ApiProperty } from '@nestjs/swagger';
import { type Message, messageStatuses, type MessageStatus } from '@app/database/entities/message.entity.js';
import { OneOf, Text, WaId } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';

/** WhatsApp's own limit. */
const MAX_TEXT = 65_536;

export class SendMessageDto {
  @WaId({ description: 'Phone number with country code, LID, group or newsletter.' }) to: string;
  @OneOf(['text']) type: 'text';
  @Text({ max: MAX_TEXT, example: 'Hello!' }) text: string;
}

export class SendMessageQuery {
  @OneOf(['server_ack'], { optional: true, description: 'Answer once WhatsApp took the message, or refused it.' })
  wait?: 'server_ack';
}

export class ListMessagesQuery extends PageQuery {
  @WaId({ optional: true, description: 'Only messages of this chat.' }) chatId?: string;
}

export class MessageStepDto {
  @ApiProperty({ enum: messageStatuses }) status: MessageStatus;
  @ApiProperty({ format: 'date-time' }) at: string;
}

export class MessageDto {
  @ApiProperty() id: string;
  @ApiProperty({ description: "WhatsApp's own id of the message." }) messageId: string;
  @ApiProperty({ example: '6281234567890' }) chatId: string;
  @ApiProperty({ example: '6281234567890' }) senderId: string;
  @ApiProperty() fromMe: boolean;
  @ApiProperty({ example: 'text' }) type: string;
  @ApiProperty({ type: String, nullable: true }) text: string | null;
  @ApiProperty({ enum: messageStatuses }) status: MessageStatus;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, as a stable code.' })
  errorCode: string | null;
  @ApiProperty({ type: [MessageStepDto], description: 'What happened to it, in order.' }) timeline: MessageStepDto[];
  @ApiProperty({ format: 'date-time', description: 'When it was written.' }) timestamp: string;

  static from(this: void, message: Message): MessageDto {
    const { id, messageId, chatId, senderId, fromMe, type, text, status, errorCode, timeline } = message;
    return {
      id,
      messageId,
      chatId,
      senderId,
      fromMe,
      type,
      text,
      status,
      errorCode,
      timeline,
      timestamp: message.timestamp.toISOString(),
    };
  }
}
