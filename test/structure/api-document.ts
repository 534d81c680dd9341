import type { OpenAPIObject } from '@nestjs/swagger';

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  example?: unknown;
  default?: unknown;
  minimum?: number;
  minLength?: number;
  minItems?: number;
  items?: Schema;
  required?: string[];
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Content {
  content?: Record<string, { schema?: Schema }>;
}

export interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content & { description: string }>;
}

export interface ApiRoute {
  /** `GET /v1/sessions/{id}`. */
  name: string;
  method: string;
  path: string;
  access: 'public' | 'user' | 'admin';
  operation: Operation;
}

/** Every operation of the document. */
export const apiRoutes = (document: OpenAPIObject): ApiRoute[] =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Operation>).map(([verb, operation]) => {
      const method = verb.toUpperCase();
      const [scheme = 'public'] = (operation.security ?? []).flatMap((entry) => Object.keys(entry));
      return { name: `${method} ${path}`, method, path, access: scheme as ApiRoute['access'], operation };
    }),
  );

/** The smallest value that a schema allows; enough to get past the validation. */
export function minimalValue(document: OpenAPIObject, schema: Schema = {}): unknown {
  if (schema.$ref) return minimalValue(document, resolve(document, schema.$ref));
  const given = schema.example ?? schema.default ?? schema.enum?.[0];
  if (given !== undefined) return given;
  const [choice] = [schema.oneOf, schema.anyOf, schema.allOf].flatMap((choices) => choices ?? []);
  if (choice) return minimalValue(document, choice);
  const [type = 'object'] = [schema.type].flat();
  const make = minimal[type];
  return make ? make(schema, document) : null;
}

const minimalNumber = ({ minimum = 1 }: Schema) => minimum;
const minimal: Record<string, (schema: Schema, document: OpenAPIObject) => unknown> = {
  integer: minimalNumber,
  number: minimalNumber,
  boolean: () => true,
  string: ({ minLength = 1 }) => 'x'.repeat(Math.max(1, minLength)),
  array: ({ minItems = 0, items }, document) => Array.from({ length: minItems }, () => minimalValue(document, items)),
  object: (schema, document) => minimalObject(document, schema),
};

const minimalObject = (document: OpenAPIObject, { required = [], properties = {} }: Schema) =>
  Object.fromEntries(required.map((name) => [name, minimalValue(document, properties[name])]));

const rowOfField: Record<string, string> = {
  mediaId: 'media',
  sessionId: 'sessions',
  sessionIds: 'sessions',
  destinationId: 'webhooks',
  webhookId: 'webhooks',
  eventId: 'events',
  eventIds: 'events',
  replyTo: 'messages',
  userId: 'access',
};

/** The smallest bodies of a schema, one for each of its variants and fields that names a row, with the id of that row in it. */
export function bodiesWithIds(document: OpenAPIObject, given: Schema, rows: Record<string, string>): object[] {
  const schema = given.$ref ? resolve(document, given.$ref) : given;
  const variants = [schema.oneOf, schema.anyOf].flatMap((choices) => choices ?? []);
  if (variants.length) return variants.flatMap((variant) => bodiesWithIds(document, variant, rows));
  const minimal = minimalValue(document, schema) as object;
  return Object.entries(schema.properties ?? {}).flatMap(([name, { type }]) => {
    const id = rows[rowOfField[name] ?? ''];
    return id ? [{ ...minimal, [name]: type === 'array' ? [id] : id }] : [];
  });
}

function resolve(document: OpenAPIObject, ref: string): Schema {
  const found = document.components?.schemas?.[ref.split('/').at(-1) ?? ''];
  if (!found) throw new Error(`The document has no ${ref}`);
  return found;
}
