import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { DeviceKeys, PublicPreKey, SignedPreKey } from './account.js';
import { readPreKey, readSignedPreKey } from './key-stanzas.js';

/** The public keys of a linked client: what it said at pairing and what it uploads later. */
export class UploadedKeys implements DeviceKeys {
  /** Called when a one-time key was handed out or asked for in vain. */
  onTaken: () => void = () => undefined;
  private preKeys: PublicPreKey[] = [];
  private taken = 0;

  constructor(
    readonly registrationId: number,
    readonly identity: Buffer,
    private signed: SignedPreKey,
  ) {}

  get count(): number {
    return this.preKeys.length - this.taken;
  }

  signedPreKey(): SignedPreKey {
    return this.signed;
  }

  takePreKey(): PublicPreKey | undefined {
    const key = this.count > 0 ? this.preKeys[this.taken++] : undefined;
    this.onTaken();
    return key;
  }

  /** Takes an upload: new one-time keys and the current signed pre-key. */
  upload(iq: Stanza): void {
    this.preKeys = this.preKeys.slice(this.taken).concat(children(child(iq, 'list'), 'key').map(readPreKey));
    this.taken = 0;
    this.rotate(child(iq, 'skey'));
  }

  rotate(signed: Stanza | undefined): void {
    if (signed) this.signed = readSignedPreKey(signed);
  }

  /** The ids of the keys still in stock. */
  stock(): number[] {
    return this.preKeys.slice(this.taken).map(({ id }) => id);
  }
}
