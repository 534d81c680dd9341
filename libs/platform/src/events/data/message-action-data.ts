import { eventAnswers, type EventAnswer } from '../message-action.js';
import { an, flag, free, Has, integer, list, orNull, text, time, words } from './schema.js';
import { WaPerson } from './wa-person.js';

/** A message that something was done with, and by whom. */
export class MessageActionData {
  @Has(text, 'Of the message that it was done with.') id: string;
  @Has(text, "WhatsApp's own id of it.") messageId: string;
  @Has(text) chatId: string;
  @Has(an(WaPerson)) by: WaPerson;
  @Has(flag) fromMe: boolean;
  @Has(time) at: string;
}

export class MessageEditedData extends MessageActionData {
  @Has(orNull(text), 'What it says now.') text: string | null;
  @Has(orNull(free)) content: object | null;
}

export class MessageReactionData extends MessageActionData {
  @Has(orNull(text), 'Null: an earlier reaction was taken back.') emoji: string | null;
}

export class MessageStarredData extends MessageActionData {
  @Has(flag) isStarred: boolean;
}

export class MessagePinnedData extends MessageActionData {
  @Has(flag) isPinned: boolean;
  @Has(orNull(time)) until: string | null;
}

export class MessagePollVoteData extends MessageActionData {
  @Has(list(text), 'All that this person chooses now; empty when the vote was taken back.') options: string[];
}

export class MessageEventResponseData extends MessageActionData {
  @Has(words(eventAnswers)) answer: EventAnswer;
  @Has(integer) extraGuests: number;
}
