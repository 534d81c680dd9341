import type { Group } from '../groups/group.js';
import { GROUP_SERVER } from '../groups/group.js';
import type { Groups } from '../groups/groups.js';
import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import type { Core } from '../world/core.js';
import { ciphertexts, passedOn } from './person-messages.js';
import type { Carrier } from './plane.js';
import { copyFor } from './shared-chat.js';

/**
 * Carries messages to groups. All members get the same ciphertext, made with the author's sender key; who does not have
 * that key yet finds it in front, encrypted for the own device alone.
 */
export class GroupMessages implements Carrier {
  constructor(
    private readonly core: Core,
    private readonly groups: Groups,
  ) {}

  reaches(to: string): boolean {
    return to.endsWith(`@${GROUP_SERVER}`);
  }

  admit(sender: Device, { attrs }: Stanza): Stanza['attrs'] {
    const group = this.groups.find(attrs.to);
    if (!group) return { error: '404' };
    if (!group.members.has(sender.account)) return { error: '403' };
    if (!group.isOpenTo(sender.account)) return { error: '405' };
    return { addressing_mode: group.addressing };
  }

  submit(sender: Device, message: Stanza): void {
    const group = this.groups.find(message.attrs.to);
    if (!group) return;
    const { participant } = message.attrs;
    // A resend for the one device that could not read it.
    if (participant !== undefined) return this.resend(group, sender, message, participant);
    const own = new Map(children(child(message, 'participants')).map((to) => [to.attrs.jid, ciphertexts(to)]));
    const common = children(message).filter(({ tag }) => tag === 'enc' || passedOn.has(tag));
    for (const account of group.members.keys())
      for (const device of account.devices.values()) {
        if (device === sender) continue;
        const front = own.get(account.jid('pn', device.id)) ?? own.get(account.jid('lid', device.id)) ?? [];
        this.deliver(group, sender, device, message, [...front, ...common]);
      }
  }

  private resend(group: Group, sender: Device, message: Stanza, participant: string): void {
    const device = this.core.directory.findDevice(participant);
    if (!device || !group.members.has(device.account)) return;
    const content = children(message).filter(({ tag }) => tag === 'enc' || passedOn.has(tag));
    this.deliver(group, sender, device, message, content);
  }

  private deliver(group: Group, sender: Device, device: Device, message: Stanza, content: Stanza[]): void {
    device.push(copyFor(message, sender, group.addressing, this.core.clock.seconds(), content));
  }
}
