import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { DeviceKeys, PublicPreKey, SignedPreKey } from './account.js';
import { readPreKey, readSignedPreKey } from './key-stanzas.js';

const MAX_REMEMBERED = 5_000;

/** The public keys of a linked client: what it said at pairing and what it uploads later. */
export class UploadedKeys implements DeviceKeys {
  /** Called when a one-time key was handed out or asked for in vain; not before the client's first upload. */
  onTaken: () => void = () => undefined;
  private readonly preKeys = new Map<number, PublicPreKey>();
  private readonly handedOut = new Map<number, Buffer>();
  private hasUploaded = false;

  constructor(
    readonly registrationId: number,
    readonly identity: Buffer,
    private signed: SignedPreKey,
  ) {}

  get count(): number {
    return this.preKeys.size;
  }

  signedPreKey(): SignedPreKey {
    return this.signed;
  }

  takePreKey(): PublicPreKey | undefined {
    const [key] = this.preKeys.values();
    if (key) this.handOut(key);
    if (this.hasUploaded) this.onTaken();
    return key;
  }

  usedPreKey(): PublicPreKey | undefined {
    const [first] = this.handedOut;
    return first && { id: first[0], value: first[1] };
  }

  /** Takes an upload: new one-time keys and the current signed pre-key. */
  upload(iq: Stanza): void {
    this.hasUploaded = true;
    for (const key of children(child(iq, 'list'), 'key').map(readPreKey)) {
      // A client that is not sure whether its upload arrived repeats it; a key that is in use must not come back.
      if (!this.handedOut.get(key.id)?.equals(key.value)) this.preKeys.set(key.id, key);
    }
    this.rotate(child(iq, 'skey'));
  }

  rotate(signed: Stanza | undefined): void {
    if (signed) this.signed = readSignedPreKey(signed);
  }

  /** The keys still in stock. */
  stock(): PublicPreKey[] {
    return [...this.preKeys.values()];
  }

  private handOut({ id, value }: PublicPreKey): void {
    this.preKeys.delete(id);
    this.handedOut.set(id, value);
    const oldest = this.handedOut.size > MAX_REMEMBERED ? this.handedOut.keys().next() : undefined;
    if (oldest && !oldest.done) this.handedOut.delete(oldest.value);
  }
}
