import { nameCertificate } from '../business/name-certificate.js';
import type { Trust } from '../profile/trust.js';
import { familyOf } from '../wire/jid.js';
import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { Carrier } from './plane.js';

/** What a message carries for every receiver besides its ciphertext. */
export const passedOn = new Set(['meta', 'biz', 'device-identity', 'unavailable']);

/** The encrypted contents of a message, or of one device's part of it; nothing else is anybody else's business. */
export function ciphertexts(holder: Stanza): Stanza[] {
  return children(holder, 'enc').filter(({ content }) => content instanceof Uint8Array);
}

/** A message on its way: what is the same for every device that gets it. */
interface Parcel {
  sender: Device;
  message: Stanza;
  /** The chat as the sender addressed it; own devices are told, everybody else knows. */
  chat: string | undefined;
  shared: Stanza[];
  t: string;
}

/** Carries one-to-one messages: takes a message apart and hands every addressed device its own ciphertext. */
export class PersonMessages implements Carrier {
  constructor(
    private readonly core: Core,
    private readonly trust: Trust,
  ) {}

  reaches(to: string): boolean {
    return familyOf(to) !== undefined;
  }

  /** People who only take messages from those they know are not written to by strangers. */
  admit(sender: Device, message: Stanza): Stanza['attrs'] | undefined {
    const receiver = this.core.directory.findByJid(message.attrs.to);
    const isTaken =
      !receiver || !(sender instanceof Companion) || this.trust.accepts(receiver, sender.account, message);
    return isTaken ? undefined : { error: '463' };
  }

  /** Delivers a message sent by any device. */
  submit(sender: Device, message: Stanza): void {
    const { to, recipient } = message.attrs;
    const participants = child(message, 'participants');
    const shared = children(message).filter(({ tag }) => passedOn.has(tag));
    const chat = participants ? to : recipient;
    const parcel = { sender, message, chat, shared, t: String(this.core.clock.seconds()) };
    // A resend for one device, or a message to the own phone: addressed directly, with the ciphertext at the top.
    if (!participants) return this.deliver(parcel, to, ciphertexts(message));
    for (const target of children(participants)) this.deliver(parcel, target.attrs.jid, ciphertexts(target));
  }

  private deliver(parcel: Parcel, to: string | undefined, enc: Stanza[]): void {
    const device = this.core.directory.findDevice(to);
    if (!device || device.account.refuses(parcel.sender.account)) return;
    const attrs = this.envelope(parcel, device, to);
    const { category, edit } = parcel.message.attrs;
    if (category) attrs.category = category;
    if (edit) attrs.edit = edit;
    device.push({
      tag: 'message',
      attrs,
      content: [...enc, ...parcel.shared, ...certificateOf(parcel.sender, device)],
    });
  }

  /** Who it is from, in the address family it was sent to, with the other family alongside so that clients learn both. */
  private envelope({ sender, message, chat, t }: Parcel, target: Device, to: string | undefined): Stanza['attrs'] {
    const family = familyOf(to) ?? 'pn';
    const { account } = sender;
    const { id = '', type = 'text' } = message.attrs;
    const attrs: Stanza['attrs'] = { from: account.jid(family, sender.id), id, type, t };
    if (account !== target.account) {
      attrs.notify = account.name;
      if (family === 'pn') attrs.sender_lid = account.jid('lid');
      else if (account.shownNumber) attrs.sender_pn = account.shownNumber;
      return attrs;
    }
    const peer = this.core.directory.findByJid(chat);
    if (!peer) return attrs;
    attrs.recipient = peer.jid(familyOf(chat) ?? 'pn');
    if (family === 'pn') attrs.peer_recipient_lid = peer.jid('lid');
    else if (peer.shownNumber) attrs.peer_recipient_pn = peer.shownNumber;
    return attrs;
  }
}

function certificateOf({ account }: Device, target: Device): Stanza[] {
  const { verifiedName } = account;
  return verifiedName === undefined || target.account === account ? [] : [nameCertificate(verifiedName)];
}
