import { an, flag, Has, MayHave, orNull, text, time, words } from './schema.js';
import { WaPerson } from './wa-person.js';

const pictures = ['changed', 'removed'] as const;
const contactStates = ['available', 'unavailable'] as const;

/** What is new about a person; absent fields say nothing. */
export class ContactChanges {
  @MayHave(orNull(text), "In the address book of the account's phone.") name?: string | null;
  @MayHave(orNull(text), 'What they call themselves.') pushName?: string | null;
  @MayHave(orNull(text), 'Of a business, as WhatsApp certifies it.') verifiedName?: string | null;
  @MayHave(words(pictures)) picture?: (typeof pictures)[number];
  @MayHave(text, 'What they say about themselves.') about?: string;
}

export class ContactUpdatedData {
  @Has(an(WaPerson)) person: WaPerson;
  @Has(an(ContactChanges)) changes: ContactChanges;
}

export class ContactPresenceData {
  @Has(an(WaPerson)) person: WaPerson;
  @Has(words(contactStates)) state: (typeof contactStates)[number];
  @Has(orNull(time)) lastSeenAt: string | null;
}

export class ContactBlockedData {
  @Has(an(WaPerson)) person: WaPerson;
  @Has(flag) isBlocked: boolean;
  @Has(time) at: string;
}
