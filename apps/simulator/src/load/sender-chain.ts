import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Encrypted } from '../contacts/signal-engine.js';
import { agree, deriveBytes, generateKeyPair } from '../wire/key-pair.js';
import type { KeyPair } from '../wire/key-pair.js';
import type { DeviceKeys } from '../world/account.js';

const VERSION = Buffer.from([0x33]);
const KEY_TYPE = Buffer.from([5]);
const MAC_BYTES = 8;
const MESSAGE_KEY = Buffer.from([1]);
const NEXT_CHAIN_KEY = Buffer.from([2]);
const NO_SALT = Buffer.alloc(32);
const DISCONTINUITY = Buffer.alloc(32, 0xff);

/** Who sends: the long-lived part of a Signal identity. */
export interface SenderIdentity {
  identity: KeyPair;
  registrationId: number;
}

/**
 * The sending half of a Signal session, which is all that a person needs who only talks: the key agreement at the start,
 * then one chain of keys that is never renewed because no answer is read. Any Signal client can read it; with the
 * runtime's own cryptography and no stored session a message costs a fraction of what a full session costs.
 */
export class SenderChain {
  private readonly ratchetKey: Buffer;
  private readonly introduction: Buffer;
  private readonly macPrefix: Buffer;
  private chainKey: Buffer;
  private counter = 0;
  /** Until the receiver has confirmed something, every message carries what it needs to join. */
  private isAccepted = false;

  constructor({ identity, registrationId }: SenderIdentity, peer: DeviceKeys) {
    const [base, ratchet] = [generateKeyPair(), generateKeyPair()];
    const [signed, oneTime] = [peer.signedPreKey(), peer.takePreKey()];
    const secrets = [
      DISCONTINUITY,
      agree(identity.privateKey, signed.value),
      agree(base.privateKey, peer.identity),
      agree(base.privateKey, signed.value),
    ];
    if (oneTime) secrets.push(agree(base.privateKey, oneTime.value));
    const root = deriveBytes(Buffer.concat(secrets), 64, NO_SALT, 'WhisperText').subarray(0, 32);
    const keys = deriveBytes(agree(ratchet.privateKey, signed.value), 64, root, 'WhisperRatchet');
    this.chainKey = keys.subarray(32);
    this.ratchetKey = bytesField(1, typed(ratchet.publicKey));
    this.macPrefix = Buffer.concat([typed(identity.publicKey), typed(peer.identity), VERSION]);
    this.introduction = Buffer.concat([
      VERSION,
      numberField(5, registrationId),
      oneTime ? numberField(1, oneTime.id) : Buffer.alloc(0),
      numberField(6, signed.id),
      bytesField(2, typed(base.publicKey)),
      bytesField(3, typed(identity.publicKey)),
    ]);
  }

  /** The receiver has read something: from now on messages are sent without the introduction. */
  accept(): void {
    this.isAccepted = true;
  }

  /** Encrypts a padded plaintext with the next key of the chain. */
  seal(plaintext: Buffer): Encrypted {
    const seed = hmac(this.chainKey, MESSAGE_KEY);
    this.chainKey = hmac(this.chainKey, NEXT_CHAIN_KEY);
    const keys = Buffer.from(hkdfSync('sha256', seed, NO_SALT, 'WhisperMessageKeys', 80));
    const cipher = createCipheriv('aes-256-cbc', keys.subarray(0, 32), keys.subarray(64));
    const ciphertext = bytesField(4, Buffer.concat([cipher.update(plaintext), cipher.final()]));
    const message = Buffer.concat([this.ratchetKey, numberField(2, this.counter++), numberField(3, 0), ciphertext]);
    const mac = createHmac('sha256', keys.subarray(32, 64)).update(this.macPrefix).update(message).digest();
    const body = Buffer.concat([VERSION, message, mac.subarray(0, MAC_BYTES)]);
    if (this.isAccepted) return { type: 'msg', body };
    return { type: 'pkmsg', body: Buffer.concat([this.introduction, bytesField(4, body)]) };
  }
}

const typed = (publicKey: Buffer): Buffer => Buffer.concat([KEY_TYPE, publicKey]);

const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('sha256', key).update(data).digest();

function numberField(field: number, value: number): Buffer {
  const bytes = [field << 3];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return Buffer.from(bytes);
}

function bytesField(field: number, value: Buffer): Buffer {
  const head = numberField(field, value.length);
  head[0] = (field << 3) | 2;
  return Buffer.concat([head, value]);
}
