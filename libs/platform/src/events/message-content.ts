import type * as shapes from './content-shapes.js';
import type { InteractiveContent } from './interactive-content.js';
import type { MediaContent } from './media-content.js';
import { orderWords } from './order-words.js';

/**
 * What a message says, by type: the same shape when it is sent, stored, listed and delivered as an event. A new type is
 * added here, as a kind in libs/whatsapp/src/content, and as a DTO in features/messaging/content.
 */
export type MessageContent =
  | shapes.TextContent
  | shapes.LocationContent
  | shapes.LiveLocationContent
  | shapes.ContactsContent
  | shapes.PollContent
  | shapes.EventContent
  | shapes.ProductContent
  | shapes.OrderContent
  | shapes.NewsletterInviteContent
  | shapes.GroupInviteContent
  | shapes.AlbumContent
  | MediaContent
  | InteractiveContent
  | shapes.StatusMentionContent
  | shapes.CallLogContent
  | shapes.ScheduledCallContent
  | shapes.PaymentContent
  | shapes.StickerPackContent
  | shapes.PollResultsContent
  | shapes.PhoneNumberRequestContent
  | shapes.OtherContent;

export type MessageType = MessageContent['type'];
export type ContentOf<T extends MessageType> = Extract<MessageContent, { type: T }>;

/** Fields that hold the words of a message, the likeliest first. */
const WORDS = ['text', 'caption', 'question', 'message', 'body', 'title', 'name', 'note'];

/** The words of a message that people can read and search: the text, the caption, the question, the names. */
export function wordsOf(content: MessageContent): string | null {
  if (content.type === 'contacts') return content.contacts.map(({ name }) => name).join(', ');
  const ordered = content.type === 'order' ? orderWords(content) : null;
  if (ordered !== null) return ordered;
  const fields = content as unknown as Record<string, unknown>;
  const word = WORDS.map((field) => fields[field]).find((value) => typeof value === 'string');
  return typeof word === 'string' ? word : null;
}

/** The fields of a content beside its type, as they are stored and shown; null for a text, whose words say it all. */
export function fieldsOf({ type, ...fields }: MessageContent): object | null {
  const count = Object.keys(fields).length;
  return count === 0 || (type === 'text' && count === 1) ? null : fields;
}
