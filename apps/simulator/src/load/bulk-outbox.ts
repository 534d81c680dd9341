import type { MailRecord } from '../contacts/mail-record.js';
import type { Plane } from '../messages/plane.js';
import type { Family } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import { BoundedMap } from '../world/bounded-map.js';
import type { Directory } from '../world/directory.js';
import { SenderChain } from './sender-chain.js';

const MAX_REMEMBERED = 10_000;
const FAMILY: Family = 'pn';

/** What a person sends who is a source of load: texts made ready beforehand, one cheap chain of keys per receiver. */
export class BulkOutbox {
  private readonly chains = new Map<Device, SenderChain>();
  private readonly sent = new BoundedMap<string, Buffer>(MAX_REMEMBERED);

  constructor(
    private readonly phone: Device & { readonly record: MailRecord },
    private readonly plane: Plane,
    private readonly directory: Directory,
  ) {}

  /** Sends a padded plaintext to one device; false when the network refuses it, which the record tells. */
  send(id: string, device: Device, plaintext: Buffer): boolean {
    const { type, body } = this.chainTo(device).seal(plaintext);
    const enc = stanza('enc', { v: 2, type }, body);
    const to = stanza('to', { jid: device.account.jid(FAMILY, device.id) }, [enc]);
    const attrs = { to: device.account.jid(FAMILY), id, type: 'text' };
    const code = this.plane.submit(this.phone, stanza('message', attrs, [stanza('participants', {}, [to])]));
    if (code === undefined) this.sent.set(id, plaintext);
    else this.phone.record.refused.add({ id, to: device.account.pn, code });
    return code === undefined;
  }

  /** Somebody confirmed a message: their devices know the chains now. */
  confirmed(from: string): void {
    const account = this.directory.findByJid(from);
    for (const device of account?.devices.values() ?? []) this.chains.get(device)?.accept();
  }

  /** Starts over with a device that could not read; false when the message is not remembered any more or refused. */
  resend(id: string, device: Device, count: string): boolean {
    const plaintext = this.sent.get(id);
    if (!plaintext) return false;
    this.chains.delete(device);
    const { type, body } = this.chainTo(device).seal(plaintext);
    const to = device.account.jid(FAMILY, device.id);
    const enc = stanza('enc', { v: 2, type, count }, body);
    const again = stanza('message', { to, id, type: 'text', device_fanout: 'false' }, [enc]);
    return this.plane.submit(this.phone, again) === undefined;
  }

  private chainTo(device: Device): SenderChain {
    const known = this.chains.get(device);
    if (known) return known;
    const { identityKey } = this.phone.account;
    const { registrationId } = this.phone.keys;
    const chain = new SenderChain({ identity: identityKey, registrationId }, device.keys);
    this.chains.set(device, chain);
    return chain;
  }
}
