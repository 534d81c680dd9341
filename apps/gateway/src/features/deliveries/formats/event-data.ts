import type { MessageContext } from '@app/database/entities/message.entity.js';
import type { MessageInEvent } from '@app/platform/events/data/message-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { MessageFile } from '@app/platform/events/media-content.js';

/*
 * What formats read of events: the part of each that other gateways have places for.
 */

/** The fields of contents, of whatever type. */
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

export interface Brought {
  message: Omit<MessageInEvent, 'content' | 'context'> & {
    content: Content | null;
    context: (MessageContext & { serverId?: string }) | null;
  };
}

/** Something that was done with a message. */
export interface Done {
  id: string;
  messageId: string;
  chatId: string;
  by: WaPerson;
  fromMe: boolean;
  at: string;
}

interface InGroup {
  chatId: string;
  by: WaPerson | null;
  at: string;
}

interface GroupLooks {
  subject?: string;
  description?: string | null;
  isAnnouncement?: boolean;
  isLocked?: boolean;
  disappearingSeconds?: number;
  inviteCode?: string;
  picture?: string;
}

export type GroupCreated = InGroup & { how: string; group: GroupLooks; participants: (WaPerson & { role: string })[] };
export type GroupUpdated = InGroup & { changes: GroupLooks };
export type GroupParticipants = InGroup & { change: string; participants: WaPerson[] };
export type GroupLeft = InGroup & { reason: string };

interface InNewsletter {
  chatId: string;
  at: string;
}

export type NewsletterJoined = InNewsletter & { newsletter: { name?: string } };
export type NewsletterLeft = InNewsletter & { reason: string };
export type NewsletterMuted = InNewsletter & { isMuted: boolean };
export type NewsletterLive = InNewsletter & {
  posts: { serverId: string; views: number | null; reactions: Record<string, number> | null }[];
};

export interface Call {
  callId: string;
  chatId: string;
  caller: WaPerson;
  isVideo: boolean;
  groupId: string | null;
  at: string;
}

export interface LabelEdited {
  labelId: string;
  name: string;
  color: number;
  isDeleted: boolean;
}

export interface LabelAssignment {
  labelId: string;
  chatId: string;
  messageId: string | null;
}

export interface ContactUpdated {
  person: WaPerson;
  changes: { name?: string | null; pushName?: string | null; picture?: string; about?: string };
}

export interface ContactBlocked {
  person: WaPerson;
  isBlocked: boolean;
}

export interface ContactPresence {
  person: WaPerson;
  state: string;
  lastSeenAt: string | null;
}

export interface StatusViewed {
  messageId: string;
  chatId: string;
  viewer: WaPerson;
  at: string;
}
