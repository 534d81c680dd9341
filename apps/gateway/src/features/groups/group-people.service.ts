import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '@app/platform/errors/app-error.js';
import { chatKindOf, phoneOf } from '@app/platform/ids/wa-id.js';
import { DataSource } from 'typeorm';
import { ContactNamesService } from '../contacts/contact-names.service.js';
import { IdentitiesService } from '../messaging/identities.service.js';

/** Somebody in a group, under every address that is known. */
export interface GroupPerson {
  waId: string;
  phone: string | null;
  lid: string | null;
  name: string | null;
}

/** Addresses as a group gives them. */
export interface Addressed {
  id: string;
  phone: string | null;
  lid: string | null;
}

/** Who people in groups are. */
@Injectable()
export class GroupPeopleService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly identities: IdentitiesService,
    private readonly names: ContactNamesService,
  ) {}

  /** Somebody of whom no more than one address is known. */
  addressed(waId: string): Addressed {
    return { id: waId, phone: phoneOf(waId), lid: waId.endsWith('@lid') ? waId : null };
  }

  /** The people a caller means, each once. Throws `group.participant-invalid` for what is no person. */
  async meant(sessionId: string, waIds: string[]): Promise<GroupPerson[]> {
    const wrong = waIds.findIndex((waId) => chatKindOf(waId) !== 'person');
    if (wrong >= 0)
      throw invalid('group.participant-invalid', `/participants/${wrong}`, 'must be a person: a phone number or a LID');
    const people = waIds.map((waId) => this.addressed(waId));
    const named = await this.name(sessionId, people);
    return [...new Map(people.map((person) => [named(person).waId, named(person)])).values()];
  }

  /** Asks for all of them at once; the answer names each. */
  async name(sessionId: string, people: Addressed[]): Promise<(person: Addressed) => GroupPerson> {
    const lids = people.flatMap(({ phone, lid }) => (lid && !phone ? [{ sessionId, lid }] : []));
    const known = await this.identities.phonesOf(this.database.manager, lids);
    const phones = people.flatMap(({ phone, lid }) => (phone && !lid ? [phone] : []));
    const lidOf = await this.identities.lidsOf(sessionId, [...new Set(phones)]);
    const spelt = ({ id, phone, lid }: Addressed) => {
      const number = phone ?? (lid ? known(sessionId, lid) : null);
      return { waId: number ?? lid ?? id, phone: number, lid: lid ?? lidOf.get(number ?? '') ?? null };
    };
    const names = await this.names.namesOf(sessionId, [...new Set(people.map((person) => spelt(person).waId))]);
    return (person) => {
      const found = spelt(person);
      return { ...found, name: names.get(found.waId) ?? null };
    };
  }
}
