import { ApiProperty } from '@nestjs/swagger';
import {
  type HistoryKind,
  historyKinds,
  type HistoryState,
  historyStates,
  type HistorySync,
} from '@app/database/entities/history-sync.entity.js';
import { Flag, Integer } from '@app/platform/http/fields.js';
import { MessageAnchor, MessageAnchorDto } from './given-message.dto.js';

export class RequestChatHistoryDto {
  @Integer({ min: 1, max: 500, optional: true, default: 50, description: 'How many messages.' }) count?: number;
  @MessageAnchor('The message before which they were written; without it the oldest known one.')
  before?: MessageAnchorDto;
}

export class RequestHistoryDto {
  @Integer({ min: 1, max: 36_500, optional: true, description: 'No messages that are older than that.' })
  days?: number;
  @Integer({ min: 1, max: 1_000_000, optional: true, description: 'How much the phone shall send; it may send less.' })
  maxMegabytes?: number;
  @Flag({ optional: true, default: true }) includeGroups?: boolean;
}

export class ResyncDto {
  @Flag({ optional: true, default: true, description: 'From the beginning; `false`: only what is new.' })
  isFull?: boolean;
  @Flag({
    optional: true,
    default: true,
    description: 'With `isFull: false`: what cannot be read, or was not stored whole, is read from the beginning.',
  })
  repair?: boolean;
}

export class ReadCollectionDto {
  @ApiProperty({ example: 'regular_low', description: "WhatsApp's name of it." }) name: string;
  @ApiProperty({ description: 'false: it can not be read; the phone has not shared its key yet.' }) isRead: boolean;
  @ApiProperty({ description: 'It was read from the beginning, because that was needed.' }) wasRepaired: boolean;
  @ApiProperty() durationMs: number;
}

export class ResyncedDto {
  @ApiProperty({ type: [ReadCollectionDto], description: 'The logs that the settings are spread over.' })
  collections: ReadCollectionDto[];
}

export class WantedHistoryDto {
  @ApiProperty({ required: false }) days?: number;
  @ApiProperty({ required: false }) maxMegabytes?: number;
  @ApiProperty({ required: false }) includeGroups?: boolean;
}

export class HistorySettingsDto {
  @Flag({ nullable: true, description: 'null: as `SYNC_FULL_HISTORY` says.' }) syncFullHistory: boolean | null;
}

export class ShownHistorySettingsDto {
  @ApiProperty() syncFullHistory: boolean;
}

export class HistorySyncDto {
  @ApiProperty() id: string;
  @ApiProperty({ enum: historyKinds, description: 'What the phone shares after linking, of one chat, or everything.' })
  kind: HistoryKind;
  @ApiProperty({ enum: historyStates }) state: HistoryState;
  @ApiProperty({ type: String, nullable: true }) chatId: string | null;
  @ApiProperty({ type: WantedHistoryDto, nullable: true, description: 'How much was asked for; null: everything.' })
  wanted: WantedHistoryDto | null;
  @ApiProperty({ description: 'Percent.' }) progress: number;
  @ApiProperty() chats: number;
  @ApiProperty({ description: 'Messages that were new.' }) messages: number;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ format: 'date-time' }) updatedAt: string;

  static from(this: void, sync: HistorySync): HistorySyncDto {
    const { id, kind, state, chatId, wanted, progress, chats, messages, createdAt, updatedAt } = sync;
    const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
    return { id, kind, state, chatId, wanted, progress, chats, messages, ...times };
  }
}
