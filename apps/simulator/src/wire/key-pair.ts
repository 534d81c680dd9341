import { calculateSignature } from 'libsignal/src/curve.js';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** An X25519 key pair as raw 32-byte strings. */
export interface KeyPair {
  publicKey: Buffer;
  privateKey: Buffer;
}

const privateKeyObject = (raw: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_DER, raw]), format: 'der', type: 'pkcs8' });

/** A fresh random key pair. */
export function generateKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519', {
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return { publicKey: publicKey.subarray(PUBLIC_DER.length), privateKey: privateKey.subarray(PRIVATE_DER.length) };
}

/** A key pair that is always the same for the same text. */
export function deriveKeyPair(secret: string): KeyPair {
  const privateKey = createHash('sha256').update(secret).digest();
  privateKey[0] = (privateKey[0] ?? 0) & 248;
  privateKey[31] = ((privateKey[31] ?? 0) & 127) | 64;
  const der = createPublicKey(privateKeyObject(privateKey)).export({ format: 'der', type: 'spki' });
  return { publicKey: der.subarray(PUBLIC_DER.length), privateKey };
}

/** X25519; throws on a key that is not 32 bytes. */
export function agree(privateKey: Buffer, publicKey: Uint8Array): Buffer {
  return diffieHellman({
    privateKey: privateKeyObject(privateKey),
    publicKey: createPublicKey({ key: Buffer.concat([PUBLIC_DER, publicKey]), format: 'der', type: 'spki' }),
  });
}

/** XEdDSA signature; the one slow step here (milliseconds), so callers sign lazily. */
export function sign(privateKey: Buffer, message: Uint8Array): Buffer {
  return Buffer.from(calculateSignature(privateKey, message));
}

/** HKDF-SHA256. */
export function deriveBytes(secret: Uint8Array, length: number, salt: Uint8Array, info = ''): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length));
}
