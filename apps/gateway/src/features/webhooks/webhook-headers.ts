import { invalid } from '@app/platform/errors/app-error.js';

const MOST = 20;
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const VALUE = /^[\x21-\x7e]([\x20-\x7e]{0,1998}[\x21-\x7e])?$/;

/** What says how a request is to be read, what belongs to one connection, and what we sign with. */
const OURS = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-hmac-signature',
  'x-hub-signature-256',
  'x-webhook-signature',
]);
const isOurs = (name: string) => OURS.has(name) || /^(webhook|proxy)-/.test(name);

/** Headers of a webhook by their names in lower case. */
export type Headers = Record<string, string>;

/** Headers with changes: what is left out stays, `null` takes one away, or all of them. */
export function mergedHeaders(current: Headers = {}, changes?: Record<string, unknown> | null): Headers {
  if (changes === null) return {};
  const merged = new Map(Object.entries(current));
  for (const [given, value] of Object.entries(changes ?? {})) {
    const name = given.toLowerCase();
    if (value === null) merged.delete(name);
    else merged.set(name, checked(given, name, value));
  }
  if (merged.size > MOST) throw refused('', `There can be ${MOST} headers.`);
  return Object.fromEntries(merged);
}

function checked(given: string, name: string, value: unknown): string {
  if (!NAME.test(name)) throw refused(given, 'The name of a header has 1 to 100 letters, digits and dashes.');
  if (isOurs(name)) throw refused(given, `The header ${name} is set by the gateway.`);
  if (typeof value === 'string' && VALUE.test(value)) return value;
  throw refused(given, 'The value of a header is a text of 1 to 2000 printable ASCII characters.');
}

const refused = (name: string, detail: string) =>
  invalid(
    'webhook.header-refused',
    `/headers${name && `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`}`,
    detail,
  );
