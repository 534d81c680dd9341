import { familyOf } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import type { Core } from '../world/core.js';
import type { Carrier } from './plane.js';

/** Receipts that only concern the own account; nobody else sees them. */
export const privateTypes = new Set(['sender', 'peer_msg', 'hist_sync']);

/** Carries receipts back to senders: ticks to every device of the account, retry requests to the one that sent. */
export class PersonReceipts implements Carrier {
  constructor(private readonly core: Core) {}

  reaches(to: string): boolean {
    return familyOf(to) !== undefined;
  }

  /** Passes a receipt on to those it concerns. */
  submit(sender: Device, receipt: Stanza): void {
    const { type } = receipt.attrs;
    if (type === 'retry') this.askAgain(sender, receipt);
    else if (type === 'server-error') this.askPhone(sender, receipt);
    else if (type === 'read-self') this.tellOwnDevices(sender, receipt);
    else if (!privateTypes.has(type ?? '')) this.tick(sender, receipt);
  }

  private askAgain(sender: Device, receipt: Stanza): void {
    const { to, id, recipient } = receipt.attrs;
    const from = sender.account.jid(familyOf(to) ?? 'pn', sender.id);
    const attrs = { from, id, recipient, type: 'retry', t: this.core.clock.seconds() };
    this.core.directory.findDevice(to)?.push(stanza('receipt', attrs, receipt.content));
  }

  /** A client could not download something; its own phone may still have it. */
  private askPhone({ account, id }: Device, { attrs, content }: Stanza): void {
    const from = account.jid('pn', id);
    account.devices.get(0)?.push(stanza('receipt', { ...attrs, from, to: undefined }, content));
  }

  private tick(sender: Device, receipt: Stanza): void {
    const { to, id, type } = receipt.attrs;
    // `inactive` tells the service that the receiver is not looking; the sender sees a plain delivery.
    const shown = type === 'inactive' ? undefined : type;
    const attrs = { from: sender.account.jid(familyOf(to) ?? 'pn'), id, type: shown, t: this.core.clock.seconds() };
    const node = stanza('receipt', attrs, receipt.content);
    const target = this.core.directory.findByJid(to);
    if (target && isShown(sender.account, target, type))
      for (const device of target.devices.values()) device.push(node);
    if (type === 'read') this.tellOwnDevices(sender, receipt);
  }

  private tellOwnDevices(sender: Device, receipt: Stanza): void {
    const { to, id } = receipt.attrs;
    const family = familyOf(to) ?? 'pn';
    const recipient = this.core.directory.findByJid(to)?.jid(family);
    const attrs = {
      from: sender.account.jid(family, sender.id),
      id,
      recipient,
      type: 'read-self',
      t: this.core.clock.seconds(),
    };
    for (const device of sender.account.devices.values())
      if (device !== sender) device.push(stanza('receipt', attrs, receipt.content));
  }
}

/** Somebody who hides when they read also does not learn when others do; the blocked learn nothing. */
function isShown(reader: Account, author: Account, type: string | undefined): boolean {
  if (author.refuses(reader) || reader.refuses(author)) return false;
  const saysRead = type === 'read' || type === 'played';
  return !saysRead || [reader, author].every(({ privacy }) => privacy.get('readreceipts') === 'all');
}
