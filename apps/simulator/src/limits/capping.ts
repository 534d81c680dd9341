import type { Clock } from '../world/clock.js';

/** How near an account is to its limit. */
type Stage = 'NONE' | 'FIRST_WARNING' | 'SECOND_WARNING' | 'CAPPED';

/** What is ordered: new chats in a cycle, how many were used before, and how long the cycle lasts. */
export interface CappingOrder {
  total: number;
  used?: number;
  cycleSeconds?: number;
}

const CYCLE_SECONDS = 30 * 24 * 60 * 60;
// Where the real service warns is not known.
const FIRST_WARNING = 0.75;
const SECOND_WARNING = 0.9;

/** How many people an account may write to first, within a cycle that starts anew when it has ended. */
export class Capping {
  /** Nothing is limited. */
  static readonly none = new Capping({ total: 0 });
  private readonly begun = new Set<string>();
  readonly cycleSeconds: number;
  private startedAt: number;
  private usedBefore: number;

  constructor(
    private readonly order: CappingOrder,
    private readonly clock?: Clock,
  ) {
    this.usedBefore = order.used ?? 0;
    this.cycleSeconds = order.cycleSeconds ?? CYCLE_SECONDS;
    this.startedAt = clock?.seconds() ?? 0;
  }

  get total(): number {
    return this.order.total;
  }

  /** When the cycle ends, in seconds since 1970. */
  get endsAt(): number {
    this.renew();
    return this.startedAt + (this.isInForce ? this.cycleSeconds : 0);
  }

  get isInForce(): boolean {
    return this.order.total > 0;
  }

  get used(): number {
    return Math.min(this.usedBefore + this.begun.size, this.order.total);
  }

  get stage(): Stage {
    const share = this.isInForce ? this.used / this.order.total : 0;
    if (share >= 1) return 'CAPPED';
    if (share >= SECOND_WARNING) return 'SECOND_WARNING';
    return share >= FIRST_WARNING ? 'FIRST_WARNING' : 'NONE';
  }

  /** Whether a chat with this person may be begun, or goes on. */
  allows(lid: string): boolean {
    this.renew();
    return !this.isInForce || this.begun.has(lid) || this.stage !== 'CAPPED';
  }

  /** Counts a chat; true when that brought the account to another stage. */
  count(lid: string): boolean {
    if (!this.isInForce) return false;
    const before = this.stage;
    this.begun.add(lid);
    return this.stage !== before;
  }

  toJson(now: number) {
    this.renew();
    return {
      total_quota: this.order.total,
      used_quota: this.used,
      cycle_start_timestamp: String(this.startedAt),
      cycle_end_timestamp: String(this.endsAt),
      server_sent_timestamp: String(now),
      ote_status: 'NOT_ELIGIBLE',
      mv_status: 'NOT_ELIGIBLE',
      capping_status: this.stage,
    };
  }

  private renew(): void {
    const now = this.clock?.seconds() ?? 0;
    if (!this.isInForce || now < this.startedAt + this.cycleSeconds) return;
    this.startedAt += Math.floor((now - this.startedAt) / this.cycleSeconds) * this.cycleSeconds;
    this.usedBefore = 0;
    this.begun.clear();
  }
}
