import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js';
import { ProtocolAddress } from 'libsignal';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { BoundedMap } from '../world/bounded-map.js';

const MAX_RECORDS = 10_000;

/**
 * The sender keys of a phone played here: its own, one per chat of several people, and those it was given by others.
 * Addresses are the ones of the Signal engine: `<lid>_1.<device>`.
 */
export class SenderKeys {
  private readonly records = new BoundedMap<string, SenderKeyRecord>(MAX_RECORDS);
  /** Per chat, who has the own key: devices, each with the identity it had then. */
  private readonly holders = new Map<string, Set<string>>();

  constructor(private readonly self: string) {}

  /** Starts over with a new key when the old one is lost, or somebody has it who is gone. */
  prepare(chat: string, present: ReadonlySet<string>): void {
    const name = nameOf(chat, this.self).toString();
    const isOutdated = [...(this.holders.get(chat) ?? [])].some((holder) => !present.has(holder));
    if (!isOutdated && this.records.has(name)) return;
    this.records.delete(name);
    this.holders.delete(chat);
  }

  /** Whether the own key has been sent to a device. */
  isHeld(chat: string, holder: string): boolean {
    return this.holders.get(chat)?.has(holder) ?? false;
  }

  /** The own key is on its way to these devices. */
  handedOut(chat: string, holders: Iterable<string>): void {
    this.holders.set(chat, new Set([...(this.holders.get(chat) ?? []), ...holders]));
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
    storeSenderKey: async (name: SenderKeyName, record: SenderKeyRecord) =>
      void this.records.set(name.toString(), record),
  };
}

type Distribution = proto.Message.ISenderKeyDistributionMessage;

function nameOf(chat: string, address: string): SenderKeyName {
  const [id = '', device = '0'] = address.split('.');
  return new SenderKeyName(chat, new ProtocolAddress(id, Number(device)));
}
