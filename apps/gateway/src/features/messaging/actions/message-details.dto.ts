import { ApiProperty } from '@nestjs/swagger';
import { type EventAnswer, eventAnswers } from '@app/platform/events/message-action.js';
import { MessageDto } from '../messages.dto.js';
import type { MessageDetails, Recipient } from './message-details.service.js';

export class ReactionDto {
  @ApiProperty({ example: '👍' }) emoji: string;
  @ApiProperty({ example: '6281234567890' }) by: string;
  @ApiProperty({ format: 'date-time' }) at: string;
}

export class PollOptionDto {
  @ApiProperty() name: string;
  @ApiProperty({ description: 'How many chose it.' }) votes: number;
  @ApiProperty({ type: [String] }) voters: string[];
}

export class EventResponseDto {
  @ApiProperty({ example: '6281234567890' }) by: string;
  @ApiProperty({ enum: eventAnswers }) answer: EventAnswer;
  @ApiProperty() extraGuests: number;
  @ApiProperty({ format: 'date-time' }) at: string;
}

export class MessageEditDto {
  @ApiProperty({ type: String, nullable: true }) text: string | null;
  @ApiProperty({ type: Object, nullable: true }) content: object | null;
  @ApiProperty({ format: 'date-time', description: 'Until when it said this.' }) replacedAt: string;
}

export class MessageDetailsDto extends MessageDto {
  @ApiProperty({ type: [ReactionDto], description: 'The last reaction of each person.' }) reactions: ReactionDto[];
  @ApiProperty({
    type: [PollOptionDto],
    nullable: true,
    description: 'Of a poll: its options with those who chose them.',
  })
  pollResults: PollOptionDto[] | null;
  @ApiProperty({ type: [EventResponseDto], nullable: true, description: 'Of an event: who answered what.' })
  eventResponses: EventResponseDto[] | null;
  @ApiProperty({ type: [MessageEditDto], description: 'What it said before it was edited, the oldest first.' })
  edits: MessageEditDto[];

  static of(this: void, { message, reactions, pollResults, eventResponses, edits }: MessageDetails): MessageDetailsDto {
    return {
      ...MessageDto.from(message),
      reactions: reactions.map(({ at, ...reaction }) => ({ ...reaction, at: at.toISOString() })),
      pollResults: pollResults?.map(({ name, voters }) => ({ name, votes: voters.length, voters })) ?? null,
      eventResponses: eventResponses?.map(({ at, ...response }) => ({ ...response, at: at.toISOString() })) ?? null,
      edits: edits.map(({ replacedAt, ...before }) => ({ ...before, replacedAt: replacedAt.toISOString() })),
    };
  }
}

export class MessageReceiptDto {
  @ApiProperty({ example: '6281234567890' }) recipientId: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) deliveredAt: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) readAt: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) playedAt: string | null;

  static from(this: void, { recipientId, deliveredAt, readAt, playedAt }: Recipient): MessageReceiptDto {
    const iso = (date: Date | null) => date?.toISOString() ?? null;
    return { recipientId, deliveredAt: iso(deliveredAt), readAt: iso(readAt), playedAt: iso(playedAt) };
  }
}
