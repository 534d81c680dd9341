import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { DeviceKeys, PublicPreKey, SignedPreKey } from './account.js';
import { isKey, isSignedPreKey, readPreKey, readSignedPreKey } from './key-stanzas.js';

const MAX_REMEMBERED = 5_000;
const KEY_BYTES = 32;
/** A client keeps some hundreds in stock. */
const MAX_STOCK = 10_000;

/** The public keys of a linked client: what it said at pairing and what it uploads later. */
export class UploadedKeys implements DeviceKeys {
  /** Called when a one-time key was handed out or asked for in vain; not before the client's first upload. */
  onTaken: () => void = () => undefined;
  /** The stock, as two plain lists: a client uploads hundreds of keys, and there may be thousands of clients. */
  private ids: number[] = [];
  private values = Buffer.alloc(0);
  private readonly handedOut = new Map<number, Buffer>();
  private hasUploaded = false;

  constructor(
    readonly registrationId: number,
    readonly identity: Buffer,
    private signed: SignedPreKey,
  ) {}

  get count(): number {
    return this.ids.length;
  }

  signedPreKey(): SignedPreKey {
    return this.signed;
  }

  takePreKey(): PublicPreKey | undefined {
    const key = this.count > 0 ? this.keyAt(0) : undefined;
    if (key) this.handOut(key);
    if (this.hasUploaded) this.onTaken();
    return key;
  }

  usedPreKey(): PublicPreKey | undefined {
    const [first] = this.handedOut;
    return first && { id: first[0], value: first[1] };
  }

  /** Takes an upload: new one-time keys and the current signed pre-key. False, and nothing is taken, when one is malformed. */
  upload(iq: Stanza): boolean {
    const uploaded = children(child(iq, 'list'), 'key').map(readPreKey);
    if (uploaded.some(({ value }) => !isKey(value)) || this.count + uploaded.length > MAX_STOCK) return false;
    const signed = child(iq, 'skey');
    if (signed && !this.rotate(signed)) return false;
    this.hasUploaded = true;
    // A client that is not sure whether its upload arrived repeats it; a key that is in use must not come back.
    const fresh = uploaded.filter(({ id, value }) => !this.handedOut.get(id)?.equals(value));
    const replaced = new Set(fresh.map(({ id }) => id));
    this.restock([...this.stock().filter(({ id }) => !replaced.has(id)), ...fresh]);
    return true;
  }

  /** Takes the current signed pre-key; false when it is malformed. */
  rotate(node: Stanza): boolean {
    const signed = readSignedPreKey(node);
    if (!isSignedPreKey(signed)) return false;
    this.signed = signed;
    return true;
  }

  /** The keys still in stock. */
  stock(): PublicPreKey[] {
    return this.ids.map((_, index) => this.keyAt(index));
  }

  private keyAt(index: number): PublicPreKey {
    const start = index * KEY_BYTES;
    return { id: this.ids[index] ?? 0, value: this.values.subarray(start, start + KEY_BYTES) };
  }

  private restock(keys: PublicPreKey[]): void {
    this.ids = keys.map(({ id }) => id);
    this.values = Buffer.concat(keys.map(({ value }) => value));
  }

  private handOut({ id, value }: PublicPreKey): void {
    this.ids.shift();
    this.values = this.values.subarray(KEY_BYTES);
    this.handedOut.set(id, Buffer.from(value));
    const oldest = this.handedOut.size > MAX_REMEMBERED ? this.handedOut.keys().next() : undefined;
    if (oldest && !oldest.done) this.handedOut.delete(oldest.value);
  }
}
