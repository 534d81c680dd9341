import { ReachoutTimelockEnforcementType } from '@whiskeysockets/baileys/lib/Types/State.js';

/** Why an account is locked, in the service's words. */
export type LockType = `${ReachoutTimelockEnforcementType}`;

/** Every reason the clients know. */
export const lockTypes: LockType[] = Object.values(ReachoutTimelockEnforcementType);

/** A time in which an account may not write to people who never wrote to it. */
export class TimeLock {
  static readonly none = new TimeLock(0, 'DEFAULT');

  constructor(
    /** Seconds since 1970; 0: not locked. */
    readonly endsAt: number,
    readonly type: LockType,
  ) {}

  get isActive(): boolean {
    return this.endsAt > 0;
  }

  toJson() {
    return {
      is_active: this.isActive,
      time_enforcement_ends: String(this.endsAt),
      enforcement_type: this.type,
    };
  }
}
