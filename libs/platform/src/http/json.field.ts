import { Field, type FieldOptions } from './fields.js';

/** An object with whatever fields; as JSON at most `maxBytes` long. */
export const JsonObject = ({ maxBytes, ...options }: FieldOptions & { maxBytes: number }): PropertyDecorator =>
  Field(
    { type: 'object', additionalProperties: true },
    {
      check: (value) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Buffer.byteLength(JSON.stringify(value)) <= maxBytes,
      message: `must be an object of at most ${maxBytes} bytes as JSON`,
    },
    options,
  );
