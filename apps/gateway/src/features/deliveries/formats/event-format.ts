import type { EventEnvelope } from '@app/platform/events/envelope.js';
import type { WebhookFormat } from '@app/platform/events/webhook-settings.js';

/** The session that an event is of. */
export interface FormatSession {
  id: string;
  name: string;
  /** The linked account; null until paired. */
  waId: string | null;
}

/** The file of a message, as far as it goes along. */
export interface EventFile {
  mimeType: string;
  fileName: string | null;
  sizeBytes: number;
  link: string | null;
  /** What stands for the bytes until the body is sent. */
  base64: string | null;
}

/** What a payload is made from. */
export interface Told<T extends object = object> {
  event: EventEnvelope;
  data: T;
  session: FormatSession | null;
  /** Null where there is none, or it is not to go along. */
  file: EventFile | null;
}

/** Makes the payload of an event; null: there is nothing to tell in this case. */
export type Writer = (told: Told) => object | null;

/** The payloads and the signature of another gateway. */
export interface EventFormat {
  readonly name: Exclude<WebhookFormat, 'native'>;
  /** Carries the hex HMAC-SHA256 of the body, after `prefix`. */
  readonly signature: { header: string; prefix: string };
  readonly writers: Readonly<Record<string, Writer>>;
  /** Types of events that the gateway has no counterpart for. */
  readonly without: readonly string[];
}

/** A writer for events that carry `T`. */
export const on =
  <T extends object>(write: (data: T, told: Told<T>) => object | null): Writer =>
  (told) =>
    write(told.data as T, told as Told<T>);

/** The address as WhatsApp's own protocol spells it. */
export const jidOf = (waId: string): string => (waId.includes('@') ? waId : `${waId}@s.whatsapp.net`);

/** The same of an address that may be unknown. */
export const jidOrNull = (waId: string | null | undefined): string | null => (waId ? jidOf(waId) : null);

export const isGroup = (chatId: string): boolean => chatId.endsWith('@g.us');

export const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000);
