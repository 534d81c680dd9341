import { Curve } from '@whiskeysockets/baileys';
import { verifySignature } from 'libsignal/src/curve.js';

/**
 * Makes Baileys check signatures. Its `Curve.verify` calls a libsignal function that answers false for a bad signature
 * and takes every answer for a yes: any server's certificate and any phone's account signature would pass.
 */
export function verifySignatures(): void {
  Curve.verify = (publicKey, message, signature) => {
    try {
      return verifySignature(Buffer.from(publicKey), Buffer.from(message), Buffer.from(signature));
    } catch {
      return false;
    }
  };
}
