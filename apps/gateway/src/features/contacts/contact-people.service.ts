import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { chatKindOf, phoneOf } from '@app/platform/ids/wa-id.js';
import type { IdentityPair } from '@app/whatsapp/updates/wa-update.js';
import { DataSource } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';

/** Somebody under all addresses that are known. */
export interface Addressee {
  /** The phone number where known, else the opaque id. */
  waId: string;
  phone: string | null;
  lid: string | null;
}

const askForPairs = command<{ phones: string[] }, IdentityPair[]>('contacts.pairs');

/** Who is meant: people under all their addresses. */
@Injectable()
export class ContactPeopleService implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(askForPairs, ({ contacts }, { phones }) => contacts.pairs(phones));
  }

  /** As far as it is known here. Throws `session.not-found`, `contact.not-a-person`. */
  async find(actor: Actor, sessionId: string, ids: string[], pointer = '/contactId'): Promise<Addressee[]> {
    await this.sessions.get(actor, sessionId);
    if (ids.some((id) => chatKindOf(id) !== 'person'))
      throw invalid('contact.not-a-person', pointer, 'must be the address of a person');
    return this.known(sessionId, ids);
  }

  /** The same without a look at who asks. */
  async known(sessionId: string, ids: string[], manager = this.database.manager): Promise<Addressee[]> {
    const lids = ids.filter((id) => id.endsWith('@lid')).map((lid) => ({ sessionId, lid }));
    const phoneOfLid = await this.identities.phonesOf(manager, lids);
    const lidOf = await this.identities.lidsOf(
      sessionId,
      ids.flatMap((id) => phoneOf(id) ?? []),
      manager,
    );
    return ids.map((id) => {
      const phone = phoneOf(id) ?? phoneOfLid(sessionId, id);
      return { waId: phone ?? id, phone, lid: id.endsWith('@lid') ? id : (lidOf.get(id) ?? null) };
    });
  }

  async get(actor: Actor, sessionId: string, id: string): Promise<Addressee> {
    const [person] = await this.find(actor, sessionId, [id]);
    return person as Addressee;
  }

  /** Throws `contact.phone-unknown`. */
  async withPhone(actor: Actor, sessionId: string, id: string): Promise<Addressee & { phone: string }> {
    const person = await this.get(actor, sessionId, id);
    const { phone } = person;
    if (phone === null)
      throw invalid('contact.phone-unknown', '/contactId', 'must be somebody whose phone number is known');
    return { ...person, phone };
  }

  /** The same people, with the opaque ids that WhatsApp knows of them; what is learnt is kept. */
  async complete(actor: Actor, sessionId: string, people: Addressee[]): Promise<Addressee[]> {
    const phones = people.flatMap(({ phone, lid }) => (phone && !lid ? [phone] : []));
    if (!phones.length) return people;
    const pairs = await this.commands.run(actor, sessionId, askForPairs, { phones });
    await this.learn(actor, sessionId, pairs);
    const lids = new Map(pairs.map(({ phone, lid }) => [phone, lid]));
    return people.map((person) => ({ ...person, lid: person.lid ?? lids.get(person.phone ?? '') ?? null }));
  }

  async learn({ tenantId }: Pick<Actor, 'tenantId'>, sessionId: string, pairs: IdentityPair[]): Promise<void> {
    await this.identities.learnSoon(pairs.map((pair) => ({ tenantId, sessionId, ...pair })));
  }
}
