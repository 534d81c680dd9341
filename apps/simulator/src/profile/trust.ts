import { notice } from '../network/notice.js';
import { contentBytes, child, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';

/**
 * Tokens people give to those they write to: proof that a later message does not come from a stranger. Whoever was
 * given one counts as a contact of the giver.
 */
export class Trust {
  constructor(private readonly core: Core) {}

  /** Gives a token to somebody and tells their clients. */
  give(from: Account, to: Account, t = this.core.clock.seconds()): void {
    const token = this.core.seed.bytes(`token ${from.lid} ${to.lid} ${t}`);
    from.tokens.set(to.lid, token);
    const sender = { from: from.jid(from.hidesNumber ? 'lid' : 'pn'), sender_lid: from.jid('lid') };
    for (const device of to.devices.values()) {
      if (!(device instanceof Companion)) continue;
      const given = stanza('token', { jid: to.jid('pn', device.id), t, type: 'trusted_contact' }, token);
      device.push(notice(this.core, { ...sender, type: 'privacy_token' }, [stanza('tokens', {}, [given])]));
    }
  }

  /** Gives a token to somebody who has none: the first time one writes to them. */
  introduce(from: Account, to: Account): void {
    if (from !== to && !from.tokens.has(to.lid)) this.give(from, to);
  }

  /** Whether somebody takes a message: always, unless they demand a token and it is missing or not theirs. */
  accepts(receiver: Account, sender: Account, message: Stanza): boolean {
    if (!receiver.demandsToken || receiver === sender) return true;
    const token = receiver.tokens.get(sender.lid);
    return token !== undefined && token.equals(contentBytes(child(message, 'tctoken')));
  }
}
