import type { MessageContext, MessageStatus } from '@app/database/entities/message.entity.js';
import type { SessionStatus } from '@app/database/entities/session.entity.js';
import type { MessageFile } from './media-content.js';
import type { EventAnswer } from './message-action.js';

/** Somebody on WhatsApp, under every address that is known. */
export interface WaPerson {
  waId: string;
  phone: string | null;
  lid: string | null;
  name: string | null;
}

export interface SessionStatusData {
  status: SessionStatus;
  reason: string | null;
  /** The linked account; null until paired. */
  me: WaPerson | null;
}

export interface SessionQrData {
  /** The text of the QR code. */
  qr: string;
  expiresAt: string;
}

export interface SessionPairingCodeData {
  /** `ABCD-EFGH`, to be typed on the phone. */
  code: string;
  expiresAt: string | null;
}

export type MessageOrigin = 'api' | 'device';

export interface MessageData {
  message: {
    id: string;
    /** WhatsApp's own id. */
    messageId: string;
    chatId: string;
    sender: WaPerson;
    fromMe: boolean;
    type: string;
    text: string | null;
    /** What it says, with the fields of its type; null where `text` says it all. */
    content: object | null;
    /** What it answers, whom it mentions, whether it was forwarded …; null when there is nothing to say. */
    context: MessageContext | null;
    /** When it was written, RFC 3339. */
    timestamp: string;
    status: MessageStatus;
    /** Of an own message: sent by this API, or on another device of the account. Null for those of others. */
    origin: MessageOrigin | null;
  };
}

export interface MessageStatusData {
  id: string;
  messageId: string;
  chatId: string;
  status: MessageStatus;
  errorCode?: string;
  at: string;
}

export interface MessageFailedData {
  id: string;
  messageId: string;
  chatId: string;
  /** Stable code, such as `message.refused-463`. */
  errorCode: string;
  /** What it means and what to do about it. */
  detail: string;
  at: string;
}

export interface MessageMediaData {
  id: string;
  messageId: string;
  chatId: string;
  /** `stored`, or `failed` with an `errorCode`. */
  media: MessageFile;
  /** Opens the file without a token, for a while; null when there is none. */
  link: string | null;
}

/** A chat as it is now. */
export interface ChatData {
  chat: {
    chatId: string;
    kind: string;
    unreadCount: number;
    isMarkedUnread: boolean;
    isArchived: boolean;
    isPinned: boolean;
    isMuted: boolean;
    /** Until when; null for always, or not muted. */
    mutedUntil: string | null;
    isLocked: boolean;
    isReadOnly: boolean;
    /** After how many seconds messages disappear; 0 for never. */
    disappearingSeconds: number;
  };
}

export interface ChatDeletedData {
  chatId: string;
}

export interface ChatPresenceData {
  chatId: string;
  /** Whose presence it is. */
  person: WaPerson;
  state: 'available' | 'unavailable' | 'composing' | 'recording' | 'paused';
  lastSeenAt: string | null;
}

export interface ContactMergedData {
  /** Under which it goes on. */
  waId: string;
  phone: string;
  lid: string;
  /** The address that is used no longer. */
  mergedId: string;
}

export interface HistoryData {
  id: string;
  kind: 'initial' | 'recent' | 'full' | 'chat';
  state: 'requested' | 'running' | 'done' | 'failed';
  /** The chat that was asked for. */
  chatId: string | null;
  /** Percent, as the phone tells. */
  progress: number;
  chats: number;
  /** Messages that were new. */
  messages: number;
}

export interface MessageUndecryptableData {
  /** WhatsApp's id; the message comes as `message.received` under it if the phone hands it over. */
  messageId: string;
  chatId: string;
  senderId: string;
  timestamp: string;
}

export interface AccountRestrictedData {
  /** Until then messages to people who never wrote to the account wait. */
  until: string;
  /** WhatsApp's word for the reason, such as `BIZ_QUALITY`. */
  reason: string | null;
}

export interface AccountCappedData {
  /** New chats that WhatsApp allows in a period, and how many were begun. */
  total: number | null;
  used: number | null;
  /** When the next period begins; until then messages that would begin a chat wait. */
  until: string | null;
}

export interface AccountRestoredData {
  /** What is over. */
  was: 'restricted' | 'capped';
}

/** A message that something was done with, and by whom. */
export interface MessageActionData {
  /** Of the message that it was done with. */
  id: string;
  messageId: string;
  chatId: string;
  by: WaPerson;
  fromMe: boolean;
  at: string;
}

export interface MessageEditedData extends MessageActionData {
  /** What it says now. */
  text: string | null;
  content: object | null;
}

export interface MessageReactionData extends MessageActionData {
  /** Null: an earlier reaction was taken back. */
  emoji: string | null;
}

export interface MessageStarredData extends MessageActionData {
  isStarred: boolean;
}

export interface MessagePinnedData extends MessageActionData {
  isPinned: boolean;
  until: string | null;
}

export interface MessagePollVoteData extends MessageActionData {
  /** All that this person chooses now; empty when the vote was taken back. */
  options: string[];
}

export interface MessageEventResponseData extends MessageActionData {
  answer: EventAnswer;
  extraGuests: number;
}

export interface WebhookDisabledData {
  webhookId: string;
  url: string;
  /** Since when every attempt failed. */
  failingSince: string;
}

export interface TestData {
  webhookId: string;
  text: string;
}

/** Every event a customer can receive, with what it carries. */
export interface EventMap {
  'session.status': SessionStatusData;
  'session.qr': SessionQrData;
  'session.pairing_code': SessionPairingCodeData;
  'message.received': MessageData;
  'message.sent': MessageData;
  'message.status': MessageStatusData;
  'message.failed': MessageFailedData;
  'message.media': MessageMediaData;
  'chat.updated': ChatData;
  'chat.deleted': ChatDeletedData;
  'chat.presence': ChatPresenceData;
  'contact.merged': ContactMergedData;
  'history.progress': HistoryData;
  'history.synced': HistoryData;
  'message.undecryptable': MessageUndecryptableData;
  'account.restricted': AccountRestrictedData;
  'account.capped': AccountCappedData;
  'account.restored': AccountRestoredData;
  'message.edited': MessageEditedData;
  'message.revoked': MessageActionData;
  'message.deleted': MessageActionData;
  'message.reaction': MessageReactionData;
  'message.starred': MessageStarredData;
  'message.pinned': MessagePinnedData;
  'message.poll_vote': MessagePollVoteData;
  'message.event_response': MessageEventResponseData;
  'webhook.disabled': WebhookDisabledData;
  test: TestData;
}

export type EventType = keyof EventMap;

/** The catalogue in words. A name that is missing here does not compile. */
export const eventCatalogue: Record<EventType, string> = {
  'session.status': 'A session changed its status.',
  'session.qr': 'A new QR code waits to be scanned.',
  'session.pairing_code': 'A new pairing code waits to be typed on the phone.',
  'message.received': 'A message came in.',
  'message.sent': 'A message of this account went out, from here or from another of its devices.',
  'message.status': 'A sent message got further: acknowledged, delivered, read, played.',
  'message.failed': 'A message will not be sent any more.',
  'message.media': 'The file of a message is in the library, or is not to be had.',
  'chat.updated': 'A chat was read, archived, pinned, muted … here or on another device.',
  'chat.deleted': 'A chat was deleted, here or on another device.',
  'chat.presence': 'Somebody came, went, or is typing; only of chats that were subscribed to. May be lost.',
  'contact.merged': 'The phone number behind an opaque id became known; what there was under both is one now.',
  'history.progress': 'A part of the history has come from the phone.',
  'history.synced': 'All of the history that was asked for has come, or the phone has no more.',
  'message.undecryptable': 'A message came in that cannot be read; the phone is asked for it for up to 14 days.',
  'account.restricted': 'WhatsApp does not let the account write to people who never wrote to it, for a while.',
  'account.capped': 'The account has begun as many chats as WhatsApp allows in a period.',
  'account.restored': 'A restriction or cap is over.',
  'message.edited': 'A message says something else now.',
  'message.revoked': 'A message was deleted for everybody; what it said is kept here.',
  'message.deleted': 'A message was deleted for this account alone.',
  'message.reaction': 'Somebody reacted to a message, or took a reaction back.',
  'message.starred': 'A message got its star, or lost it.',
  'message.pinned': 'A message was pinned in its chat, or the pin was taken away.',
  'message.poll_vote': 'Somebody voted in a poll, or took the vote back.',
  'message.event_response': 'Somebody answered an invitation to an event.',
  'webhook.disabled': 'A webhook failed for days and gets no events any more.',
  test: 'Asked for, to try a webhook.',
};

export const eventTypes = Object.keys(eventCatalogue) as EventType[];

const groups = new Set(eventTypes.filter((type) => type.includes('.')).map((type) => `${type.split('.')[0]}.*`));

/** Whether a filter entry means anything: a type, a group such as `message.*`, or `*`. */
export const isEventFilter = (entry: string): boolean =>
  entry === '*' || groups.has(entry) || Object.hasOwn(eventCatalogue, entry);

/** An event as it is handed to the outbox; `data` belongs to `type`. */
export type NewEvent = {
  [T in EventType]: {
    tenantId: string;
    sessionId: string | null;
    type: T;
    data: EventMap[T];
    /** Goes to this destination alone, whatever its filters say. */
    destinationId?: string;
  };
}[EventType];
