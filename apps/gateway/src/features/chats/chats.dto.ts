import { ApiProperty } from '@nestjs/swagger';
import { type ChatKind, chatKinds } from '@app/database/entities/chat.entity.js';
import { Flag, Integer, OneOf, Text, Timestamp, WaId } from '@app/platform/http/fields.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { PageQuery } from '@app/platform/http/page.js';
import type { ShownChat } from './chats.service.js';
import { ChatOrderDto } from './given-message.dto.js';

export class ChatParams {
  @Text({ max: 60 }) sessionId: string;
  @WaId() chatId: string;
}

export class ListChatsQuery extends PageQuery {
  @Flag({ optional: true, description: 'Only chats with unread messages or marked as unread, or only the others.' })
  isUnread?: boolean;
  @Flag({ optional: true, description: 'Archived chats alone, or the others.' }) isArchived?: boolean;
  @Flag({ optional: true, description: 'Pinned chats alone, or the others.' }) isPinned?: boolean;
  @Flag({ optional: true, description: 'Only chats in which pictures, videos, audio, files or stickers came or went.' })
  hasMedia?: boolean;
  @OneOf(chatKinds, { optional: true, description: 'Without it: everything but statuses.' }) kind?: ChatKind;
  @Text({ max: 100, optional: true, description: 'A part of the name or of the phone number.' }) search?: string;
}

const durations: Record<string, number | null> = { '8h': 8 * 3_600_000, '1w': 7 * 86_400_000, always: null };

export class MuteChatDto {
  @OneOf(Object.keys(durations), { optional: true, description: 'For how long; 8 hours unless told otherwise.' })
  duration?: string;
  @Timestamp({ optional: true, description: 'Until when, instead of a duration.' }) until?: Date;

  /** RFC 3339; null for always. */
  end(): string | null {
    if (this.duration !== undefined && this.until)
      throw invalid('request.invalid', '/until', 'must not stand beside a duration');
    if (this.until && this.until <= new Date()) throw invalid('request.invalid', '/until', 'must lie in the future');
    const forMs = durations[this.duration ?? '8h'];
    if (this.until) return this.until.toISOString();
    return typeof forMs === 'number' ? new Date(Date.now() + forMs).toISOString() : null;
  }
}

export class ClearChatDto extends ChatOrderDto {
  @Flag({ optional: true, default: false, description: 'Leave starred messages in the chat.' }) keepStarred?: boolean;
}

/** After how many seconds messages may disappear. */
export const disappearingTimers = [0, 86_400, 604_800, 7_776_000];

export class DisappearingDto {
  @Integer({ max: 7_776_000, description: '0 (never), 86400 (a day), 604800 (a week) or 7776000 (90 days).' })
  seconds: number;

  timer(): number {
    if (disappearingTimers.includes(this.seconds)) return this.seconds;
    throw invalid('request.invalid', '/seconds', `must be one of ${disappearingTimers.join(', ')}`);
  }
}

const states = ['composing', 'recording', 'paused', 'available', 'unavailable'] as const;

export class ShowPresenceDto {
  @OneOf(states, {
    description:
      '`composing` and `recording` last some seconds and are shown in this chat. `available` and `unavailable` are told to everybody; while an account is available, its phone does not ring.',
  })
  state: (typeof states)[number];
}

export class LastMessageDto {
  @ApiProperty() id: string;
  @ApiProperty() messageId: string;
  @ApiProperty() senderId: string;
  @ApiProperty() fromMe: boolean;
  @ApiProperty() type: string;
  @ApiProperty({ type: String, nullable: true }) text: string | null;
  @ApiProperty() status: string;
  @ApiProperty({ format: 'date-time' }) timestamp: string;
}

export class ChatDto {
  @ApiProperty({ example: '6281234567890' }) chatId: string;
  @ApiProperty({ enum: chatKinds }) kind: ChatKind;
  @ApiProperty({ type: String, nullable: true }) phone: string | null;
  @ApiProperty({ type: String, nullable: true }) lid: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: "The group's, the address book's, or what they call themselves.",
  })
  name: string | null;
  @ApiProperty({ type: LastMessageDto, nullable: true }) lastMessage: LastMessageDto | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) lastMessageAt: string | null;
  @ApiProperty() unreadCount: number;
  @ApiProperty({ description: 'Marked as unread by hand.' }) isMarkedUnread: boolean;
  @ApiProperty() isArchived: boolean;
  @ApiProperty() isPinned: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) pinnedAt: string | null;
  @ApiProperty() isMuted: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: not muted, or for ever.' })
  mutedUntil: string | null;
  @ApiProperty({ description: 'After how many seconds messages disappear; 0: never.' }) disappearingSeconds: number;
  @ApiProperty({ description: 'The account is no member of the group any more.' }) isReadOnly: boolean;
  @ApiProperty({ description: 'Hidden behind a lock on the phone.' }) isLocked: boolean;
  @ApiProperty() hasMedia: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) clearedAt: string | null;

  static from(this: void, chat: ShownChat): ChatDto {
    const { chatId, kind, phone, lid, name, lastMessage, lastMessageAt, unreadCount, isMarkedUnread } = chat;
    const { isArchived, pinnedAt, isMuted, mutedUntil, disappearingSeconds, isReadOnly, isLocked, hasMedia } = chat;
    return {
      chatId,
      kind,
      phone,
      lid,
      name,
      lastMessage: lastMessage && lastMessageOf(lastMessage),
      lastMessageAt: time(lastMessageAt),
      unreadCount,
      isMarkedUnread,
      isArchived,
      isPinned: pinnedAt !== null,
      pinnedAt: time(pinnedAt),
      isMuted,
      mutedUntil: isMuted ? time(mutedUntil) : null,
      disappearingSeconds,
      isReadOnly,
      isLocked,
      hasMedia,
      clearedAt: time(chat.clearedAt),
    };
  }
}

const time = (at: Date | null) => at?.toISOString() ?? null;

function lastMessageOf(message: NonNullable<ShownChat['lastMessage']>): LastMessageDto {
  const { id, messageId, senderId, fromMe, type, text, status, timestamp } = message;
  return { id, messageId, senderId, fromMe, type, text, status, timestamp: timestamp.toISOString() };
}
