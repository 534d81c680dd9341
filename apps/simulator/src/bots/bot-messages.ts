import type { Carrier, Plane } from '../messages/plane.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import type { Directory } from '../world/directory.js';

/** Carries what is addressed to bots to the accounts behind their addresses, for which clients have encrypted it. */
export class BotMessages implements Carrier {
  constructor(
    private readonly plane: Plane,
    private readonly directory: Directory,
  ) {}

  reaches(to: string): boolean {
    return to.endsWith('@bot');
  }

  admit(sender: Device, message: Stanza): Stanza['attrs'] | undefined {
    const forwarded = this.forward(message);
    if (!forwarded) return { error: '404' };
    return this.plane.carrierOf(forwarded)?.admit?.(sender, forwarded);
  }

  submit(sender: Device, message: Stanza): void {
    const forwarded = this.forward(message);
    if (forwarded) this.plane.carrierOf(forwarded)?.submit(sender, forwarded);
  }

  private forward(message: Stanza): Stanza | undefined {
    const to = this.directory.findByJid(message.attrs.to)?.jid('pn');
    return to === undefined ? undefined : { ...message, attrs: { ...message.attrs, to } };
  }
}
