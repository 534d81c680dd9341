import type { ContentKind } from './content-kind.js';
import { location } from './location.js';
import { text } from './text.js';

/** Every type of message that is read and written here. */
export const contentKinds = [text, location] as const;

const byType = new Map<string, ContentKind>(contentKinds.map((kind) => [kind.type, kind as unknown as ContentKind]));
const byField = new Map<string, ContentKind>(
  contentKinds.flatMap((kind) => kind.fields.map((field) => [field, kind as unknown as ContentKind] as const)),
);

/** The kind that writes a type; undefined for what can only be received. */
export const kindOfType = (type: string): ContentKind | undefined => byType.get(type);

/** The kind that reads a field of the protobuf. */
export const kindOfField = (field: string): ContentKind | undefined => byField.get(field);
