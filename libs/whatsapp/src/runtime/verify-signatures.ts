import { createHash, createPublicKey, verify } from 'node:crypto';
import { Curve } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';

const P = 2n ** 255n - 19n;
/** ASN.1 head of an Ed25519 public key. */
const ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
/** The server shows the same certificates at every login; a check takes two milliseconds. */
const known = new LRUCache<string, boolean>({ max: 1_000 });

/**
 * Makes Baileys check signatures. Its `Curve.verify` calls a libsignal function that answers false for a bad signature
 * and takes every answer for a yes: any server's certificate and any phone's account signature would pass.
 */
export function verifySignatures(): void {
  Curve.verify = (publicKey, message, signature) => {
    if (signature.length !== 64) return false;
    const id = createHash('sha256').update(publicKey).update(signature).update(message).digest('base64');
    const answer = known.get(id) ?? isSignedBy(Buffer.from(publicKey), Buffer.from(message), Buffer.from(signature));
    known.set(id, answer);
    return answer;
  };
}

/**
 * XEdDSA (https://signal.org/docs/specifications/xeddsa/): the X25519 key u is the Ed25519 key y = (u - 1) / (u + 1), and
 * the sign of its x coordinate travels in the top bit of the signature. Leaves the arithmetic of the check to OpenSSL.
 */
function isSignedBy(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  // With or without libsignal's type byte in front.
  const u = fromLittleEndian(publicKey.subarray(-32)) & (2n ** 255n - 1n);
  const y = (((u - 1n + P) % P) * power(u + 1n, P - 2n)) % P;
  const point = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
  const top = signature.readUInt8(63);
  point.writeUInt8(point.readUInt8(31) | (top & 0x80), 31);
  signature.writeUInt8(top & 0x7f, 63);
  try {
    const key = createPublicKey({ key: Buffer.concat([ED25519, point]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

const fromLittleEndian = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base % P, e = exponent; e > 0n; b = (b * b) % P, e >>= 1n) if (e & 1n) result = (result * b) % P;
  return result;
}
