import { declaredSchemas, integer, orNull, schemaOf, text, time, type Schema } from './data/schema.js';
import { eventCatalogue, eventTypes, type EventType } from './event-map.js';

/** `message.poll_vote` → `MessagePollVoteEvent`. */
export const schemaNameOf = (type: EventType): string =>
  `${type.replace(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}Event`;

const REF = '#/$defs/';

/** The event of one type, envelope included. */
function eventSchema(type: EventType): Schema {
  const { data, says } = eventCatalogue[type];
  const properties: Record<string, Schema> = {
    id: { ...text, description: 'Stays the same however often the event is delivered.' },
    type: { const: type },
    tenantId: text,
    sessionId: orNull(text),
    sequence: { ...orNull(integer), description: 'Per session, from 1, without gaps; null for events of no session.' },
    timestamp: time,
    data: { $ref: `${REF}${data.name}` },
  };
  return {
    type: 'object',
    description: says,
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/** The schema of each type of event, and of all that they refer to, by name. */
export function eventSchemas(): Record<string, Schema> {
  const known = { ...declaredSchemas(), ...dataSchemas() };
  const schemas: Record<string, Schema> = Object.fromEntries(
    eventTypes.map((type) => [schemaNameOf(type), eventSchema(type)]),
  );
  const follow = (schema: Schema): void => {
    for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)) {
      const found = known[name];
      if (!found || schemas[name]) continue;
      schemas[name] = found;
      follow(found);
    }
  };
  for (const schema of Object.values(schemas)) follow(schema);
  return schemas;
}

/** Classes that add no field to those of their parent are in the catalogue alone. */
const dataSchemas = () =>
  Object.fromEntries(Object.values(eventCatalogue).map(({ data }) => [data.name, schemaOf(data)]));

/** All types of events as one JSON Schema, for receivers that check or generate code. */
export function eventsDocument(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Events',
    oneOf: eventTypes.map((type) => ({ $ref: `${REF}${schemaNameOf(type)}` })),
    $defs: eventSchemas(),
  };
}
