import type { Type } from '@nestjs/common';
import { AccountCappedData, AccountRestoredData, AccountRestrictedData } from './data/account-data.js';
import { CallData } from './data/call-data.js';
import { ChatData, ChatDeletedData, ChatPresenceData, ContactMergedData, HistoryData } from './data/chat-data.js';
import { ContactBlockedData, ContactPresenceData, ContactUpdatedData } from './data/contact-data.js';
import {
  GroupCreatedData,
  GroupJoinRequestData,
  GroupLeftData,
  GroupParticipantsData,
  GroupUpdatedData,
} from './data/group-data.js';
import { LabelAssignmentData, LabelEditedData } from './data/label-data.js';
import {
  MessageActionData,
  MessageEditedData,
  MessageEventResponseData,
  MessagePinnedData,
  MessagePollVoteData,
  MessageReactionData,
  MessageStarredData,
} from './data/message-action-data.js';
import {
  MessageData,
  MessageFailedData,
  MessageMediaData,
  MessageStatusData,
  MessageUndecryptableData,
} from './data/message-data.js';
import {
  NewsletterJoinedData,
  NewsletterLeftData,
  NewsletterLiveData,
  NewsletterMutedData,
  NewsletterReactionData,
  NewsletterUpdatedData,
} from './data/newsletter-data.js';
import { SessionPairingCodeData, SessionQrData, SessionStatusData } from './data/session-data.js';
import { StatusViewedData } from './data/status-data.js';
import { TestData, WebhookDisabledData } from './data/webhook-data.js';

/**
 * Every event a customer can receive: the class of what it carries, and when it comes. The class is the type for whoever
 * emits the event, the schema that it is checked by, and its documentation.
 */
export const eventCatalogue = {
  'session.status': { data: SessionStatusData, says: 'A session changed its status.' },
  'session.qr': { data: SessionQrData, says: 'A new QR code waits to be scanned.' },
  'session.pairing_code': { data: SessionPairingCodeData, says: 'A new pairing code waits to be typed on the phone.' },
  'message.received': { data: MessageData, says: 'A message came in, from a person or in a group.' },
  'message.sent': {
    data: MessageData,
    says: 'A message of this account went out, from here or from another of its devices.',
  },
  'message.status': {
    data: MessageStatusData,
    says: 'A sent message got further: acknowledged, delivered, read, played.',
  },
  'message.failed': { data: MessageFailedData, says: 'A message will not be sent any more.' },
  'message.media': { data: MessageMediaData, says: 'The file of a message is in the library, or is not to be had.' },
  'chat.updated': { data: ChatData, says: 'A chat was read, archived, pinned, muted … here or on another device.' },
  'chat.deleted': { data: ChatDeletedData, says: 'A chat was deleted, here or on another device.' },
  'chat.presence': {
    data: ChatPresenceData,
    says: 'Somebody is typing or recording, or stopped; only of chats that were subscribed to. May be lost.',
  },
  'contact.merged': {
    data: ContactMergedData,
    says: 'The phone number behind an opaque id became known; what there was under both is one now.',
  },
  'history.progress': { data: HistoryData, says: 'A part of the history has come from the phone.' },
  'history.synced': {
    data: HistoryData,
    says: 'All of the history that was asked for has come, or the phone has no more.',
  },
  'message.undecryptable': {
    data: MessageUndecryptableData,
    says: 'A message came in that cannot be read; the phone is asked for it for up to 14 days.',
  },
  'account.restricted': {
    data: AccountRestrictedData,
    says: 'WhatsApp does not let the account write to people who never wrote to it, for a while.',
  },
  'account.capped': {
    data: AccountCappedData,
    says: 'The account has begun as many chats as WhatsApp allows in a period.',
  },
  'account.restored': { data: AccountRestoredData, says: 'A restriction or cap is over.' },
  'message.edited': { data: MessageEditedData, says: 'A message says something else now.' },
  'message.revoked': {
    data: MessageActionData,
    says: 'A message was deleted for everybody; what it said is kept here.',
  },
  'message.deleted': { data: MessageActionData, says: 'A message was deleted for this account alone.' },
  'message.reaction': { data: MessageReactionData, says: 'Somebody reacted to a message, or took a reaction back.' },
  'message.starred': { data: MessageStarredData, says: 'A message got its star, or lost it.' },
  'message.pinned': { data: MessagePinnedData, says: 'A message was pinned in its chat, or the pin was taken away.' },
  'message.poll_vote': { data: MessagePollVoteData, says: 'Somebody voted in a poll, or took the vote back.' },
  'message.event_response': { data: MessageEventResponseData, says: 'Somebody answered an invitation to an event.' },
  'contact.updated': {
    data: ContactUpdatedData,
    says: 'A person has another name, picture or about text, or was put into the address book.',
  },
  'contact.presence': {
    data: ContactPresenceData,
    says: 'Somebody came online or went; only of chats that were subscribed to. May be lost.',
  },
  'contact.blocked': { data: ContactBlockedData, says: 'The account blocked somebody, or let them in again.' },
  'group.created': {
    data: GroupCreatedData,
    says: 'The account is in a group that it was not in before: founded, added, or joined by the link.',
  },
  'group.updated': {
    data: GroupUpdatedData,
    says: 'A group or community has another subject, description, picture, setting, link or community.',
  },
  'group.participants': {
    data: GroupParticipantsData,
    says: 'People were added to a group, joined, left, were removed, promoted or demoted.',
  },
  'group.join_request': {
    data: GroupJoinRequestData,
    says: 'Somebody wants to join a group that this account is an admin of, or does no longer, or was turned down.',
  },
  'group.left': { data: GroupLeftData, says: 'The account is in a group no longer.' },
  'newsletter.joined': { data: NewsletterJoinedData, says: 'The account follows a newsletter.' },
  'newsletter.left': { data: NewsletterLeftData, says: 'The account follows a newsletter no longer.' },
  'newsletter.updated': {
    data: NewsletterUpdatedData,
    says: 'A newsletter has another name, description, picture or setting, or somebody has another role in it.',
  },
  'newsletter.message': {
    data: MessageData,
    says: 'A post came in. It is a message like others, but comes as this instead of `message.received`.',
  },
  'newsletter.reaction': {
    data: NewsletterReactionData,
    says: 'Readers react to a post; only of newsletters with live updates.',
  },
  'newsletter.muted': { data: NewsletterMutedData, says: 'The account muted a newsletter, or unmuted it.' },
  'newsletter.live': {
    data: NewsletterLiveData,
    says: 'How often posts were seen by now, and what readers think of them; only of newsletters with live updates.',
  },
  'call.offered': { data: CallData, says: 'Somebody calls.' },
  'call.accepted': {
    data: CallData,
    says: 'A call was answered, on another device of the account or by the other side.',
  },
  'call.rejected': { data: CallData, says: 'A call was turned down.' },
  'call.missed': { data: CallData, says: 'A caller gave up before anybody answered.' },
  'call.ended': { data: CallData, says: 'A call that was answered is over.' },
  'label.edited': { data: LabelEditedData, says: 'A label was made, renamed, coloured or deleted.' },
  'label.assigned': { data: LabelAssignmentData, says: 'A label was put on a chat or a message.' },
  'label.unassigned': { data: LabelAssignmentData, says: 'A label was taken off a chat or a message.' },
  'status.posted': {
    data: MessageData,
    says: 'Somebody posted a status. It is a message like others, but comes as this instead of `message.received`.',
  },
  'status.viewed': { data: StatusViewedData, says: 'Somebody looked at a status of this account.' },
  'webhook.disabled': { data: WebhookDisabledData, says: 'A webhook failed for days and gets no events any more.' },
  test: { data: TestData, says: 'Asked for, to try a webhook.' },
} as const satisfies Record<string, { data: Type<object>; says: string }>;

export type EventType = keyof typeof eventCatalogue;

/** What the events of each type carry. */
export type EventMap = { [T in EventType]: InstanceType<(typeof eventCatalogue)[T]['data']> };

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
    /** Goes to no destination: it is in the log alone. */
    isQuiet?: boolean;
  };
}[EventType];
