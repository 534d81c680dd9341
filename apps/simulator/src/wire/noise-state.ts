import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { deriveBytes } from './key-pair.js';

const TAG_BYTES = 16;
const HASH_BYTES = 32;
const NOTHING = Buffer.alloc(0);

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const nonce = (counter: number): Buffer => {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
};

/** The encrypted stream after the handshake: one key and one counter per direction. */
export class NoiseTransport {
  private sent = 0;
  private received = 0;

  constructor(
    private readonly sendKey: Buffer,
    private readonly receiveKey: Buffer,
  ) {}

  /** Encrypts and frames; must be written in call order, the counter is the nonce. */
  frame(plaintext: Buffer): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.sendKey, nonce(this.sent++));
    const header = Buffer.allocUnsafe(3);
    header.writeUIntBE(plaintext.length + TAG_BYTES, 0, 3);
    return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  /** A frame in the place of the next one that no key opens. */
  garbage(): Buffer {
    const frame = this.frame(Buffer.alloc(48));
    return frame.fill(0xa5, 3);
  }

  open(frame: Buffer): Buffer {
    return open(this.receiveKey, this.received++, frame, NOTHING);
  }
}

/** What both sides of a Noise handshake have mixed so far: a hash of the transcript and the current key. */
export class NoiseState {
  private hash: Buffer;
  private salt: Buffer;
  private key: Buffer;
  private counter = 0;

  constructor(protocol: string, prologue: Buffer) {
    const name = Buffer.from(protocol);
    // Noise pads a shorter name with zeros and hashes a longer one.
    this.hash = name.length > HASH_BYTES ? sha256(name) : Buffer.concat([name], HASH_BYTES);
    this.salt = this.key = this.hash;
    this.mixHash(prologue);
  }

  mixHash(data: Uint8Array): void {
    this.hash = sha256(this.hash, data);
  }

  mixKey(secret: Buffer): void {
    const keys = deriveBytes(secret, 64, this.salt);
    this.salt = keys.subarray(0, 32);
    this.key = keys.subarray(32);
    this.counter = 0;
  }

  seal(plaintext: Buffer): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce(this.counter++));
    cipher.setAAD(this.hash);
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    this.mixHash(sealed);
    return sealed;
  }

  open(sealed: Uint8Array): Buffer {
    const plaintext = open(this.key, this.counter++, sealed, this.hash);
    this.mixHash(sealed);
    return plaintext;
  }

  /** Ends the handshake on the server's side: the first key is the client's, the second ours. */
  split(): NoiseTransport {
    const keys = deriveBytes(NOTHING, 64, this.salt);
    return new NoiseTransport(keys.subarray(32), keys.subarray(0, 32));
  }
}

function open(key: Buffer, counter: number, sealed: Uint8Array, associated: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter));
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
}
