import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { registerDecorator, type ValidationOptions } from 'class-validator';

interface Variable {
  /** Returns the parsed value, or undefined for what is not allowed. */
  parse: (raw: string) => unknown;
  /** Completes "NAME must be …". */
  allowed: string;
  /** Kept out of error messages. */
  isSecret?: boolean;
}

const secrets = new Set<string>();

/** Whether the variable behind a property of `Config` must not be repeated in a message. */
export const isSecretVariable = (property: string) => secrets.has(property);

const REFUSED = Symbol('refused');

/** A variable with a parser of its own; every decorator below is one of these. */
export function Variable({ parse, allowed, isSecret }: Variable): PropertyDecorator {
  const options: ValidationOptions = { message: `must be ${allowed}` };
  return applyDecorators(
    Transform(({ value }: { value: string }) => parse(value.trim()) ?? REFUSED),
    (target: object, property: string | symbol) => {
      if (isSecret) secrets.add(String(property));
      registerDecorator({
        name: 'variable',
        target: target.constructor,
        propertyName: String(property),
        options,
        validator: { validate: (value: unknown) => value !== REFUSED },
      });
    },
  );
}

export const WholeNumber = (min: number, max: number) =>
  Variable({
    parse: (raw) => (/^\d{1,15}$/.test(raw) && Number(raw) >= min && Number(raw) <= max ? Number(raw) : undefined),
    allowed: `a whole number from ${min} to ${max}`,
  });

/** `true` or `false`. */
export const Switch = () => Variable({ parse: (raw) => ({ true: true, false: false })[raw], allowed: 'true or false' });

export const Word = (words: readonly string[]) =>
  Variable({ parse: (raw) => words.find((word) => word === raw), allowed: `one of ${words.join(', ')}` });

export const Words = (words: readonly string[]) =>
  Variable({
    parse: (raw) => {
      const list = [...new Set(raw.split(',').map((word) => word.trim()))];
      return list.every((word) => words.includes(word)) ? list : undefined;
    },
    allowed: `a comma list of ${words.join(', ')}`,
  });

export const Pattern = (pattern: RegExp, allowed: string, isSecret = false) =>
  Variable({ parse: (raw) => (pattern.test(raw) ? raw : undefined), allowed, isSecret });

/** A URL of one of the protocols; it may hold a password, so it is never repeated in a message. */
export const UrlOf = (...protocols: string[]) =>
  Variable({
    parse: (raw) => (URL.canParse(raw) && protocols.includes(new URL(raw).protocol) ? raw : undefined),
    allowed: `a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    isSecret: true,
  });
