import type { InteractiveContent } from './interactive-content.js';

/** Formatted words; WhatsApp's own marks (`*bold*`, `_italic_`, …) are part of them. */
export interface TextContent {
  type: 'text';
  text: string;
}

/** A place on the map. */
export interface LocationContent {
  type: 'location';
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

/** A message of a type that has no shape here; its protobuf is kept. */
export interface OtherContent {
  type: 'other';
}

/**
 * What a message says, by type: the same shape when it is sent, stored, listed and delivered as an event. A new type is
 * added here, as a kind in libs/whatsapp/src/content, and as a DTO in features/messaging/content.
 */
export type MessageContent = TextContent | LocationContent | InteractiveContent | OtherContent;

export type MessageType = MessageContent['type'];
export type ContentOf<T extends MessageType> = Extract<MessageContent, { type: T }>;

/** The words of a message that people can read and search: the text, the caption, the question. */
export function wordsOf(content: MessageContent): string | null {
  if ('text' in content) return content.text;
  return 'caption' in content && typeof content.caption === 'string' ? content.caption : null;
}

/** The fields of a content beside its type, as they are stored and shown; null for a text, whose words say it all. */
export function fieldsOf({ type, ...fields }: MessageContent): object | null {
  return type === 'text' || Object.keys(fields).length === 0 ? null : fields;
}
