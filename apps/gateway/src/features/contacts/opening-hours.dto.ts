import { OneOf, Text } from '@app/platform/http/fields.js';
import { invalid } from '@app/platform/errors/app-error.js';
import type { OpeningDay, OpeningHours } from '@app/whatsapp/api/business-profile.js';
import { List } from '@app/platform/http/list.field.js';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const modes = ['specific-hours', 'open-24h', 'appointment-only'] as const;

const clock = { pattern: /^([01]\d|2[0-4]):[0-5]\d$/, allowed: 'a time such as 09:30', max: 5, min: 5 };

export class OpeningDayDto {
  @OneOf(days) day: (typeof days)[number];
  @OneOf(modes) mode: (typeof modes)[number];
  @Text({ ...clock, optional: true, nullable: true, description: '`HH:MM`; null unless the hours are specific.' })
  opensAt: string | null;
  @Text({ ...clock, optional: true, nullable: true }) closesAt: string | null;
}

export class OpeningHoursDto {
  @Text({ max: 60, example: 'Asia/Jakarta', description: 'IANA name of the time zone.' }) timeZone: string;
  @List({ of: () => OpeningDayDto, max: 14, description: 'A day may have two entries, around a break.' })
  days: OpeningDayDto[];
}

/** The hours as they are given; those that are specific must say when. */
export function openingHours({ timeZone, days: given }: OpeningHoursDto): OpeningHours {
  const days = given.map(({ day, mode, opensAt, closesAt }) => ({
    day,
    mode,
    opensAt: opensAt ?? null,
    closesAt: closesAt ?? null,
  }));
  const isClear = ({ mode, opensAt, closesAt }: OpeningDay) => mode !== 'specific-hours' || (opensAt && closesAt);
  const wrong = days.findIndex((day) => !isClear(day));
  if (wrong >= 0) throw invalid('request.invalid', `/hours/days/${wrong}`, 'must say opensAt and closesAt');
  return { timeZone, days };
}
