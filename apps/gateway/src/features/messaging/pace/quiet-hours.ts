import type { QuietHours } from '@app/database/entities/session-settings.js';

const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;

/** When the quiet hours that it is in end; null outside of them. From and to being the same means never. */
export function quietUntil({ from, to, timeZone }: QuietHours, now: Date): Date | null {
  const [start, end, minute] = [minutesOf(from), minutesOf(to), minuteOfDay(now, timeZone)];
  const isQuiet = start <= end ? minute >= start && minute < end : minute >= start || minute < end;
  if (!isQuiet) return null;
  const left = (end - minute + DAY_MINUTES) % DAY_MINUTES;
  return new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + left * MINUTE_MS);
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** On the clocks of a time zone; where they are put forward or back in between, the end is looked for again then. */
function minuteOfDay(now: Date, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  return minutesOf(format.format(now));
}
