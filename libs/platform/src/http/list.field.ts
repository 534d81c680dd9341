import { applyDecorators, type Type as Class } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { parseWaId } from '../ids/wa-id.js';
import { Field, fromText, type FieldOptions } from './fields.js';

interface ListOptions extends FieldOptions {
  /** What an item is: a text, a WhatsApp address, one of some words, or a DTO. */
  of?: 'text' | 'waId' | readonly string[] | (() => Class<object>);
  min?: number;
  max: number;
  /** Longest text of an item. */
  maxLength?: number;
}

/** A list with at most `max` items. In a query string: `a,b`, or the name several times. */
export function List({ of = 'text', min = 0, max, maxLength = 200, ...options }: ListOptions): PropertyDecorator {
  const size = min === 0 ? `at most ${max}` : `${min} to ${max}`;
  const item = itemOf(of, maxLength);
  return applyDecorators(
    fromText((text) => (text === '' ? [] : text.split(','))),
    ...item.decorators,
    Field(
      { ...item.api, minItems: min || undefined, maxItems: max },
      {
        check: (value) =>
          Array.isArray(value) &&
          value.length >= min &&
          value.length <= max &&
          value.every((entry) => item.check(entry)),
        message: `must be a list of ${size} ${item.name}`,
      },
      options,
    ),
  );
}

interface Item {
  name: string;
  api: ApiPropertyOptions;
  check: (entry: unknown) => boolean;
  decorators: PropertyDecorator[];
}

function itemOf(of: NonNullable<ListOptions['of']>, maxLength: number): Item {
  const isText = (entry: unknown): entry is string =>
    typeof entry === 'string' && entry.length > 0 && entry.length <= maxLength && !entry.includes('\0');
  if (of === 'text')
    return { name: `texts of 1 to ${maxLength} characters`, api: { type: [String] }, check: isText, decorators: [] };
  if (of === 'waId')
    return {
      name: 'phone numbers or WhatsApp addresses',
      api: { type: [String], example: ['6281234567890'] },
      check: (entry) => isText(entry) && parseWaId(entry) !== null,
      decorators: [Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(neutral) : value))],
    };
  if (typeof of === 'function')
    return {
      name: 'objects',
      // Named `type`: that is how swagger knows it from a class.
      api: { type: () => of(), isArray: true },
      check: (entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry),
      decorators: [Type(of), ValidateNested({ each: true, message: 'must be a list of objects' })],
    };
  return {
    name: `of ${of.join(', ')}`,
    api: { type: String, enum: [...of], isArray: true },
    check: (entry) => of.includes(entry as string),
    decorators: [],
  };
}

const neutral = (entry: unknown) => (typeof entry === 'string' ? (parseWaId(entry) ?? entry) : entry);
