import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';

/** What the service adds to the messages of a verified business, so that the receiver can show its name. */
export function nameCertificate(verifiedName: string): Stanza {
  const { VerifiedNameCertificate } = proto;
  const details = VerifiedNameCertificate.Details.encode({ issuer: 'smb:wa', verifiedName }).finish();
  const certificate = VerifiedNameCertificate.encode({ details }).finish();
  return stanza('verified_name', { v: 1, verified_level: 'unknown' }, Buffer.from(certificate));
}
