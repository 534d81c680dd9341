import type { AccountLimits } from '@app/database/entities/account-limits.entity.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import type { NewChatCap, TimeLock } from '@app/whatsapp/updates/wa-update.js';

/** Something that an account must not do for a while, with the word that waiting messages show. */
export interface Hold {
  reason: 'account-restricted' | 'account-capped';
  until: Date;
}

/** When WhatsApp does not say when a cap ends, it is asked again after this time. */
const UNTOLD_MS = 3_600_000;

type Lock = Pick<AccountLimits, 'restrictedUntil' | 'restriction'>;
type Cap = Pick<AccountLimits, 'newChatsTotal' | 'newChatsUsed' | 'newChatsResetAt' | 'isCapped'>;

export const withLock = ({ until, reason }: TimeLock): Lock => ({ restrictedUntil: until, restriction: reason });

export const withCap = ({ total, used, resetAt, isCapped }: NewChatCap): Cap => ({
  newChatsTotal: total,
  newChatsUsed: used,
  newChatsResetAt: resetAt,
  isCapped,
});

/** What is in force at a moment. */
export function holdsOf(limits: AccountLimits | undefined, now: Date): Hold[] {
  if (!limits) return [];
  const { restrictedUntil, isCapped, newChatsResetAt } = limits;
  const holds: Hold[] = [];
  if (restrictedUntil && restrictedUntil > now) holds.push({ reason: 'account-restricted', until: restrictedUntil });
  const capEnd = newChatsResetAt ?? new Date(now.getTime() + UNTOLD_MS);
  if (isCapped && capEnd > now) holds.push({ reason: 'account-capped', until: capEnd });
  return holds;
}

/** The events that tell what changed. */
export function eventsOf(before: AccountLimits, after: AccountLimits): NewEvent[] {
  const { tenantId, sessionId } = after;
  const about = { tenantId, sessionId };
  const events: NewEvent[] = [];
  const until = after.restrictedUntil;
  if (until && until.getTime() !== before.restrictedUntil?.getTime())
    events.push({
      ...about,
      type: 'account.restricted',
      data: { until: until.toISOString(), reason: after.restriction },
    });
  if (!until && before.restrictedUntil)
    events.push({ ...about, type: 'account.restored', data: { was: 'restricted' } });
  if (after.isCapped && !before.isCapped) {
    const { newChatsTotal: total, newChatsUsed: used, newChatsResetAt: resetAt } = after;
    events.push({ ...about, type: 'account.capped', data: { total, used, until: resetAt?.toISOString() ?? null } });
  }
  if (!after.isCapped && before.isCapped) events.push({ ...about, type: 'account.restored', data: { was: 'capped' } });
  return events;
}
