import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { deriveKeyPair, sign } from './key-pair.js';
import type { KeyPair } from './key-pair.js';

const ROOT_SERIAL = 0;
const INTERMEDIATE_SERIAL = 1;
const LEAF_SERIAL = 2;

/** What the Noise server presents: its static key and a chain that ends at the root a client must trust. */
export interface ServerIdentity {
  rootPublicKey: Buffer;
  staticKey: KeyPair;
  certificateChain: Buffer;
}

/**
 * An identity no client may accept. Its root is another one, and its number too: the client library checks the number
 * but takes every signature of the right length for a good one (`Curve.verify` drops the answer of libsignal).
 */
export function createImpostor(secret: string): ServerIdentity {
  return createServerIdentity(`impostor ${secret}`, ROOT_SERIAL + 1_000);
}

/** Root, intermediate and leaf, all derived from one secret, so that a restart with the same seed keeps the trust. */
export function createServerIdentity(secret: string, rootSerial = ROOT_SERIAL): ServerIdentity {
  const root = deriveKeyPair(`noise root ${secret}`);
  const intermediate = deriveKeyPair(`noise intermediate ${secret}`);
  const staticKey = deriveKeyPair(`noise static ${secret}`);
  const chain = {
    intermediate: certify(intermediate, INTERMEDIATE_SERIAL, root, rootSerial),
    leaf: certify(staticKey, LEAF_SERIAL, intermediate, INTERMEDIATE_SERIAL),
  };
  return {
    rootPublicKey: root.publicKey,
    staticKey,
    certificateChain: Buffer.from(proto.CertChain.encode(chain).finish()),
  };
}

function certify(subject: KeyPair, serial: number, issuer: KeyPair, issuerSerial: number) {
  const now = Math.floor(Date.now() / 1000);
  const year = 365 * 24 * 3600;
  const details = proto.CertChain.NoiseCertificate.Details.encode({
    serial,
    issuerSerial,
    key: subject.publicKey,
    notBefore: now - year,
    notAfter: now + year,
  }).finish();
  return { details, signature: sign(issuer.privateKey, details) };
}
