import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { textOf } from './people-query.js';

export const weekDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export const openingModes = ['specific-hours', 'open-24h', 'appointment-only'] as const;

/** When a business is open on a day of the week. */
export interface OpeningDay {
  day: (typeof weekDays)[number];
  mode: (typeof openingModes)[number];
  /** `HH:MM`; null unless the hours are specific. */
  opensAt: string | null;
  closesAt: string | null;
}

export interface OpeningHours {
  /** IANA name. */
  timeZone: string;
  days: OpeningDay[];
}

/** What a business says about itself. */
export interface BusinessProfile {
  description: string | null;
  address: string | null;
  email: string | null;
  websites: string[];
  categories: { id: string; name: string }[];
  hours: OpeningHours | null;
  coverPhotoId: string | null;
  /** Further settings, in WhatsApp's words. */
  options: Record<string, string>;
}

/** Reads the first `<profile>` of an answer; null when the account is no business. */
export function readBusinessProfile(answer: BinaryNode): BusinessProfile | null {
  const profile = getBinaryNodeChild(getBinaryNodeChild(answer, 'business_profile'), 'profile');
  if (!profile || !Array.isArray(profile.content)) return null;
  const text = (tag: string) => textOf(getBinaryNodeChild(profile, tag)) ?? null;
  const categories = getBinaryNodeChildren(getBinaryNodeChild(profile, 'categories'), 'category');
  const options = getBinaryNodeChild(profile, 'profile_options')?.content;
  return {
    description: text('description'),
    address: text('address'),
    email: text('email'),
    websites: getBinaryNodeChildren(profile, 'website').flatMap((node) => textOf(node) || []),
    categories: categories.map((node) => ({ id: node.attrs.id ?? '', name: textOf(node) ?? '' })),
    hours: readHours(getBinaryNodeChild(profile, 'business_hours')),
    coverPhotoId: getBinaryNodeChild(profile, 'cover_photo')?.attrs.id ?? null,
    options: Object.fromEntries(
      (Array.isArray(options) ? options : []).map((node) => [node.tag, textOf(node) ?? ''] as const),
    ),
  };
}

/** WhatsApp's word for a mode is ours with underscores. */
export const modeOnWire = (mode: OpeningDay['mode']): string => mode.replace('-', '_');

/** `HH:MM` as the minutes since midnight that WhatsApp counts in. */
export function minutesOf(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return String(hours * 60 + minutes);
}

function readHours(node: BinaryNode | undefined): OpeningHours | null {
  if (!node) return null;
  const days = getBinaryNodeChildren(node, 'business_hours_config').map(({ attrs }): OpeningDay => {
    const mode = openingModes.find((known) => modeOnWire(known) === attrs.mode) ?? 'specific-hours';
    const day = weekDays.find((known) => known === attrs.day_of_week) ?? 'sun';
    return { day, mode, opensAt: clockTime(attrs.open_time), closesAt: clockTime(attrs.close_time) };
  });
  return { timeZone: node.attrs.timezone ?? 'UTC', days };
}

function clockTime(minutes: string | undefined): string | null {
  if (!minutes || !/^\d{1,4}$/.test(minutes)) return null;
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(Number(minutes) / 60))}:${two(Number(minutes) % 60)}`;
}
