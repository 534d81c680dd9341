import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { ContactNamesService } from '../../contacts/contact-names.service.js';
import { PrivacyService } from '../../privacy/privacy.service.js';
import { IdentitiesService } from '../identities.service.js';
import { MessageStoreService } from '../message-store.service.js';
import { StatusAudiencesService } from '../status-audiences.service.js';

/** As many as a status can be given by name. */
const MOST_PEOPLE = 5000;

/** Whose the statuses are for when nobody is named, and by which choice of the account. */
export interface StatusAudience {
  privacy: 'contacts' | 'contacts-except' | 'only';
  people: string[];
}

/**
 * Who gets a status for which nobody is named: the address book, as far as the privacy of the account allows. WhatsApp itself
 * does not hold statuses back: whoever it is encrypted for sees it.
 */
@Injectable()
export class StatusAudienceService implements OnModuleInit {
  constructor(
    private readonly privacy: PrivacyService,
    private readonly names: ContactNamesService,
    private readonly store: MessageStoreService,
    private readonly identities: IdentitiesService,
    private readonly audiences: StatusAudiencesService,
  ) {}

  onModuleInit(): void {
    this.audiences.provide(async (actor, sessionId) => (await this.of(actor, sessionId)).people);
  }

  /** Throws `session.not-connected`, and what WhatsApp answers: without its word nobody is shown anything. */
  async of(actor: Actor, sessionId: string): Promise<StatusAudience> {
    const { audience: privacy, people: listed } = await this.privacy.statuses(actor, sessionId);
    const spellings = await this.spellingsOf(
      sessionId,
      listed.map(({ waId }) => waId),
    );
    if (privacy === 'only') return { privacy, people: listed.map(({ waId }) => bestOf(spellings(waId))) };
    const excluded = new Set(listed.flatMap(({ waId }) => spellings(waId)));
    const people = (await this.contacts(sessionId)).filter((waId) => !excluded.has(waId));
    return { privacy, people };
  }

  /** Where the phone has told of no address book: everybody the account has exchanged messages with. */
  private async contacts(sessionId: string): Promise<string[]> {
    const known = await this.names.addressBook(sessionId, MOST_PEOPLE);
    return known.length ? known : this.store.correspondents(sessionId);
  }

  private async spellingsOf(sessionId: string, waIds: string[]): Promise<(waId: string) => string[]> {
    const people = waIds.map((waId) => ({ sessionId, waId }));
    const addressesOf = await this.identities.addressesOf(this.store.messages.manager, people);
    return (waId) => addressesOf(sessionId, waId);
  }
}

/** The phone number where it is known. */
const bestOf = (addresses: string[]): string =>
  addresses.find((address) => !address.includes('@')) ?? addresses[0] ?? '';
