import { literalsOf } from '@app/platform/events/event-template.js';
import { Field, Text, type FieldOptions } from '@app/platform/http/fields.js';

interface NameOptions extends FieldOptions {
  max?: number;
  /** What its own characters may be, placeholders aside. */
  pattern: RegExp;
  /** Completes "the field …". */
  message: string;
  /** Whether `{tenantId}`, `{sessionId}` and `{type}` may be in it. */
  isTemplate?: boolean;
}

const PLACEHOLDERS = '{tenantId}, {sessionId} and {type} stand for those of the event';

/** The name of something at a broker; `null` is the default. */
export const BrokerName = ({ max = 120, pattern, message, isTemplate = false, ...options }: NameOptions) =>
  Field(
    { type: String, maxLength: max },
    {
      check: (value) => typeof value === 'string' && value.length <= max && fits(value, pattern, isTemplate),
      message: `must be ${message}, of at most ${max} characters${isTemplate ? `; ${PLACEHOLDERS}` : ''}`,
    },
    { optional: true, nullable: true, ...options },
  );

function fits(value: string, pattern: RegExp, isTemplate: boolean): boolean {
  if (!isTemplate) return pattern.test(value);
  // Whatever stands for a placeholder has letters, digits, `_`, `-` and dots in it.
  return literalsOf(value) !== null && pattern.test(value.replace(/\{\w+\}/g, 'x'));
}

/** Where a broker is; user name and password may be in it. */
export const BrokerUrl = (schemes: string[], example: string, description: string): PropertyDecorator =>
  Field(
    { type: String, format: 'uri', maxLength: 2048, example },
    {
      check: (value) => typeof value === 'string' && value.length <= 2048 && isBrokerUrl(value, schemes),
      message: `must be a URL such as ${example}, without query`,
    },
    { description },
  );

function isBrokerUrl(text: string, schemes: string[]): boolean {
  if (!URL.canParse(text) || /\s/.test(text)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  if (!schemes.includes(protocol.slice(0, -1)) || hostname === '' || search !== '' || hash !== '') return false;
  return [username, password].every(isDecodable);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Something secret, shown as `***` afterwards; `***` keeps what is there. */
export const SecretText = (max: number, description?: string): PropertyDecorator =>
  Text({ max, optional: true, description, example: '***' });

const PEM = /^\s*-----BEGIN [A-Z0-9 ]+-----[\s\S]+-----END [A-Z0-9 ]+-----\s*$/;

/** Certificates or a key as PEM. */
export const PemText = (description: string): PropertyDecorator =>
  Field(
    { type: String, maxLength: 65_536 },
    {
      check: (value) => value === '***' || (typeof value === 'string' && value.length <= 65_536 && PEM.test(value)),
      message: 'must be PEM: -----BEGIN …',
    },
    { optional: true, description },
  );
