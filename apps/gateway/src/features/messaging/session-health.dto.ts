import { ApiProperty } from '@nestjs/swagger';
import type { AccountLimits } from '@app/database/entities/account-limits.entity.js';
import { sessionStatuses, type SessionStatus } from '@app/database/entities/session.entity.js';
import type { SessionHealth } from './session-health.service.js';

export class RestrictionDto {
  @ApiProperty({ format: 'date-time', description: 'Until then the account may write to nobody new.' }) until: string;
  @ApiProperty({ type: String, nullable: true, description: "WhatsApp's own word." }) reason: string | null;
}

export class NewChatBudgetDto {
  @ApiProperty({ type: Number, nullable: true, description: 'What WhatsApp allows in a period; null: not limited.' })
  total: number | null;
  @ApiProperty({ type: Number, nullable: true }) used: number | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) resetAt: string | null;
  @ApiProperty({ description: 'The account may begin no more chats.' }) isCapped: boolean;
}

export class OwnBudgetDto {
  @ApiProperty({ description: '`newChatsPerDay` of the settings.' }) allowed: number;
  @ApiProperty({ description: 'In the last 24 hours.' }) used: number;
}

export class WaitingDto {
  @ApiProperty({ example: 'account-restricted' }) reason: string;
  @ApiProperty() count: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) until: string | null;
}

export class QueueDto {
  @ApiProperty() pending: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) oldestPendingAt: string | null;
  @ApiProperty({ type: [WaitingDto], description: 'Which of them are held back.' }) waiting: WaitingDto[];
  @ApiProperty({ description: "Sent, without WhatsApp's ack." }) unacknowledged: number;
}

export class SessionHealthDto {
  @ApiProperty({ enum: sessionStatuses }) status: SessionStatus;
  @ApiProperty({ type: String, nullable: true }) reason: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'How long WhatsApp took to answer; null: it did not.' })
  roundTripMs: number | null;
  @ApiProperty({ type: RestrictionDto, nullable: true }) restriction: RestrictionDto | null;
  @ApiProperty({ type: NewChatBudgetDto, description: 'As WhatsApp counts.' }) newChats: NewChatBudgetDto;
  @ApiProperty({ type: OwnBudgetDto, nullable: true, description: 'As the settings say; null without a limit.' })
  ownNewChats: OwnBudgetDto | null;
  @ApiProperty({ type: QueueDto }) queue: QueueDto;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Of the newest confirmed message.' })
  lastAckAt: string | null;

  static from(this: void, { session, limits, queue, ...health }: SessionHealth): SessionHealthDto {
    return {
      status: session.status,
      reason: session.reason,
      roundTripMs: health.roundTripMs,
      restriction: limits && restrictionIn(limits),
      newChats: budgetIn(limits),
      ownNewChats: health.newChats,
      queue: { ...queue, oldestPendingAt: queue.oldestPendingAt?.toISOString() ?? null },
      lastAckAt: health.lastAckAt,
    };
  }
}

function restrictionIn({ restrictedUntil, restriction }: AccountLimits): RestrictionDto | null {
  if (!restrictedUntil || restrictedUntil <= new Date()) return null;
  return { until: restrictedUntil.toISOString(), reason: restriction };
}

function budgetIn(limits: AccountLimits | null): NewChatBudgetDto {
  if (!limits) return { total: null, used: null, resetAt: null, isCapped: false };
  const { newChatsTotal: total, newChatsUsed: used, newChatsResetAt, isCapped } = limits;
  return { total, used, resetAt: newChatsResetAt?.toISOString() ?? null, isCapped };
}
