import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;

/**
 * Seals secrets with AES-256-GCM under the first key of the ring and opens them with whichever key sealed them.
 * Sealed form: version (1 byte), length of the key id (1), key id, nonce (12), tag (16), ciphertext.
 * `context` (such as `signal-key:ses_…`) is authenticated, so that a sealed value can't be moved to another row.
 */
export class KeyRing {
  private readonly keys: Map<string, Buffer>;
  private readonly activeId: string;
  private entropy: Buffer = Buffer.alloc(0);

  /** `spec` is `id:base64,id:base64…`, 32 bytes each, the active key first. Throws on anything else. */
  constructor(spec: string) {
    const entries = spec.split(',').map((entry) => {
      const [id, key] = entry.trim().split(':');
      const bytes = Buffer.from(key ?? '', 'base64');
      if (!id || Buffer.byteLength(id) > 32 || bytes.length !== 32) throw new Error('is not id:base64(32 bytes)[,…]');
      return [id, bytes] as const;
    });
    this.keys = new Map(entries);
    this.activeId = entries[0]?.[0] ?? '';
  }

  seal(plaintext: Uint8Array, context: string): Buffer {
    const nonce = this.nonce();
    const cipher = createCipheriv('aes-256-gcm', this.key(this.activeId), nonce);
    cipher.setAAD(Buffer.from(context));
    const ciphertext = [cipher.update(plaintext), cipher.final()];
    const id = Buffer.from(this.activeId);
    return Buffer.concat([Buffer.of(VERSION, id.length), id, nonce, cipher.getAuthTag(), ...ciphertext]);
  }

  /** Throws when the key is gone from the ring or the value was tampered with. */
  open(sealed: Buffer, context: string): Buffer {
    const idEnd = 2 + (sealed[1] ?? 0);
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.key(sealed.toString('utf8', 2, idEnd)),
      sealed.subarray(idEnd, idEnd + 12),
    );
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(idEnd + 12, idEnd + 28));
    return Buffer.concat([decipher.update(sealed.subarray(idEnd + 28)), decipher.final()]);
  }

  /** Whether a value was sealed by an older key and should be sealed anew. */
  isStale(sealed: Buffer): boolean {
    return sealed.toString('utf8', 2, 2 + (sealed[1] ?? 0)) !== this.activeId;
  }

  /** Signs a text for one purpose, with a key derived from the active one. */
  sign(text: string, purpose: string): Buffer {
    return signature(this.key(this.activeId), text, purpose);
  }

  /** Whether a signature was made by `sign` with any key of the ring. */
  isSigned(text: string, purpose: string, given: Buffer): boolean {
    const made = [...this.keys.values()].map((key) => signature(key, text, purpose));
    return made.some((own) => own.length === given.length && timingSafeEqual(own, given));
  }

  /** Fresh random bytes, drawn many at a time: sealing is on the path of every message. */
  private nonce(): Buffer {
    if (this.entropy.length < NONCE_BYTES) this.entropy = randomBytes(NONCE_BYTES * 256);
    const nonce = this.entropy.subarray(0, NONCE_BYTES);
    this.entropy = this.entropy.subarray(NONCE_BYTES);
    return nonce;
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new Error(`ENCRYPTION_KEYS has no key "${id}"`);
    return key;
  }
}

function signature(key: Buffer, text: string, purpose: string): Buffer {
  const derived = Buffer.from(hkdfSync('sha256', key, '', `signature:${purpose}`, 32));
  return createHmac('sha256', derived).update(text).digest();
}
