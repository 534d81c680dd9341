import { Field, type FieldOptions } from './fields.js';

const MOST_SECONDS = 60;

/** How long a chat sees somebody type, or record, before a message comes: seconds, or `auto`. */
export const Typing = (options: FieldOptions = {}): PropertyDecorator =>
  Field(
    { oneOf: typingSchema },
    {
      check: (value) =>
        value === 'auto' || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_SECONDS),
      message: `must be a whole number of seconds from 0 to ${MOST_SECONDS}, or "auto"`,
    },
    { optional: true, ...options },
  );

/** The same for answers. */
export const typingSchema = [
  { type: 'integer', minimum: 0, maximum: MOST_SECONDS },
  { type: 'string', enum: ['auto'] },
];
