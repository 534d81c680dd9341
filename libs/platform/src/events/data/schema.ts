import type { Type } from '@nestjs/common';

/** JSON Schema 2020-12, as far as events need it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  description?: string;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
}

export const text: Schema = { type: 'string' };
/** RFC 3339. */
export const time: Schema = { type: 'string', format: 'date-time' };
export const flag: Schema = { type: 'boolean' };
export const integer: Schema = { type: 'integer' };
export const number: Schema = { type: 'number' };
/** An object with whatever fields. */
export const free: Schema = { type: 'object', additionalProperties: true };
export const words = (of: readonly string[]): Schema => ({ type: 'string', enum: [...of] });
export const list = (items: Schema): Schema => ({ type: 'array', items });
/** Another class of this kind. */
export const an = (type: Type): Schema => ({ $ref: `#/$defs/${type.name}` });

/** The same, or null. */
export function orNull(schema: Schema): Schema {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const { enum: known } = schema;
  return { ...schema, type: [schema.type, 'null'], ...(known && { enum: [...known, null] }) };
}

interface Field {
  schema: Schema;
  isAlways: boolean;
}

const classes = new Map<object, { type: Type; fields: Map<string, Field> }>();

/** A field of an event's data that is always there. */
export const Has = (schema: Schema, description?: string) => declared({ ...schema, description }, true);

/** A field of an event's data that may be absent. */
export const MayHave = (schema: Schema, description?: string) => declared({ ...schema, description }, false);

const declared =
  (schema: Schema, isAlways: boolean): PropertyDecorator =>
  (prototype, name) => {
    const known = classes.get(prototype) ?? { type: prototype.constructor as Type, fields: new Map<string, Field>() };
    classes.set(prototype, known);
    if (schema.description === undefined) delete schema.description;
    known.fields.set(String(name), { schema, isAlways });
  };

/** The schema of a class whose fields are declared so, those of its parents included. */
export function schemaOf(type: Type): Schema {
  const fields = fieldsOf(type.prototype as object);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, { schema }]) => [name, schema])),
    required: fields.filter(([, { isAlways }]) => isAlways).map(([name]) => name),
    additionalProperties: false,
  };
}

function fieldsOf(prototype: object | null): [string, Field][] {
  if (!prototype || prototype === Object.prototype) return [];
  const own = classes.get(prototype)?.fields ?? [];
  return [...fieldsOf(Object.getPrototypeOf(prototype) as object | null), ...own];
}

/** Every class with declared fields, by name. */
export function declaredSchemas(): Record<string, Schema> {
  return Object.fromEntries([...classes.values()].map(({ type }) => [type.name, schemaOf(type)]));
}
