import { ApiProperty } from '@nestjs/swagger';
import {
  type HistoryKind,
  historyKinds,
  type HistoryState,
  historyStates,
  type HistorySync,
} from '@app/database/entities/history-sync.entity.js';
import { Flag, Integer, Text } from '@app/platform/http/fields.js';

export class RequestChatHistoryDto {
  @Integer({ min: 1, max: 500, optional: true, default: 50, description: 'How many messages.' }) count?: number;
  @Text({ max: 100, optional: true, description: 'The message before which they were written; the oldest known one.' })
  before?: string;
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
  @ApiProperty({ description: 'Percent.' }) progress: number;
  @ApiProperty() chats: number;
  @ApiProperty({ description: 'Messages that were new.' }) messages: number;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ format: 'date-time' }) updatedAt: string;

  static from(this: void, sync: HistorySync): HistorySyncDto {
    const { id, kind, state, chatId, progress, chats, messages, createdAt, updatedAt } = sync;
    const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
    return { id, kind, state, chatId, progress, chats, messages, ...times };
  }
}
