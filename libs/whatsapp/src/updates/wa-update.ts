import type { DeleteAction, StarAction } from '@app/platform/events/message-action.js';
import type { LabelAssignmentSetting, LabelSetting } from './labels.js';
import type { ChatSetting, ContactSetting } from './settings.js';

/** A LID and the phone number of the same person, both in neutral form. */
export interface IdentityPair {
  lid: string;
  phone: string;
}

/** Whether the account may write to people who never wrote to it. */
export interface TimeLock {
  /** Null when it may. */
  until: Date | null;
  /** WhatsApp's word for the reason; null when there is none. */
  reason: string | null;
}

/** How many new chats the account may begin. */
export interface NewChatCap {
  /** Null when they are not limited. */
  total: number | null;
  used: number | null;
  /** When the running period ends. */
  resetAt: Date | null;
  /** The account may begin no more. */
  isCapped: boolean;
}

/** A message came in that cannot be read. */
export interface UnreadableMessage {
  /** WhatsApp's key of it. */
  key: { remoteJid: string; id: string; participant?: string };
  chatId: string;
  senderId: string;
  /** What the library says about it. */
  reason: string;
  timestamp: Date;
}

/** What this account did with a message for itself alone, on whichever device. */
export interface MessageMark {
  chatId: string;
  messageId: string;
  fromMe: boolean;
  action: StarAction | DeleteAction;
}

/** What WhatsApp tells beside messages, receipts and acks; one file of this folder reads each kind. */
export type WaUpdate =
  | { kind: 'identities'; pairs: IdentityPair[] }
  | { kind: 'time-lock'; lock: TimeLock }
  | { kind: 'unreadable'; messages: UnreadableMessage[] }
  | { kind: 'new-chat-cap'; cap: NewChatCap }
  | SettingsUpdate
  | ReadElsewhere
  | StaleGroups
  | BlockList
  | PresenceUpdate;

/** Settings of chats, contacts and messages, wherever they were changed. */
export interface SettingsUpdate {
  kind: 'settings';
  chats: ChatSetting[];
  contacts: ContactSetting[];
  labels: (LabelSetting | LabelAssignmentSetting)[];
  marks: MessageMark[];
  /** Takes the work of whoever stores a part of them: until all of it is done they come again, after a crash too. */
  storing(work: Promise<void>): void;
}

/** Another device of the account has read messages. */
export interface ReadElsewhere {
  kind: 'read-elsewhere';
  messageIds: string[];
}

/** Groups have changed without a notification: they are to be read again. */
export interface StaleGroups {
  kind: 'stale-groups';
  /** Until this is said WhatsApp repeats it at every login. */
  clean(): Promise<void>;
}

/** Everybody whom the account blocks, as it was just then. */
export interface BlockList {
  kind: 'block-list';
  personIds: string[];
  at: Date;
}

/** Fleeting: lost when nobody looks. */
export interface PresenceUpdate {
  kind: 'presence';
  chatId: string;
  personId: string;
  state: 'available' | 'unavailable' | 'composing' | 'recording' | 'paused';
  lastSeenAt: Date | null;
}
