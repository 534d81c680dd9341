import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js';
import { ProtocolAddress } from 'libsignal';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

const MAX_RECORDS = 10_000;

/**
 * The sender keys of a phone played here: its own, one per chat of several people, and those it was given by others.
 * Addresses are the ones of the Signal engine: `<lid>_1.<device>`.
 */
export class SenderKeys {
  private readonly records = new Map<string, SenderKeyRecord>();
  /** Per chat, the devices that have the own key. */
  private readonly holders = new Map<string, Set<string>>();

  constructor(private readonly self: string) {}

  /** Which of these devices still need the own key. A new key is made when somebody who has the old one is gone. */
  lacking(chat: string, devices: string[]): string[] {
    const holders = this.holders.get(chat) ?? new Set<string>();
    const present = new Set(devices);
    const isOutdated = [...holders].some((device) => !present.has(device));
    if (isOutdated) this.records.delete(nameOf(chat, this.self).toString());
    const missing = isOutdated ? devices : devices.filter((device) => !holders.has(device));
    this.holders.set(chat, present);
    return missing;
  }

  /** The own key, to be sent to one device at a time. */
  async distribution(chat: string): Promise<proto.Message.ISenderKeyDistributionMessage> {
    const key = await new GroupSessionBuilder(this.storage).create(nameOf(chat, this.self));
    return { groupId: chat, axolotlSenderKeyDistributionMessage: key.serialize() };
  }

  async encrypt(chat: string, plaintext: Buffer): Promise<Buffer> {
    const name = nameOf(chat, this.self);
    await new GroupSessionBuilder(this.storage).create(name);
    return Buffer.from(await new GroupCipher(this.storage, name).encrypt(plaintext));
  }

  /** Takes the key of somebody else in. */
  async accept(author: string, { groupId, axolotlSenderKeyDistributionMessage }: Distribution): Promise<void> {
    if (!groupId || !axolotlSenderKeyDistributionMessage) return;
    const key = new SenderKeyDistributionMessage(null, null, null, null, axolotlSenderKeyDistributionMessage);
    await new GroupSessionBuilder(this.storage).process(nameOf(groupId, author), key);
  }

  async decrypt(chat: string, author: string, body: Buffer): Promise<Buffer> {
    return Buffer.from(await new GroupCipher(this.storage, nameOf(chat, author)).decrypt(body));
  }

  private readonly storage = {
    loadSenderKey: async (name: SenderKeyName) => this.records.get(name.toString()) ?? new SenderKeyRecord(),
    storeSenderKey: async (name: SenderKeyName, record: SenderKeyRecord) => this.keep(name.toString(), record),
  };

  private keep(name: string, record: SenderKeyRecord): void {
    this.records.set(name, record);
    const oldest = this.records.size > MAX_RECORDS ? this.records.keys().next() : undefined;
    if (oldest && !oldest.done) this.records.delete(oldest.value);
  }
}

type Distribution = proto.Message.ISenderKeyDistributionMessage;

function nameOf(chat: string, address: string): SenderKeyName {
  const [id = '', device = '0'] = address.split('.');
  return new SenderKeyName(chat, new ProtocolAddress(id, Number(device)));
}
