import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import type { AddressBookEntry, WrittenContact } from '@app/whatsapp/api/contacts.js';
import type { ContactSetting } from '@app/whatsapp/updates/settings.js';
import type { WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { DataSource, type EntityManager } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { ContactNamesService } from './contact-names.service.js';
import { ContactPeopleService } from './contact-people.service.js';

interface Owner {
  tenantId: string;
  sessionId: string;
}

/** How somebody is to stand in the address book. */
export type NewEntry = Pick<AddressBookEntry, 'name' | 'firstName' | 'isOnPhone'>;

const save = command<AddressBookEntry>('contacts.save');
const remove = command<{ phone: string }>('contacts.remove');

/** The address book of the account's phone: follows it, and writes into it. */
@Injectable()
export class AddressBookService implements Partial<TrafficHandler>, OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly identities: IdentitiesService,
    private readonly names: ContactNamesService,
    private readonly people: ContactPeopleService,
    private readonly commands: SessionCommandsService,
    private readonly traffic: SessionTrafficService,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
    this.commands.on(save, async ({ contacts }, entry, session) => this.store(session, await contacts.save(entry)));
    this.commands.on(remove, async ({ contacts }, { phone }, session) =>
      this.store(session, await contacts.remove(phone)),
    );
  }

  onUpdate({ tenantId, sessionId }: LiveSession, update: WaUpdate): void {
    if (update.kind === 'settings') update.storing(this.apply({ tenantId, sessionId }, update.contacts));
  }

  /** Adds somebody, or changes their name. Throws `contact.phone-unknown`. */
  async save(actor: Actor, sessionId: string, contactId: string, entry: NewEntry): Promise<void> {
    const { phone, lid } = await this.people.withPhone(actor, sessionId, contactId);
    await this.commands.run(actor, sessionId, save, { ...entry, phone, lid });
  }

  async remove(actor: Actor, sessionId: string, contactId: string): Promise<void> {
    const { phone } = await this.people.withPhone(actor, sessionId, contactId);
    await this.commands.run(actor, sessionId, remove, { phone });
  }

  /** Stores what was said about the address book, wherever that was, with the events that tell. Safe to repeat. */
  private async apply(owner: Owner, settings: ContactSetting[]): Promise<void> {
    if (!settings.length) return;
    await this.database.transaction(async (tx) => {
      const pairs = settings.flatMap(({ contactId, lid, phone }) => {
        const pair = { lid: contactId.endsWith('@lid') ? contactId : lid, phone: phone ?? contactId };
        return pair.lid && !pair.phone.includes('@') ? [{ ...owner, lid: pair.lid, phone: pair.phone }] : [];
      });
      await this.identities.learn(tx, pairs);
      const last = await this.last(tx, owner, settings);
      const gone = last.filter(({ isRemoved }) => isRemoved).map(({ contactId }) => contactId);
      const named = last.filter(({ isRemoved }) => !isRemoved);
      const changed = await this.names.forget(tx, owner.sessionId, gone);
      const saved = await this.names.save(
        tx,
        named.map(({ contactId, name }) => ({ ...owner, contactId, name })),
      );
      await this.names.tell(tx, [...changed, ...saved]);
    });
  }

  private async store({ tenantId, sessionId }: Owner, written: WrittenContact): Promise<void> {
    await this.apply({ tenantId, sessionId }, [written.setting]);
    written.stored();
  }

  /** The last word about each person, under the address that is stored. */
  private async last(tx: EntityManager, { sessionId }: Owner, settings: ContactSetting[]): Promise<ContactSetting[]> {
    const lids = settings.map(({ contactId }) => contactId).filter((id) => id.endsWith('@lid'));
    const phoneOf = await this.identities.phonesOf(
      tx,
      lids.map((lid) => ({ sessionId, lid })),
    );
    const people = settings.map((setting) => {
      const contactId = phoneOf(sessionId, setting.contactId) ?? setting.contactId;
      return [contactId, { ...setting, contactId }] as const;
    });
    return [...new Map(people).values()];
  }
}
