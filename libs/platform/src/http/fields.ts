import { applyDecorators, type Type as Class } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { parseWaId } from '../ids/wa-id.js';

/** The class-transformer group of query strings, where everything arrives as text. */
export const FROM_TEXT = 'from-text';

export interface FieldOptions {
  /** May be left out. */
  optional?: boolean;
  /** May be `null`. */
  nullable?: boolean;
  description?: string;
  example?: unknown;
  default?: unknown;
}

interface Rule {
  check: (value: unknown) => boolean;
  /** Completes "the field …". */
  message: string;
  each?: boolean;
}

const DOCUMENTED = Symbol('how a field is documented');

/** How a field of a DTO is documented; undefined for what is none. */
export const documentedField = (dto: Class<object>, name: string): ApiPropertyOptions | undefined =>
  Reflect.getMetadata(DOCUMENTED, dto.prototype as object, name) as ApiPropertyOptions | undefined;

/** A field with a rule of its own: checked and documented at once. Every decorator below is one of these. */
export function Field(api: ApiPropertyOptions, rule: Rule, options: FieldOptions = {}): PropertyDecorator {
  const { optional, nullable, ...documented } = options;
  const skip = (value: unknown) => (value === undefined && optional) || (value === null && nullable);
  return applyDecorators(
    ApiProperty({ ...api, ...documented, nullable, required: !optional } as ApiPropertyOptions),
    ValidateIf((_, value) => !skip(value)),
    (target: object, name: string | symbol) => Reflect.defineMetadata(DOCUMENTED, api, target, name),
    ValidateBy({ name: 'field', validator: { validate: rule.check } }, { message: rule.message, each: rule.each }),
  );
}

export interface TextOptions extends FieldOptions {
  min?: number;
  max?: number;
  pattern?: RegExp;
  /** Says what the pattern allows. */
  allowed?: string;
}

const isText = (value: unknown): value is string =>
  // eslint-disable-next-line no-control-regex -- PostgreSQL cannot store NUL
  typeof value === 'string' && !/\u0000/.test(value);

/** A text; 1 to 1000 characters unless told otherwise. */
export function Text({ min = 1, max = 1000, pattern, allowed, ...options }: TextOptions = {}): PropertyDecorator {
  const length = min === 0 ? `of at most ${max} characters` : `of ${min} to ${max} characters`;
  return Field(
    { type: String, minLength: min, maxLength: max, pattern: pattern?.source },
    {
      check: (value) => isText(value) && value.length >= min && value.length <= max && (pattern?.test(value) ?? true),
      message: `must be ${allowed ?? 'a text'} ${length}`,
    },
    options,
  );
}

/** One of the words. */
export const OneOf = (words: readonly string[], options: FieldOptions = {}): PropertyDecorator =>
  Field(
    { type: String, enum: [...words] },
    { check: (value) => words.includes(value as string), message: `must be one of ${words.join(', ')}` },
    options,
  );

export interface IntegerOptions extends FieldOptions {
  min?: number;
  max?: number;
}

/** A whole number, 0 or more unless told otherwise. */
export function Integer({ min = 0, max = 2_147_483_647, ...options }: IntegerOptions = {}): PropertyDecorator {
  return applyDecorators(
    fromText((text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text)),
    Field(
      { type: 'integer', minimum: min, maximum: max },
      {
        check: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
        message: `must be a whole number from ${min} to ${max}`,
      },
      options,
    ),
  );
}

/** A number, also with a fraction. */
export const Decimal = ({ min, max, ...options }: FieldOptions & { min: number; max: number }): PropertyDecorator =>
  applyDecorators(
    fromText((text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)),
    Field(
      { type: Number, minimum: min, maximum: max },
      {
        check: (value) => typeof value === 'number' && value >= min && value <= max,
        message: `must be a number from ${min} to ${max}`,
      },
      options,
    ),
  );

/** `true` or `false`. */
export const Flag = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    fromText((text) => ({ true: true, false: false })[text] ?? text),
    Field(
      { type: Boolean },
      { check: (value) => typeof value === 'boolean', message: 'must be true or false' },
      options,
    ),
  );

/** A WhatsApp address in any spelling: phone number, phone number JID, LID, group, newsletter. Arrives in neutral form. */
export const WaId = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => neutral(value)),
    Field(
      { type: String, maxLength: 100, example: '6281234567890' },
      {
        check: isWaId,
        message: 'must be a phone number with country code, or an address that ends in @lid, @g.us or @newsletter',
      },
      options,
    ),
  );

const isWaId = (value: unknown) => typeof value === 'string' && value.length <= 100 && parseWaId(value) !== null;
const neutral = (value: unknown) => (isWaId(value) ? parseWaId(value as string) : value);

/** An http or https URL without a password in it. */
export const UrlField = (options: FieldOptions & { protocols?: string[] } = {}): PropertyDecorator => {
  const { protocols = ['http', 'https'], ...rest } = options;
  return Field(
    { type: String, format: 'uri', maxLength: 2048, example: 'https://example.com/hook' },
    {
      check: (value) => isText(value) && value.length <= 2048 && isUrl(value, protocols),
      message: `must be a URL that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`,
    },
    rest,
  );
};

function isUrl(text: string, protocols: string[]): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, password } = new URL(text);
  return protocols.includes(protocol.slice(0, -1)) && hostname !== '' && password === '';
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i;

/** A time with time zone (RFC 3339); arrives as a `Date`. */
export const Timestamp = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && RFC_3339.test(value) ? new Date(value) : value,
    ),
    Field(
      { type: String, format: 'date-time', example: '2030-01-31T12:00:00Z' },
      {
        check: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
        message: 'must be a time such as 2030-01-31T12:00:00Z',
      },
      options,
    ),
  );

/** Another DTO inside this one. */
export const Nested = <T extends object>(of: () => Class<T>, options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Type(of),
    // Named `type`: that is how swagger knows it from a class.
    Field({ type: () => of() }, { check: (value) => isObject(value), message: 'must be an object' }, options),
    ValidateNested({ message: 'must be an object' }),
  );

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Turns the text of a query string into a value; bodies are left as they are. */
export const fromText = (parse: (text: string) => unknown): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? parse(value) : value), {
    groups: [FROM_TEXT],
  });
