import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { createHmac } from 'node:crypto';
import { sign } from '../wire/key-pair.js';
import type { KeyPair } from '../wire/key-pair.js';

const ACCOUNT_SIGNATURE_PREFIX = Buffer.from([6, 0]);

/** What the phone confirms: this key belongs to its companion number `keyIndex` since `timestamp` (seconds). */
export interface Claim {
  companion: Buffer;
  keyIndex: number;
  timestamp: number;
}

/** The phone vouches for a new companion: the signed identity a client verifies before it believes it is linked. */
export function vouchFor(phone: KeyPair, claim: Claim, advSecret: Buffer): Buffer {
  const { companion, keyIndex, timestamp } = claim;
  const details = proto.ADVDeviceIdentity.encode({
    rawId: phone.publicKey.readUInt32BE(0),
    timestamp,
    keyIndex,
  }).finish();
  const signed = proto.ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: phone.publicKey,
    accountSignature: sign(phone.privateKey, Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, companion])),
  }).finish();
  const hmac = createHmac('sha256', advSecret).update(signed).digest();
  return Buffer.from(proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish());
}
