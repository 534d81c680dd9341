import { ApiProperty } from '@nestjs/swagger';
import { destinationKinds, type DestinationKind } from '@app/database/entities/destination.entity.js';
import type { Pacing, SessionSettings } from '@app/database/entities/session-settings.js';
import { eventTraits, type EventTrait } from '@app/platform/events/event-traits.js';
import { type MediaType, mediaTypes } from '@app/platform/events/media-content.js';
import { Field, Integer, Nested, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import type { SettingsPatch } from './session-settings.service.js';

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

const skips =
  'Events that no destination gets; the log has them all the same. `person`, `group`, `newsletter`, `status`, `broadcast`: ' +
  'by the kind of chat. `own`: what this account did. `api`: what it did through this API. `media`: what brings a file. ' +
  '`call`: calls.';
const globalSkips = "Kinds of the operator's destinations that get nothing of this session.";
const mediaDownload =
  'Which files are downloaded as they come in; others when somebody asks for them. Null: as the installation does (`MEDIA_DOWNLOAD`).';

type MediaDownload = 'all' | 'none' | MediaType[];

const isMediaDownload = (value: unknown): boolean =>
  value === 'all' ||
  value === 'none' ||
  (Array.isArray(value) && value.length > 0 && value.every((type) => mediaTypes.includes(type as MediaType)));

const mediaDownloadSchema = [
  { type: 'string', enum: ['all', 'none'] },
  { type: 'array', items: { type: 'string', enum: [...mediaTypes] }, minItems: 1 },
];
const named = { all: [...mediaTypes], none: [] };

export class UpdateSettingsDto {
  @Nested(() => UpdatePacingDto, { ...unset, description: 'What is left out stays; null takes a setting away.' })
  pacing?: UpdatePacingDto | null;
  @List({ of: eventTraits, max: 20, ...unset, description: skips, example: ['group'] }) skips?: EventTrait[] | null;
  @List({ of: destinationKinds, max: 20, ...unset, description: globalSkips, example: ['webhook'] })
  globalSkips?: DestinationKind[] | null;
  @Field(
    { oneOf: mediaDownloadSchema },
    { check: isMediaDownload, message: `must be all, none, or a list of ${mediaTypes.join(', ')}` },
    { ...unset, description: mediaDownload, example: ['image', 'document'] },
  )
  mediaDownload?: MediaDownload | null;

  /** As settings are stored. */
  patch(): SettingsPatch {
    const { mediaDownload: wanted, ...others } = this;
    return { ...others, mediaDownload: typeof wanted === 'string' ? named[wanted] : wanted };
  }
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
  @ApiProperty({ enum: eventTraits, isArray: true, description: skips }) skips: string[];
  @ApiProperty({ enum: destinationKinds, isArray: true, description: globalSkips }) globalSkips: string[];
  @ApiProperty({ oneOf: mediaDownloadSchema, nullable: true, description: mediaDownload })
  mediaDownload: string | string[] | null;

  static from(this: void, settings: SessionSettings): SettingsDto {
    const { pacing = {}, skips = [], globalSkips = [], mediaDownload: wanted } = settings;
    const { messagesPerMinute, burst, jitterMs, quietHours, newChatsPerDay } = pacing;
    return {
      pacing: {
        messagesPerMinute: messagesPerMinute ?? null,
        burst: burst ?? null,
        jitterMs: jitterMs ?? null,
        quietHours: quietHours ?? null,
        newChatsPerDay: newChatsPerDay ?? null,
      },
      skips,
      globalSkips,
      mediaDownload: wanted ? shown(wanted) : null,
    };
  }
}

function shown(types: string[]): string | string[] {
  if (!types.length) return 'none';
  return mediaTypes.every((type) => types.includes(type)) ? 'all' : types;
}
