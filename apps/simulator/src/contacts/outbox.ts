import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Plane } from '../messages/plane.js';
import type { Family } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device, DeviceKeys } from '../world/account.js';
import { envelopeOf } from './envelope.js';
import { BoundedMap } from '../world/bounded-map.js';
import { addressOf, familyIn } from './letter.js';
import type { Destination } from './letter.js';
import type { MailRecord } from './mail-record.js';
import { pad } from './plaintext.js';
import type { SenderKeys } from './sender-keys.js';
import type { SignalEngine } from './signal-engine.js';

const MAX_REMEMBERED = 50_000;

type Person = Extract<Destination, { kind: 'person' }>;
type Several = Exclude<Destination, Person>;

interface Sent {
  message: proto.IMessage;
  to: Destination;
}

/** A message that is sent again: to whom, and the how-manieth time. */
interface Again {
  id: string;
  device: Device;
  count: string;
}

/** The Signal address of a device: sessions are always kept under the opaque id. */
export function signalAddress(account: Account, device: number): string {
  return `${account.lid}_1.${device}`;
}

/** The phone that sends, with its record of what did not go out. */
type Sender = Device & { readonly record: MailRecord };

/** For whom a message is encrypted; linked clients that are left out get it without content. */
export type Audience = 'all devices' | 'phone only';

/** What a phone sends: encrypts for every device concerned and remembers the plaintext for resends. */
export class Outbox {
  private readonly sent = new BoundedMap<string, Sent>(MAX_REMEMBERED);

  constructor(
    private readonly phone: Sender,
    private readonly engine: SignalEngine,
    private readonly senderKeys: SenderKeys,
    private readonly plane: Plane,
  ) {}

  /** Sends to everybody a chat consists of, and to the own companions; the answer is the code of a refusal. */
  async send(
    id: string,
    to: Destination,
    message: proto.IMessage,
    audience: Audience = 'all devices',
  ): Promise<string | undefined> {
    const refusal =
      to.kind === 'person'
        ? await this.sendToPerson(id, to, message, audience)
        : await this.sendToSeveral(id, to, message);
    if (refusal === undefined) this.sent.set(id, { message, to });
    return refusal;
  }

  /** Where a remembered message went. */
  destinationOf(id: string): Destination | undefined {
    return this.sent.get(id)?.to;
  }

  /** To all devices of a person; the own companions get a copy that says whom it was for. */
  private async sendToPerson(
    id: string,
    { account: to, family }: Person,
    message: proto.IMessage,
    audience: Audience,
  ): Promise<string | undefined> {
    const { account } = this.phone;
    const copy: proto.IMessage = { deviceSentMessage: { destinationJid: to.jid(family), message } };
    const targets: Stanza[] = [];
    const theirs = [...to.devices.values()].filter((device) => device !== this.phone);
    for (const device of theirs) {
      const isLeftOut = audience === 'phone only' && device.id !== 0;
      const target = isLeftOut ? emptyEnvelope(device, family) : await this.envelope(id, device, family, message);
      if (target) targets.push(target);
    }
    if (theirs.length > 0 && targets.length === 0) return 'keys';
    for (const device of to === account ? [] : account.devices.values()) {
      const target = device === this.phone ? undefined : await this.envelope(id, device, family, copy);
      if (target) targets.push(target);
    }
    const { type, edit, notes } = envelopeOf(message);
    const content = [stanza('participants', {}, targets), ...notes];
    return this.plane.submit(this.phone, stanza('message', { to: to.jid(family), id, type, edit }, content));
  }

  /** One ciphertext for all, and the key to it for each device that does not have it; statuses always bring it along. */
  private async sendToSeveral(id: string, chat: Several, message: proto.IMessage): Promise<string | undefined> {
    const [to, family] = [addressOf(chat), familyIn(chat)];
    const devices = this.audienceOf(chat);
    this.senderKeys.prepare(to, new Set(devices.keys()));
    const senderKeyDistributionMessage = await this.senderKeys.distribution(to);
    const targets = new Map<string, Stanza>();
    for (const [holder, device] of devices) {
      if (chat.kind === 'group' && this.senderKeys.isHeld(to, holder)) continue;
      const target = await this.envelope(id, device, family, { senderKeyDistributionMessage });
      if (target) targets.set(holder, target);
    }
    const body = await this.senderKeys.encrypt(to, pad(message));
    const { type, edit, enc, notes } = envelopeOf(message);
    const participants = stanza('participants', {}, [...targets.values()]);
    const content = [participants, stanza('enc', { v: 2, type: 'skmsg', ...enc }, body), ...notes];
    const attrs = { to, id, type, edit, addressing_mode: family };
    const refusal = this.plane.submit(this.phone, stanza('message', attrs, content));
    if (refusal === undefined) this.senderKeys.handedOut(to, targets.keys());
    return refusal;
  }

  /** The devices of everybody in a chat, by what they are as holders of sender keys: who reinstalls is somebody new. */
  private audienceOf(chat: Several): Map<string, Device> {
    const people = chat.kind === 'group' ? chat.group.members.keys() : [...chat.viewers, this.phone.account];
    const devices = new Map<string, Device>();
    for (const account of people)
      for (const device of account.devices.values()) if (device !== this.phone) devices.set(holderName(device), device);
    return devices;
  }

  /** Sends to one own companion something only own devices may say. */
  async sendToCompanion(id: string, companion: Device, message: proto.IMessage): Promise<void> {
    const to = companion.account.jid('pn', companion.id);
    const enc = await this.encrypt(companion, message);
    this.plane.submit(this.phone, stanza('message', { to, id, type: 'text', category: 'peer' }, [enc]));
  }

  /** Sends a remembered message again to one device, in a new session; false when it is not remembered or refused. */
  async resend(id: string, device: Device, count: string, keys?: DeviceKeys): Promise<boolean> {
    const sent = this.sent.get(id);
    if (!sent) return false;
    await this.engine.start(signalAddress(device.account, device.id), keys ?? device.keys);
    const again = { id, device, count };
    const refusal =
      sent.to.kind === 'person'
        ? await this.resendToPerson(again, sent.message, sent.to)
        : await this.resendToSeveral(again, sent.message, sent.to);
    return refusal === undefined;
  }

  private async resendToPerson(
    { id, device, count }: Again,
    original: proto.IMessage,
    { account: peer, family }: Person,
  ): Promise<string | undefined> {
    const isOwn = device.account === this.phone.account && peer !== this.phone.account;
    const chat = peer.jid(family);
    const message = isOwn ? { deviceSentMessage: { destinationJid: chat, message: original } } : original;
    const enc = await this.encrypt(device, message, count);
    const { type, edit } = envelopeOf(original);
    const attrs = { to: device.account.jid(family, device.id), id, type, edit, device_fanout: 'false' };
    return this.plane.submit(this.phone, stanza('message', isOwn ? { ...attrs, recipient: chat } : attrs, [enc]));
  }

  /** For one device alone, with the key to what follows. */
  private async resendToSeveral(
    { id, device, count }: Again,
    original: proto.IMessage,
    chat: Several,
  ): Promise<string | undefined> {
    const to = addressOf(chat);
    const senderKeyDistributionMessage = await this.senderKeys.distribution(to);
    const enc = await this.encrypt(device, { ...original, senderKeyDistributionMessage }, count);
    const participant = device.account.jid(familyIn(chat), device.id);
    const { type, edit } = envelopeOf(original);
    return this.plane.submit(this.phone, stanza('message', { to, participant, id, type, edit }, [enc]));
  }

  /** What one device gets; a device whose keys are of no use is noted and passed over, so that the others get theirs. */
  private async envelope(
    id: string,
    device: Device,
    family: Family,
    message: proto.IMessage,
  ): Promise<Stanza | undefined> {
    try {
      return stanza('to', { jid: device.account.jid(family, device.id) }, [await this.encrypt(device, message)]);
    } catch {
      this.phone.record.refused.add({ id, to: `${device.account.pn}:${device.id}`, code: 'keys' });
      return undefined;
    }
  }

  private async encrypt(device: Device, message: proto.IMessage, count?: string): Promise<Stanza> {
    const address = signalAddress(device.account, device.id);
    // A person who has reinstalled cannot read what an old session encrypts.
    if (!this.engine.hasSession(address, device.keys.identity)) await this.engine.start(address, device.keys);
    const { type, body } = await this.engine.encrypt(address, pad(message));
    const { enc } = envelopeOf(message.deviceSentMessage?.message ?? message);
    return stanza('enc', { v: 2, type, count, ...enc }, body);
  }
}

function holderName({ account, id, keys }: Device): string {
  return `${signalAddress(account, id)} ${Buffer.from(keys.identity).toString('base64')}`;
}

function emptyEnvelope(device: Device, family: Family): Stanza {
  return stanza('to', { jid: device.account.jid(family, device.id) });
}
