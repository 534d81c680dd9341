import { ApiProperty } from '@nestjs/swagger';
import { destinationKinds, type DestinationKind } from '@app/database/entities/destination.entity.js';
import type { CallRejection, Pacing, SessionDevice, SessionSettings } from '@app/database/entities/session-settings.js';
import { eventTraits, type EventTrait } from '@app/platform/events/event-traits.js';
import { type MediaType, mediaTypes } from '@app/platform/events/media-content.js';
import { Field, Flag, Integer, Nested, OneOf, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { Typing, typingSchema } from '@app/platform/http/typing.field.js';
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

const presences = ['available', 'unavailable'] as const;
const presence =
  '`available`: the account is shown as online while the session is connected, and its phone does not ring. Null: `unavailable`.';
const autoRead = 'Messages that come in from now on are marked as read by themselves.';
const typing =
  'Seconds in which chats see somebody type (or record) before each message that does not say it itself; `auto`: by the length of the text.';
const callKinds = ['all', 'audio', 'video', 'group', 'unknown'] as const;
const callRejection = 'Calls that are rejected by themselves, each once.';
const browsers = ['chrome', 'firefox', 'safari', 'edge', 'opera', 'desktop'] as const;
const device = 'How the session calls itself on the phone, under "Linked devices"; counts when it is linked.';

export class CallRejectionDto {
  @List({
    of: callKinds,
    min: 1,
    max: 5,
    description: '`all`, or some: `audio`, `video`, `group`, `unknown` (callers who are not in the address book).',
    example: ['all'],
  })
  kinds: string[];
  @Text({ max: 1000, ...unset, description: 'What the caller is written, once.' }) text?: string | null;
}

export class UpdateDeviceDto {
  @Text({ max: 50, ...unset, example: 'Acme sales' }) name?: string | null;
  @OneOf(browsers, { ...unset, description: 'Whose icon is shown.' }) browser?: string | null;
}

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

  @OneOf(presences, { ...unset, description: presence }) presence?: (typeof presences)[number] | null;
  @Flag({ ...unset, description: autoRead }) autoRead?: boolean | null;
  @Typing({ ...unset, description: typing }) typing?: number | 'auto' | null;
  @Nested(() => CallRejectionDto, { ...unset, description: callRejection }) callRejection?: CallRejectionDto | null;
  @Nested(() => UpdateDeviceDto, { ...unset, description: device }) device?: UpdateDeviceDto | null;

  /** As settings are stored. */
  patch(): SettingsPatch {
    const { mediaDownload: wanted, autoRead: reads, typing: typed, callRejection: rejection, ...others } = this;
    return {
      ...others,
      mediaDownload: typeof wanted === 'string' ? named[wanted] : wanted,
      autoRead: reads === false ? null : reads,
      typing: typed === 0 ? null : typed,
      callRejection: rejection && { kinds: rejection.kinds, ...(rejection.text && { text: rejection.text }) },
    };
  }
}

export class PacingDto implements Record<keyof Pacing, unknown> {
  @ApiProperty({ type: Number, nullable: true }) messagesPerMinute: number | null;
  @ApiProperty({ type: Number, nullable: true }) burst: number | null;
  @ApiProperty({ type: Number, nullable: true }) jitterMs: number | null;
  @ApiProperty({ type: QuietHoursDto, nullable: true }) quietHours: QuietHoursDto | null;
  @ApiProperty({ type: Number, nullable: true }) newChatsPerDay: number | null;
}

export class ShownCallRejectionDto implements Record<keyof CallRejection, unknown> {
  @ApiProperty({ enum: callKinds, isArray: true }) kinds: string[];
  @ApiProperty({ type: String, nullable: true }) text: string | null;
}

export class SessionDeviceDto implements Record<keyof SessionDevice, unknown> {
  @ApiProperty({ type: String, nullable: true }) name: string | null;
  @ApiProperty({ enum: browsers, nullable: true }) browser: string | null;
}

export class SettingsDto {
  @ApiProperty({ type: PacingDto, description: 'Null where nothing is limited.' }) pacing: PacingDto;
  @ApiProperty({ enum: eventTraits, isArray: true, description: skips }) skips: string[];
  @ApiProperty({ enum: destinationKinds, isArray: true, description: globalSkips }) globalSkips: string[];
  @ApiProperty({ oneOf: mediaDownloadSchema, nullable: true, description: mediaDownload })
  mediaDownload: string | string[] | null;

  @ApiProperty({ enum: presences, description: presence }) presence: string;
  @ApiProperty({ description: autoRead }) autoRead: boolean;
  @ApiProperty({ oneOf: typingSchema, nullable: true, description: typing }) typing: number | 'auto' | null;
  @ApiProperty({ type: ShownCallRejectionDto, nullable: true, description: callRejection })
  callRejection: ShownCallRejectionDto | null;
  @ApiProperty({ type: SessionDeviceDto, description: device }) device: SessionDeviceDto;

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
      ...ofAccount(settings),
    };
  }
}

/** How the account behaves. */
function ofAccount({
  presence: shownAs = 'unavailable',
  autoRead: reads,
  typing: typed,
  callRejection: rejection,
  device: named,
}: SessionSettings) {
  return {
    presence: shownAs,
    autoRead: reads !== undefined,
    typing: typed ?? null,
    callRejection: rejection ? { kinds: rejection.kinds, text: rejection.text ?? null } : null,
    device: { name: named?.name ?? null, browser: named?.browser ?? null },
  };
}

function shown(types: string[]): string | string[] {
  if (!types.length) return 'none';
  return mediaTypes.every((type) => types.includes(type)) ? 'all' : types;
}
