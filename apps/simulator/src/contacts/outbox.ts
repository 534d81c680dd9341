import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Plane } from '../messages/plane.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device, DeviceKeys } from '../world/account.js';
import { envelopeOf } from './envelope.js';
import type { Destination } from './letter.js';
import { pad } from './plaintext.js';
import type { SignalEngine } from './signal-engine.js';

const MAX_REMEMBERED = 50_000;

interface Sent {
  message: proto.IMessage;
  to: Destination;
}

/** The Signal address of a device: sessions are always kept under the opaque id. */
export function signalAddress(account: Account, device: number): string {
  return `${account.lid}_1.${device}`;
}

/** For whom a message is encrypted; linked clients that are left out get it without content. */
export type Audience = 'all devices' | 'phone only';

/** What a phone sends: encrypts for every device concerned and remembers the plaintext for resends. */
export class Outbox {
  private readonly sent = new Map<string, Sent>();

  constructor(
    private readonly phone: Device,
    private readonly engine: SignalEngine,
    private readonly plane: Plane,
  ) {}

  /** Sends to all devices of a person and a copy to the own companions. */
  async send(
    id: string,
    destination: Destination,
    message: proto.IMessage,
    audience: Audience = 'all devices',
  ): Promise<void> {
    this.remember(id, { message, to: destination });
    const { account: to, family } = destination;
    const { account } = this.phone;
    const copy: proto.IMessage = { deviceSentMessage: { destinationJid: to.jid(family), message } };
    const targets: Stanza[] = [];
    for (const device of to.devices.values()) {
      const isLeftOut = audience === 'phone only' && device.id !== 0;
      if (device === this.phone) continue;
      targets.push(isLeftOut ? emptyEnvelope(device, family) : await this.envelope(device, family, message));
    }
    for (const device of to === account ? [] : account.devices.values())
      if (device !== this.phone) targets.push(await this.envelope(device, family, copy));
    const { type, edit, notes } = envelopeOf(message);
    const content = [stanza('participants', {}, targets), ...notes];
    this.plane.submit(this.phone, stanza('message', { to: to.jid(family), id, type, edit }, content));
  }

  /** Sends to one own companion something only own devices may say. */
  async sendToCompanion(id: string, companion: Device, message: proto.IMessage): Promise<void> {
    const to = companion.account.jid('pn', companion.id);
    const enc = await this.encrypt(companion, message);
    this.plane.submit(this.phone, stanza('message', { to, id, type: 'text', category: 'peer' }, [enc]));
  }

  /** Sends a remembered message again to one device, in a new session; false when it is not remembered. */
  async resend(id: string, device: Device, count: string, keys?: DeviceKeys): Promise<boolean> {
    const sent = this.sent.get(id);
    if (!sent) return false;
    await this.engine.start(signalAddress(device.account, device.id), keys ?? device.keys);
    const { account: peer, family } = sent.to;
    const isOwn = device.account === this.phone.account && peer !== this.phone.account;
    const chat = peer.jid(family);
    const message = isOwn ? { deviceSentMessage: { destinationJid: chat, message: sent.message } } : sent.message;
    const enc = await this.encrypt(device, message, count);
    const { type, edit } = envelopeOf(sent.message);
    const attrs = { to: device.account.jid(family, device.id), id, type, edit, device_fanout: 'false' };
    this.plane.submit(this.phone, stanza('message', isOwn ? { ...attrs, recipient: chat } : attrs, [enc]));
    return true;
  }

  private async envelope(device: Device, family: Destination['family'], message: proto.IMessage): Promise<Stanza> {
    return stanza('to', { jid: device.account.jid(family, device.id) }, [await this.encrypt(device, message)]);
  }

  private async encrypt(device: Device, message: proto.IMessage, count?: string): Promise<Stanza> {
    const address = signalAddress(device.account, device.id);
    // A person who has reinstalled cannot read what an old session encrypts.
    if (!this.engine.hasSession(address, device.keys.identity)) await this.engine.start(address, device.keys);
    const { type, body } = await this.engine.encrypt(address, pad(message));
    const { enc } = envelopeOf(message.deviceSentMessage?.message ?? message);
    return stanza('enc', { v: 2, type, count, ...enc }, body);
  }

  private remember(id: string, sent: Sent): void {
    this.sent.set(id, sent);
    const oldest = this.sent.size > MAX_REMEMBERED ? this.sent.keys().next() : undefined;
    if (oldest && !oldest.done) this.sent.delete(oldest.value);
  }
}

function emptyEnvelope(device: Device, family: Destination['family']): Stanza {
  return stanza('to', { jid: device.account.jid(family, device.id) });
}
