import { Has, integer, orNull, text, time, words } from './schema.js';

export class AccountRestrictedData {
  @Has(time, 'Until then messages to people who never wrote to the account wait.') until: string;
  @Has(orNull(text), "WhatsApp's word for the reason, such as `BIZ_QUALITY`.") reason: string | null;
}

export class AccountCappedData {
  @Has(orNull(integer), 'New chats that WhatsApp allows in a period.') total: number | null;
  @Has(orNull(integer), 'How many were begun.') used: number | null;
  @Has(orNull(time), 'When the next period begins; until then messages that would begin a chat wait.')
  until: string | null;
}

export class AccountRestoredData {
  @Has(words(['restricted', 'capped']), 'What is over.') was: 'restricted' | 'capped';
}
