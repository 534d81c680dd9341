import type { BaileysEventMap, NewChatMessageCapInfo, ReachoutTimelockState } from '@whiskeysockets/baileys';
import type { NewChatCap, TimeLock, WaUpdate } from './wa-update.js';

/** WhatsApp's own clients lock themselves for this long when they are not told how long. */
const UNTOLD_LOCK_MS = 60_000;

export function readTimeLock({ isActive, timeEnforcementEnds, enforcementType }: ReachoutTimelockState): TimeLock {
  if (!isActive) return { until: null, reason: null };
  return { until: timeEnforcementEnds ?? new Date(Date.now() + UNTOLD_LOCK_MS), reason: enforcementType ?? null };
}

export function readNewChatCap(info: NewChatMessageCapInfo): NewChatCap {
  const [total, used] = [Number(info.total_quota ?? 0), Number(info.used_quota ?? 0)];
  const endsAt = Number(info.cycle_end_timestamp ?? 0);
  if (!total) return { total: null, used: null, resetAt: null, isCapped: false };
  const isCapped = (info.capping_status as string | undefined) === 'CAPPED' || used >= total;
  return { total, used, resetAt: endsAt ? new Date(endsAt * 1000) : null, isCapped };
}

/** Part of what a connection tells of itself. */
export const readLockUpdate = ({ reachoutTimeLock }: BaileysEventMap['connection.update']): WaUpdate | null =>
  reachoutTimeLock ? { kind: 'time-lock', lock: readTimeLock(reachoutTimeLock) } : null;

export const readCapUpdate = (info: BaileysEventMap['message-capping.update']): WaUpdate => ({
  kind: 'new-chat-cap',
  cap: readNewChatCap(info),
});
