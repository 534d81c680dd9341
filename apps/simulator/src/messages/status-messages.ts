import { familyOf } from '../wire/jid.js';
import { child, children, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import type { Core } from '../world/core.js';
import { ciphertexts, passedOn } from './person-messages.js';
import type { Carrier } from './plane.js';
import { STATUS, copyFor } from './shared-chat.js';

/** Carries statuses to the devices their author has chosen; unlike a group, nobody else has a list of them. */
export class StatusMessages implements Carrier {
  constructor(private readonly core: Core) {}

  reaches(to: string): boolean {
    return to === STATUS;
  }

  submit(sender: Device, message: Stanza): void {
    const common = children(message).filter(({ tag }) => tag === 'enc' || passedOn.has(tag));
    const { participant } = message.attrs;
    // A resend for the one device that could not read it names that device instead of a list.
    const targets =
      participant === undefined ? children(child(message, 'participants')) : [stanza('to', { jid: participant })];
    for (const target of targets) {
      const { jid } = target.attrs;
      const device = this.core.directory.findDevice(jid);
      if (!device || device === sender || device.account.refuses(sender.account)) continue;
      const family = familyOf(jid) ?? 'pn';
      device.push(copyFor(message, sender, family, this.core.clock.seconds(), [...ciphertexts(target), ...common]));
    }
  }
}
