// The certificate library finds its parts through decorators' metadata.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;
const LIFETIME_MS = 365 * DAY_MS;

/** What an HTTPS server presents, and the authority its clients must trust; all in PEM. */
export interface TlsIdentity {
  key: string;
  cert: string;
  authority: string;
}

/** A fresh authority and one certificate for these host names; the authority's key is forgotten at once. */
export async function createTlsIdentity(hosts: string[]): Promise<TlsIdentity> {
  // TLS compares with the machine's own clock, not with the simulated one.
  const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + LIFETIME_MS) };
  const root = await aKeyPair();
  const name = 'CN=Switchboard simulator test authority';
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: aSerialNumber(),
    name,
    keys: root,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await aKeyPair();
  const names = hosts.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }));
  const leaf = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: aSerialNumber(),
    subject: 'CN=mmg.whatsapp.net',
    issuer: name,
    publicKey: server.publicKey,
    signingKey: root.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension(names)],
  });
  return { key: await toPem(server.privateKey), cert: leaf.toString('pem'), authority: authority.toString('pem') };
}

function aKeyPair() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

// A leading zero byte, or the number could read as a negative one.
function aSerialNumber(): string {
  return `00${randomBytes(15).toString('hex')}`;
}

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}
