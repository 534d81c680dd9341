import { familyOf } from '../wire/jid.js';
import { child, children, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import type { Directory } from '../world/directory.js';

const passedOn = new Set(['enc', 'meta', 'biz', 'device-identity', 'unavailable']);

/** Carries one-to-one messages: takes a message apart and hands every addressed device its own ciphertext. */
export class MessagePlane {
  constructor(private readonly directory: Directory) {}

  /** Whether this kind of destination is implemented. */
  carries(message: Stanza): boolean {
    return familyOf(message.attrs.to) !== undefined;
  }

  /** Delivers a message sent by any device. */
  submit(sender: Device, message: Stanza): void {
    const { to, recipient } = message.attrs;
    const participants = child(message, 'participants');
    // A resend for one device, or a message to the own phone: addressed directly, with the ciphertext at the top.
    if (!participants) return this.deliver(sender, message, to, recipient, children(message, 'enc'));
    for (const target of children(participants, 'to'))
      this.deliver(sender, message, target.attrs.jid, to, children(target, 'enc'));
  }

  private deliver(
    sender: Device,
    message: Stanza,
    to: string | undefined,
    chat: string | undefined,
    enc: Stanza[],
  ): void {
    const device = this.directory.findDevice(to);
    if (!device || device.account.blocked.has(sender.account.lid)) return;
    const shared = children(message).filter(({ tag }) => tag !== 'enc' && passedOn.has(tag));
    const attrs = { ...this.envelope(sender, device, to, chat), ...routing(message) };
    device.push(stanza('message', attrs, [...enc, ...shared]));
  }

  /** Who it is from, in the address family it was sent to, with the other family alongside so that clients learn both. */
  private envelope(sender: Device, target: Device, to: string | undefined, chat: string | undefined) {
    const family = familyOf(to) ?? 'pn';
    const [other, alt] = family === 'pn' ? (['lid', 'sender_lid'] as const) : (['pn', 'sender_pn'] as const);
    const from = sender.account.jid(family, sender.id);
    if (sender.account !== target.account)
      return { from, notify: sender.account.name, [alt]: sender.account.jid(other) };
    const peer = this.directory.findByJid(chat);
    if (!peer || !chat) return { from };
    return { from, recipient: peer.jid(familyOf(chat) ?? 'pn'), [`peer_recipient_${other}`]: peer.jid(other) };
  }
}

function routing({ attrs }: Stanza) {
  const t = Math.floor(Date.now() / 1000);
  return { id: attrs.id, type: attrs.type ?? 'text', t, category: attrs.category, edit: attrs.edit };
}
