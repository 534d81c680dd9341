import type { MessageInEvent } from '@app/platform/events/data/message-data.js';
import type { MessageFile } from '@app/platform/events/media-content.js';

/** The fields of contents, of whatever type, that other gateways have places for. */
export interface Content {
  media?: MessageFile;
  caption?: string;
  latitude?: number;
  longitude?: number;
  name?: string;
  address?: string;
  contacts?: { name: string; vcard: string }[];
  question?: string;
  options?: string[];
  maxAnswers?: number;
  description?: string;
  startsAt?: string;
  id?: string;
  text?: string;
  groupId?: string;
  code?: string;
}

/** A message in any event that brings one. */
export interface Brought {
  message: Omit<MessageInEvent, 'content'> & { content: Content | null };
}
