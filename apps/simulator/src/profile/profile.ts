import { notice } from '../network/notice.js';
import { SERVICE } from '../wire/jid.js';
import type { Family } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';

/** Changes what an account says about itself and whom it lets near, and tells everybody who must know. */
export class Profile {
  constructor(private readonly core: Core) {}

  /** Sets the about text; `by` is the device that did and needs no telling. */
  setAbout(account: Account, text: string, by?: Device): void {
    account.about = text;
    account.aboutSince = this.core.clock.seconds();
    const body = stanza('set', {}, Buffer.from(text));
    this.tellOwn(account, by, 'status', body);
    this.tellFollowers(account, 'status', body);
  }

  /** Sets how long messages of new chats are kept. */
  setDisappearing(account: Account, seconds: number, by?: Device): void {
    account.disappearingSeconds = seconds;
    account.disappearingSince = this.core.clock.seconds();
    const body = stanza('disappearing_mode', { duration: seconds, t: account.disappearingSince });
    this.tellOwn(account, by, 'account_sync', body);
    this.tellFollowers(account, 'disappearing_mode', body);
  }

  /** Changes a privacy setting; false when the category or the value does not exist. */
  setPrivacy(account: Account, name: string, value: string, by?: Device): boolean {
    if (!account.privacy.set(name, value)) return false;
    this.tellOwn(account, by, 'account_sync', stanza('privacy', {}, [stanza('category', { name, value })]));
    return true;
  }

  /** Blocks somebody, or lets them in again. */
  block(account: Account, other: Account, isBlocked: boolean, by?: Device): void {
    if (isBlocked) account.blocked.add(other.lid);
    else account.blocked.delete(other.lid);
    const item = stanza('item', { jid: other.jid('lid'), action: isBlocked ? 'block' : 'unblock' });
    this.tellOwn(account, by, 'account_sync', stanza('blocklist', {}, [item]));
  }

  private tellOwn(account: Account, by: Device | undefined, type: string, body: Stanza): void {
    for (const device of account.devices.values())
      if (device !== by && device instanceof Companion)
        device.push(notice(this.core, { from: type === 'status' ? account.jid('pn') : SERVICE, type }, [body]));
  }

  /** Those who know the account and are allowed to see it. */
  private tellFollowers(account: Account, type: string, body: Stanza): void {
    const isOther = ([device]: [Device, Family]) =>
      device.account !== account && account.shows('status', device.account);
    for (const [device, family] of [...account.followers].filter(isOther))
      if (device instanceof Companion) device.push(notice(this.core, { from: account.jid(family), type }, [body]));
  }
}
