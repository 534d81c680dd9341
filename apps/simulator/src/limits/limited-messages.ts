import type { Carrier } from '../messages/plane.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import type { Directory } from '../world/directory.js';
import type { Limits } from './limits.js';

/** Carries messages between people as far as the sender's limits allow. */
export class LimitedMessages implements Carrier {
  constructor(
    private readonly inner: Carrier,
    private readonly limits: Limits,
    private readonly directory: Directory,
  ) {}

  reaches(to: string): boolean {
    return this.inner.reaches(to);
  }

  admit(sender: Device, message: Stanza): Stanza['attrs'] | undefined {
    const receiver = this.receiverOf(message);
    const refusal = receiver && this.limits.refusalOf(sender.account, receiver);
    return refusal === undefined ? this.inner.admit?.(sender, message) : { error: refusal };
  }

  submit(sender: Device, message: Stanza): void {
    const receiver = this.receiverOf(message);
    if (receiver) this.limits.written(sender.account, receiver);
    this.inner.submit(sender, message);
  }

  /** Whom a message is for; what goes to the own devices, or again to a single one, is no new message. */
  private receiverOf({ attrs }: Stanza): Account | undefined {
    if (attrs.category === 'peer' || attrs.device_fanout === 'false') return undefined;
    return this.directory.findByJid(attrs.to);
  }
}
