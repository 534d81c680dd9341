import { eventCatalogue, eventTypes } from '@app/platform/events/event-map.js';
import { eventSchemas, schemaNameOf } from '@app/platform/events/event-schemas.js';

type Json = Record<string, unknown>;

const ref = (name: string) => `#/components/schemas/${name}`;

/** The schemas of events as components of an OpenAPI document. */
export const eventComponents = (): Json =>
  JSON.parse(JSON.stringify(eventSchemas()).replaceAll('#/$defs/', ref(''))) as Json;

/** What webhooks are called with, by type of event. */
export const openApiWebhooks = (): Json =>
  Object.fromEntries(
    eventTypes.map((type) => [
      type,
      {
        post: {
          operationId: `event.${type}`,
          summary: eventCatalogue[type].says,
          tags: ['Events'],
          // What a receiver asks for is its own affair; each request is signed.
          security: [],
          requestBody: { content: { 'application/json': { schema: { $ref: ref(schemaNameOf(type)) } } } },
          responses: { '2XX': { description: 'Taken; any other answer is a failure, and the event comes again.' } },
        },
      },
    ]),
  );

/** OpenAPI 3.0 spells what may be null in a way of its own; 3.1 does as JSON Schema does. */
export function asOpenApi31(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asOpenApi31);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries<unknown>(
    Object.entries(node).map(([name, value]) => [name, asOpenApi31(value)]),
  );
  // A field may have that name, too.
  if (typeof nullable !== 'boolean') return nullable === undefined ? rest : { ...rest, nullable };
  return nullable ? orNull(rest) : rest;
}

function orNull(schema: Json): Json {
  const { type, enum: words, oneOf, anyOf, allOf, $ref, ...rest } = schema;
  const nothing = { type: 'null' };
  if (Array.isArray(oneOf)) return { ...rest, oneOf: [...(oneOf as unknown[]), nothing] };
  if (Array.isArray(anyOf)) return { ...rest, anyOf: [...(anyOf as unknown[]), nothing] };
  if ($ref) return { ...rest, anyOf: [{ $ref }, nothing] };
  if (allOf) return { ...rest, anyOf: [...(allOf as unknown[]), nothing] };
  if (type === undefined) return schema;
  return { ...rest, type: [type, 'null'], ...(Array.isArray(words) && { enum: [...(words as unknown[]), null] }) };
}
