// The certificate library finds its parts through decorators' metadata.
import 'reflect-metadata';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** A certificate with its key, in PEM. */
export interface Identity {
  certificate: string;
  key: string;
}

/** An authority that nobody knows, and makes certificates. */
export class TestAuthority {
  private constructor(
    private readonly name: string,
    private readonly keys: webcrypto.CryptoKeyPair,
    readonly certificate: string,
  ) {}

  static async create(name = 'CN=Test authority'): Promise<TestAuthority> {
    const keys = await aKeyPair();
    const extensions = [new BasicConstraintsExtension(true, 0, true)];
    const root = await X509CertificateGenerator.createSelfSigned({
      ...validity(),
      serialNumber: aSerialNumber(),
      name,
      keys,
      signingAlgorithm: ALGORITHM,
      extensions,
    });
    return new TestAuthority(name, keys, root.toString('pem'));
  }

  /** For a server at these addresses, or for a client; `days` below zero: it has expired; with an RSA key of `rsaBits`. */
  async issue(subject: string, { ips = [] as string[], days = 30, rsaBits = 0 } = {}): Promise<Identity> {
    const keys = rsaBits ? await anRsaKeyPair(rsaBits) : await aKeyPair();
    const names = ips.map((value) => ({ type: 'ip' as const, value }));
    const leaf = await X509CertificateGenerator.create({
      ...validity(days),
      serialNumber: aSerialNumber(),
      subject,
      issuer: this.name,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: names.length ? [new SubjectAlternativeNameExtension(names)] : [],
    });
    return { certificate: leaf.toString('pem'), key: await toPem(keys.privateKey) };
  }
}

const validity = (days = 30) => ({
  notBefore: new Date(Date.now() - 100 * DAY_MS),
  notAfter: new Date(Date.now() + days * DAY_MS),
});

const aKeyPair = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const anRsaKeyPair = (modulusLength: number) =>
  webcrypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['sign', 'verify'],
  );

// A leading zero byte, or the number could read as a negative one.
const aSerialNumber = () => `00${randomBytes(15).toString('hex')}`;

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const exported = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return exported.export({ format: 'pem', type: 'pkcs8' }).toString();
}
