import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { LRUCache } from 'lru-cache';

/*
 * The neutral form of a WhatsApp address, used everywhere outside libs/whatsapp and the dialects:
 *   a person       6281234567890          the phone number in international form, digits only
 *   a person       123456789012345@lid    where only WhatsApp's opaque id is known
 *   a group        120363…@g.us           a newsletter  120363…@newsletter      statuses  status@broadcast
 */

/** Most requests name a number that was named before. */
const judged = new LRUCache<string, boolean>({ max: 10_000 });

const shapes: Record<string, RegExp> = {
  lid: /^\d{5,20}$/,
  'g.us': /^\d{5,25}(-\d{5,15})?$/,
  newsletter: /^\d{5,25}$/,
  broadcast: /^status$/,
};

/** Reads any common spelling of an address; null when it is none. Device suffixes (`:12`) are dropped. */
export function parseWaId(text: string): string | null {
  const [user = '', domain, ...rest] = text.trim().split('@');
  if (domain === undefined) return parsePhone(user);
  const [bare = ''] = user.split(':');
  if (rest.length) return null;
  if (domain === 's.whatsapp.net' || domain === 'c.us') return parsePhone(`+${bare}`);
  return shapes[domain]?.test(bare) ? `${bare}@${domain}` : null;
}

/** Digits of a phone number in international form, with or without `+`, spaces, dashes or brackets; null when it can't be one. */
export function parsePhone(text: string): string | null {
  if (!/^\+?[\d\s().-]{5,30}$/.test(text.trim())) return null;
  const digits = text.replace(/\D/g, '');
  const isPhone = judged.get(digits) ?? parsePhoneNumberFromString(`+${digits}`)?.isPossible() ?? false;
  judged.set(digits, isPhone);
  return isPhone ? digits : null;
}

/** The phone number of a waId, or null for addresses that are not one. */
export const phoneOf = (waId: string): string | null => (/^\d+$/.test(waId) ? waId : null);

/** What kind of chat has this address. */
export function chatKindOf(waId: string): 'person' | 'group' | 'newsletter' | 'status' | 'broadcast' {
  if (waId === 'status@broadcast') return 'status';
  const [, domain] = waId.split('@');
  if (domain === 'g.us') return 'group';
  if (domain === 'newsletter' || domain === 'broadcast') return domain;
  return 'person';
}
