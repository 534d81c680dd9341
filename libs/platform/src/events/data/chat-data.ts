import { chatKinds, type ChatKind } from '@app/database/entities/chat.entity.js';
import {
  historyKinds,
  historyStates,
  type HistoryKind,
  type HistoryState,
} from '@app/database/entities/history-sync.entity.js';
import { an, flag, Has, integer, orNull, text, time, words } from './schema.js';
import { WaPerson } from './wa-person.js';

export class ChatInEvent {
  @Has(text) chatId: string;
  @Has(words(chatKinds)) kind: ChatKind;
  @Has(integer) unreadCount: number;
  @Has(flag) isMarkedUnread: boolean;
  @Has(flag) isArchived: boolean;
  @Has(flag) isPinned: boolean;
  @Has(flag) isMuted: boolean;
  @Has(orNull(time), 'Until when; null for always, or not muted.') mutedUntil: string | null;
  @Has(flag) isLocked: boolean;
  @Has(flag) isReadOnly: boolean;
  @Has(integer, 'After how many seconds messages disappear; 0 for never.') disappearingSeconds: number;
}

export class ChatData {
  @Has(an(ChatInEvent), 'As it is now.') chat: ChatInEvent;
}

export class ChatDeletedData {
  @Has(text) chatId: string;
}

const presenceStates = ['composing', 'recording', 'paused'] as const;
export type PresenceState = (typeof presenceStates)[number];

export class ChatPresenceData {
  @Has(text) chatId: string;
  @Has(an(WaPerson), 'Whose presence it is.') person: WaPerson;
  @Has(words(presenceStates)) state: PresenceState;
  @Has(orNull(time)) lastSeenAt: string | null;
}

export class ContactMergedData {
  @Has(text, 'Under which it goes on.') waId: string;
  @Has(text) phone: string;
  @Has(text) lid: string;
  @Has(text, 'The address that is used no longer.') mergedId: string;
}

export class HistoryData {
  @Has(text) id: string;
  @Has(words(historyKinds)) kind: HistoryKind;
  @Has(words(historyStates)) state: HistoryState;
  @Has(orNull(text), 'The chat that was asked for.') chatId: string | null;
  @Has(integer, 'Percent, as the phone tells.') progress: number;
  @Has(integer) chats: number;
  @Has(integer, 'Messages that were new.') messages: number;
}
