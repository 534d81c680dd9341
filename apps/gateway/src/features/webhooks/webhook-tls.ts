import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { invalid } from '@app/platform/errors/app-error.js';
import type { OutboundTls } from '@app/platform/outbound/tls-agents.js';
import type { WebhookSettings } from '@app/platform/events/webhook-settings.js';

/** What is given of it; null takes a part away. */
export type TlsChanges = { [Part in keyof OutboundTls]?: string | null };

/** TLS settings with changes, checked; undefined when nothing is left. */
export function mergedTls(current: OutboundTls = {}, changes?: TlsChanges | null): OutboundTls | undefined {
  if (changes === null) return undefined;
  const given = Object.entries(changes ?? {}).filter(([, part]) => part !== undefined);
  const parts = Object.entries({ ...current, ...Object.fromEntries(given) }).filter(([, part]) => part !== null);
  const tls = Object.fromEntries(parts) as OutboundTls;
  if (given.length) check(tls);
  return parts.length ? tls : undefined;
}

/** What everybody may see of it. */
export function shownOf(tls: OutboundTls | undefined): Pick<WebhookSettings, 'hasAuthority' | 'certificate'> {
  const hasAuthority = tls?.ca !== undefined;
  if (tls?.certificate === undefined) return { hasAuthority };
  const { subject, validTo } = new X509Certificate(tls.certificate);
  const shown = { subject: subject.replaceAll('\n', ', '), expiresAt: new Date(validTo).toISOString() };
  return { hasAuthority, certificate: shown };
}

function check(tls: OutboundTls): void {
  checkParts(tls);
  try {
    createSecureContext({ ca: tls.ca, cert: tls.certificate, key: tls.key });
  } catch {
    throw refused(tls.certificate === undefined ? 'ca' : 'certificate', 'cannot be used; its key may be too short');
  }
}

function checkParts({ ca, certificate, key }: OutboundTls): void {
  if (ca !== undefined) for (const [pem] of ca.matchAll(CERTIFICATES)) read(pem, 'ca');
  if (ca !== undefined && !ca.match(CERTIFICATES)) throw refused('ca', NO_CERTIFICATE);
  if (certificate === undefined && key === undefined) return;
  if (certificate === undefined) throw refused('certificate', 'is missing; a key proves nothing without it');
  if (key === undefined) throw refused('key', 'is missing; a certificate proves nothing without it');
  const leaf = read(certificate, 'certificate');
  if (new Date(leaf.validTo) < new Date()) throw refused('certificate', 'has expired');
  if (!leaf.checkPrivateKey(readKey(key))) throw refused('key', 'belongs to another certificate');
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const NO_CERTIFICATE = 'must be a certificate as PEM';

function read(pem: string, part: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refused(part, NO_CERTIFICATE);
  }
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw refused('key', 'must be a private key as PEM, without a passphrase');
  }
}

const refused = (part: string, detail: string) => invalid('webhook.certificate-invalid', `/tls/${part}`, detail);
