import { GROUP_SERVER } from '../groups/group.js';
import type { Groups } from '../groups/groups.js';
import { familyOf } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import type { Core } from '../world/core.js';
import { privateTypes } from './person-receipts.js';
import type { Carrier } from './plane.js';
import { STATUS } from './shared-chat.js';

/** Carries receipts of group messages and statuses back to their author, who is named as `participant`. */
export class SharedReceipts implements Carrier {
  constructor(
    private readonly core: Core,
    private readonly groups: Groups,
  ) {}

  reaches(to: string): boolean {
    return to === STATUS || to.endsWith(`@${GROUP_SERVER}`);
  }

  submit(reader: Device, receipt: Stanza): void {
    const { type } = receipt.attrs;
    if (!this.isShared(reader, receipt)) return;
    if (type === 'retry') this.askAgain(reader, receipt);
    else if (type === 'read-self') this.tellOwnDevices(reader, receipt);
    else if (!privateTypes.has(type ?? '')) this.tick(reader, receipt);
  }

  /** Whether both the reader and the author belong to the chat; who sees a status only its author knows. */
  private isShared(reader: Device, { attrs: { to, participant } }: Stanza): boolean {
    const author = this.core.directory.findByJid(participant);
    if (to === STATUS) return author !== undefined && !author.refuses(reader.account);
    const group = this.groups.find(to);
    return author !== undefined && !!group?.members.has(author) && group.members.has(reader.account);
  }

  private askAgain(reader: Device, receipt: Stanza): void {
    const { participant } = receipt.attrs;
    this.core.directory.findDevice(participant)?.push(this.passOn(receipt, reader, reader.id, 'retry'));
  }

  private tick(reader: Device, receipt: Stanza): void {
    const { participant, type } = receipt.attrs;
    const author = this.core.directory.findByJid(participant);
    // `inactive` tells the service that the receiver is not looking; the author sees a plain delivery.
    const node = this.passOn(receipt, reader, 0, type === 'inactive' ? undefined : type);
    for (const device of author?.devices.values() ?? []) device.push(node);
    if (type === 'read') this.tellOwnDevices(reader, receipt);
  }

  private tellOwnDevices(reader: Device, receipt: Stanza): void {
    const node = this.passOn(receipt, reader, reader.id, 'read-self');
    node.attrs.recipient = receipt.attrs.participant ?? '';
    for (const device of reader.account.devices.values()) if (device !== reader) device.push(node);
  }

  private passOn({ attrs, content }: Stanza, reader: Device, device: number, type: string | undefined): Stanza {
    const participant = reader.account.shownJid(familyOf(attrs.participant) ?? 'pn', device);
    return stanza(
      'receipt',
      { from: attrs.to, participant, id: attrs.id, type, t: this.core.clock.seconds() },
      content,
    );
  }
}
