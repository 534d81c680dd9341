import type { Message } from '@app/database/entities/message.entity.js';
import type { SelectQueryBuilder } from 'typeorm';

/** What a list of messages is narrowed down to; what is absent does not matter. */
export interface MessageFilter {
  /** Words, or beginnings of words, all of which are in the message. */
  q?: string;
  chatId?: string;
  senderId?: string;
  type?: string[];
  /** Written at this time or later. */
  from?: Date;
  /** Written before this time. */
  to?: Date;
  hasMedia?: boolean;
  fromMe?: boolean;
  isStarred?: boolean;
}

/** The same, with everything that a person is called. */
export type AddressedFilter = Omit<MessageFilter, 'chatId' | 'senderId'> & { chatIds?: string[]; senderIds?: string[] };

const mediaTypes = ['image', 'video', 'gif', 'video-note', 'audio', 'voice', 'document', 'sticker'];

/**
 * As the index `messages_words` spells it: the session is one of the words, so that a search reads nothing of others.
 * Every word of the query may be the beginning of one. A query without words finds nothing.
 */
const WORDS = `(array_to_tsvector(ARRAY[message.session_id]) || to_tsvector('simple', message.text)) @@ (
  CAST(quote_literal(CAST(:sessionWord AS text)) AS tsquery) &&
  CAST(replace(nullif(CAST(plainto_tsquery('simple', :words) AS text), ''), ''' & ''', ''':* & ''') || ':*' AS tsquery))`;

/** Narrows a query down; the caller has narrowed it to a session of a tenant already. */
export function narrow(query: SelectQueryBuilder<Message>, sessionId: string, filter: AddressedFilter): void {
  const { q, chatIds, senderIds, type, from, to, hasMedia, fromMe, isStarred } = filter;
  const when = (value: unknown, clause: string, values: object) => {
    if (value !== undefined) query.andWhere(clause, values);
  };
  when(q, `message.text IS NOT NULL AND message.target_id IS NULL AND ${WORDS}`, { sessionWord: sessionId, words: q });
  const [chatId] = chatIds ?? [];
  // One alone lets the index give the page in order.
  if (chatIds?.length === 1) when(chatId, 'message.chatId = :chatId', { chatId });
  else when(chatIds, 'message.chatId = ANY (:chatIds)', { chatIds });
  when(senderIds, 'message.senderId = ANY (:senderIds)', { senderIds });
  when(type, 'message.type = ANY (:type)', { type });
  when(from, 'message.timestamp >= :from', { from });
  when(to, 'message.timestamp < :to', { to });
  when(hasMedia, `${hasMedia ? '' : 'NOT '}message.type = ANY (:mediaTypes)`, { mediaTypes });
  when(fromMe, 'message.fromMe = :fromMe', { fromMe });
  when(isStarred, `message.starredAt IS ${isStarred ? 'NOT NULL' : 'NULL'}`, {});
}
