import type { Destination } from '@app/database/entities/destination.entity.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { DeliveryTarget } from '../destinations/targets.service.js';
import type { BrokerInput, BrokerRules, TlsInput } from './broker-kind.js';
import type { Shown } from './brokers.dto.js';

type DestinationSecrets = DeliveryTarget['secrets'];

/** What is shown of a secret; given back, it keeps the secret. */
const HIDDEN = '***';
/** What of the credentials is no secret. */
const PUBLIC = ['username', 'accessKeyId'];

export interface CurrentBroker {
  row: Destination;
  secrets: DestinationSecrets;
}

export interface BrokerDraft {
  url: string;
  settings: object;
  secrets: DestinationSecrets;
}

/** What a change says; `null` is the default or nothing. */
export interface BrokerPatch {
  url?: string;
  settings?: object;
  credentials?: object | null;
  tls?: object | null;
}

/** A row as it would be asked for, changed. */
export function changed(row: Destination, patch: BrokerPatch): BrokerInput {
  const { credentials, tls, ...settings } = row.settings as Shown;
  return {
    kind: row.kind,
    url: patch.url ?? row.url,
    settings: given({ ...settings, ...patch.settings }),
    ...merged('credentials', credentials, patch.credentials),
    ...merged('tls', tls, patch.tls),
  };
}

/** How a destination is stored: what may be seen, and apart from it what may not. */
export function draftOf(rules: BrokerRules, input: BrokerInput, current?: CurrentBroker): BrokerDraft {
  const isMoved = current !== undefined && placeOf(current.row.url) !== placeOf(input.url);
  const known = isMoved ? undefined : current?.secrets;
  const url = withPassword(input.url, known);
  const credentials = withSecrets(given(input.credentials), known?.credentials);
  // A key never leaves, so it may be taken along to another broker.
  const tls = input.tls ? withTls(given(input.tls), current?.secrets.tls) : undefined;
  const defaults = typeof rules.defaults === 'function' ? rules.defaults({ url }) : rules.defaults;
  const settings = { ...defaults, ...given(input.settings) };
  rules.assertConsistent?.(settings, { url, credentials });
  return {
    url: hidden(url),
    settings: {
      ...settings,
      ...shown('credentials', credentials),
      ...(tls && shown('tls', tls, ['ca', 'certificate'])),
    },
    secrets: { url, ...(Object.keys(credentials).length ? { credentials } : {}), ...(tls && { tls }) },
  };
}

/** Every host that a URL leads to; several only in those of Kafka. */
export function hostsOf(url: string): string[] {
  const authority = (url.split('://')[1] ?? '').split('/')[0] ?? '';
  const list = authority.slice(authority.lastIndexOf('@') + 1);
  return list.split(',').map((host) => host.replace(/:\d+$/, ''));
}

const placeOf = (url: string) => `${url.split('://')[0]}://${hostsOf(url).join()}`.toLowerCase();

/** Without what is null or left out. */
const given = (fields: object | null = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== null && value !== undefined));

function merged(name: 'credentials' | 'tls', row?: object | null, patch?: object | null): object {
  if (patch === null || (!row && !patch)) return {};
  return { [name]: given({ ...row, ...patch }) };
}

function withPassword(url: string, known: DestinationSecrets | undefined): string {
  // Those of Kafka are no URLs to the letter, and have no password.
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (decodeURIComponent(parsed.password) !== HIDDEN) return url;
  const { password } = new URL(known?.url ?? 'none:');
  if (password === '') throw mustBeGiven('/url', 'password');
  parsed.password = password;
  return parsed.href;
}

function withSecrets(credentials: Record<string, string>, known: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => {
      if (value !== HIDDEN) return [name, value];
      const secret = known[name];
      if (secret === undefined) throw mustBeGiven(`/credentials/${name}`, name);
      return [name, secret];
    }),
  );
}

function withTls(tls: TlsInput, known: TlsInput = {}): TlsInput {
  const key = tls.key === HIDDEN ? known.key : tls.key;
  const whole = { ...tls, ...(key === undefined ? {} : { key }) };
  if ((whole.certificate === undefined) !== (key === undefined))
    throw invalid('destination.invalid-settings', '/tls', 'must have both a certificate and its key, or neither');
  try {
    // Which by itself passes over what is no certificate.
    if (whole.ca !== undefined) new X509Certificate(whole.ca);
    createSecureContext({ ca: whole.ca, cert: whole.certificate, key });
  } catch {
    throw invalid('destination.invalid-settings', '/tls', 'must be certificates, and a key that belongs to them');
  }
  return whole;
}

const mustBeGiven = (pointer: string, name: string) =>
  invalid(
    'destination.secret-missing',
    pointer,
    `must have the ${name} itself: *** keeps one only while the host stays`,
  );

function hidden(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = HIDDEN;
  return parsed.href;
}

function shown(name: 'credentials' | 'tls', fields: object, open = PUBLIC): Shown {
  const entries = Object.entries(fields);
  if (entries.length === 0) return {};
  return { [name]: Object.fromEntries(entries.map(([key, value]) => [key, open.includes(key) ? value : HIDDEN])) };
}
