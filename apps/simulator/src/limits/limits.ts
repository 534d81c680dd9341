import { mexNotice } from '../mex/mex-notice.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { Capping } from './capping.js';
import type { CappingOrder } from './capping.js';
import { TimeLock } from './time-lock.js';
import type { LockType } from './time-lock.js';

const TIME_LOCKED = '463';
const CAPPED = '475';

interface Restrictions {
  timeLock: TimeLock;
  capping: Capping;
  /** Withdraws the end of the time-lock when it is lifted or replaced. */
  cancelEnd: () => void;
}

/** What the service holds accounts back from: writing to people who never wrote to them. */
export class Limits {
  private readonly restricted = new Map<Account, Restrictions>();
  /** Per account, the opaque ids of those who have written to it. */
  private readonly correspondents = new Map<Account, Set<string>>();

  constructor(private readonly core: Core) {}

  timeLockOf(account: Account): TimeLock {
    return this.restricted.get(account)?.timeLock ?? TimeLock.none;
  }

  cappingOf(account: Account): Capping {
    return this.restricted.get(account)?.capping ?? Capping.none;
  }

  /** Locks an account for a while; zero seconds lift the lock. Its clients are told of both. */
  lock(account: Account, seconds: number, type: LockType): void {
    const restrictions = this.restrictionsOf(account);
    restrictions.cancelEnd();
    restrictions.cancelEnd = () => undefined;
    if (seconds === 0) return this.lift(account);
    restrictions.timeLock = new TimeLock(this.core.clock.seconds() + seconds, type);
    restrictions.cancelEnd = this.core.clock.after(seconds * 1000, () => this.lift(account));
    this.tellOfLock(account);
  }

  /** Allows so many new chats in a cycle; a total of zero ends the capping. */
  cap(account: Account, order: CappingOrder): void {
    const capping = order.total === 0 ? Capping.none : new Capping(order, this.core.clock);
    this.restrictionsOf(account).capping = capping;
    this.tellOfCapping(account);
  }

  /** The code with which a message to this person is refused now; undefined when it is not. */
  refusalOf(sender: Account, to: Account): string | undefined {
    if (sender === to || this.correspondents.get(sender)?.has(to.lid)) return undefined;
    if (this.timeLockOf(sender).isActive) return TIME_LOCKED;
    return this.cappingOf(sender).allows(to.lid) ? undefined : CAPPED;
  }

  /** A message goes out: the receiver may answer from now on, and a new chat counts. */
  written(sender: Account, to: Account): void {
    if (sender === to) return;
    const known = this.correspondents.get(to) ?? new Set();
    this.correspondents.set(to, known.add(sender.lid));
    if (this.correspondents.get(sender)?.has(to.lid)) return;
    if (this.cappingOf(sender).count(to.lid)) this.tellOfCapping(sender);
  }

  private lift(account: Account): void {
    this.restrictionsOf(account).timeLock = TimeLock.none;
    this.tellOfLock(account);
  }

  private tellOfLock(account: Account): void {
    const data = { xwa2_notify_account_reachout_timelock: this.timeLockOf(account).toJson() };
    this.tell(account, 'NotificationUserReachoutTimelockUpdate', data);
  }

  private tellOfCapping(account: Account): void {
    const info = this.cappingOf(account).toJson(this.core.clock.seconds());
    this.tell(account, 'MessageCappingInfoNotification', { xwa2_notify_new_chat_messages_capping_info_update: info });
  }

  private tell(account: Account, operation: string, data: object): void {
    for (const device of account.devices.values())
      if (device instanceof Companion) device.push(mexNotice(this.core, operation, { data }));
  }

  private restrictionsOf(account: Account): Restrictions {
    const known = this.restricted.get(account);
    if (known) return known;
    const fresh = { timeLock: TimeLock.none, capping: Capping.none, cancelEnd: () => undefined };
    this.restricted.set(account, fresh);
    return fresh;
  }
}
