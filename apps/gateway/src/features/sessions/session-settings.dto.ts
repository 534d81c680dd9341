import { ApiProperty } from '@nestjs/swagger';
import type { Pacing, SessionSettings } from '@app/database/entities/session-settings.js';
import { Field, Integer, Nested, Text } from '@app/platform/http/fields.js';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

function isTimeZone(value: unknown): boolean {
  try {
    return typeof value === 'string' && new Intl.DateTimeFormat('en', { timeZone: value }).format() !== '';
  } catch {
    return false;
  }
}

export class QuietHoursDto {
  @Text({ min: 5, max: 5, pattern: CLOCK, allowed: 'a time of day such as 21:30', example: '21:00' }) from: string;
  @Text({ min: 5, max: 5, pattern: CLOCK, allowed: 'a time of day such as 21:30', example: '07:00' }) to: string;
  @Field(
    { type: String, maxLength: 60, example: 'Asia/Jakarta' },
    { check: isTimeZone, message: 'must be a time zone such as Asia/Jakarta' },
  )
  timeZone: string;
}

const unset = { optional: true, nullable: true };

export class UpdatePacingDto {
  @Integer({ min: 1, max: 10_000, ...unset }) messagesPerMinute?: number | null;
  @Integer({ min: 1, max: 1_000, ...unset, description: 'How many may leave at once after a pause; 1 when unset.' })
  burst?: number | null;
  @Integer({ max: 600_000, ...unset, description: 'Up to this much is added to every wait, at random.' })
  jitterMs?: number | null;
  @Nested(() => QuietHoursDto, { ...unset, description: 'Nothing but answers leaves then.' })
  quietHours?: QuietHoursDto | null;
  @Integer({ max: 100_000, ...unset, description: 'People written to for the first time, in 24 hours.' })
  newChatsPerDay?: number | null;
}

export class UpdateSettingsDto {
  @Nested(() => UpdatePacingDto, { ...unset, description: 'What is left out stays; null takes a setting away.' })
  pacing?: UpdatePacingDto | null;
}

export class PacingDto implements Record<keyof Pacing, unknown> {
  @ApiProperty({ type: Number, nullable: true }) messagesPerMinute: number | null;
  @ApiProperty({ type: Number, nullable: true }) burst: number | null;
  @ApiProperty({ type: Number, nullable: true }) jitterMs: number | null;
  @ApiProperty({ type: QuietHoursDto, nullable: true }) quietHours: QuietHoursDto | null;
  @ApiProperty({ type: Number, nullable: true }) newChatsPerDay: number | null;
}

export class SettingsDto {
  @ApiProperty({ type: PacingDto, description: 'Null where nothing is limited.' }) pacing: PacingDto;

  static from(this: void, { pacing = {} }: SessionSettings): SettingsDto {
    const { messagesPerMinute, burst, jitterMs, quietHours, newChatsPerDay } = pacing;
    return {
      pacing: {
        messagesPerMinute: messagesPerMinute ?? null,
        burst: burst ?? null,
        jitterMs: jitterMs ?? null,
        quietHours: quietHours ?? null,
        newChatsPerDay: newChatsPerDay ?? null,
      },
    };
  }
}
