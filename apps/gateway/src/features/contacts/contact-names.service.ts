import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { WaContact } from '@app/database/entities/wa-contact.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { phoneOf } from '@app/platform/ids/wa-id.js';
import { LRUCache } from 'lru-cache';
import { Any, type EntityManager, IsNull, Not, type Repository } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { FORGET_NAMES, LEARN_NAMES, MERGE_NAMES } from './contacts.queries.js';

/** What somebody is called; what is left out or null stays as it was. */
export interface LearntName {
  tenantId: string;
  sessionId: string;
  contactId: string;
  name?: string | null;
  pushName?: string | null;
  verifiedName?: string | null;
}

/** The names of somebody as they are now. */
export type ChangedName = Required<LearntName> & {
  /** There was nothing known of this person before. */
  isNew: boolean;
};

/** The names of people on WhatsApp, as each session knows them. */
@Injectable()
export class ContactNamesService implements OnModuleInit {
  /** Everybody says their name with every message: what was said before needs no statement. */
  private readonly known = new LRUCache<string, string>({ max: 50_000 });

  constructor(
    @InjectRepository(WaContact) readonly contacts: Repository<WaContact>,
    private readonly identities: IdentitiesService,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.identities.onLearnt(async (tx, pairs) => {
      await runPrepared(tx, MERGE_NAMES, [
        pairs.map(({ sessionId }) => sessionId),
        pairs.map(({ lid }) => lid),
        pairs.map(({ phone }) => phone),
      ]);
    });
  }

  /** What people go by: in the address book first, then by their own word. */
  async namesOf(sessionId: string, contactIds: string[]): Promise<Map<string, string>> {
    const rows = contactIds.length ? await this.contacts.findBy({ sessionId, contactId: Any(contactIds) }) : [];
    return new Map(
      rows.flatMap(({ contactId, name, verifiedName, pushName }): [string, string][] => {
        const known = name ?? verifiedName ?? pushName;
        return known === null ? [] : [[contactId, known]];
      }),
    );
  }

  /** Answers those whose names are others now. */
  async learn(tx: EntityManager, names: LearntName[]): Promise<ChangedName[]> {
    const fresh = names.filter((name) => this.known.get(keyOf(name)) !== said(name));
    const changed = await this.save(tx, fresh);
    for (const name of fresh) this.known.set(keyOf(name), said(name));
    return changed;
  }

  /** The same for what may have been taken back in between, as in the address book. */
  async save(tx: EntityManager, names: LearntName[]): Promise<ChangedName[]> {
    if (!names.length) return [];
    const text = (value: string | null | undefined) => value?.replaceAll('\0', '') || null;
    return runPrepared<ChangedName>(tx, LEARN_NAMES, [
      names.map(({ sessionId }) => sessionId),
      names.map(({ contactId }) => contactId),
      names.map(({ tenantId }) => tenantId),
      names.map(({ name }) => text(name)),
      names.map(({ pushName }) => text(pushName)),
      names.map(({ verifiedName }) => text(verifiedName)),
    ]);
  }

  /** Who is in the address book and not blocked. */
  async addressBook(sessionId: string, limit: number): Promise<string[]> {
    const where = [IsNull(), false].map((isBlocked) => ({ sessionId, name: Not(IsNull()), isBlocked }));
    const people = await this.contacts.find({ select: { contactId: true }, where, take: limit });
    return people.map(({ contactId }) => contactId);
  }

  /** Takes people out of the address book. */
  async forget(tx: EntityManager, sessionId: string, contactIds: string[]): Promise<ChangedName[]> {
    return contactIds.length ? runPrepared<ChangedName>(tx, FORGET_NAMES, [sessionId, contactIds]) : [];
  }

  /** Tells of people who are called otherwise now. */
  async tell(tx: EntityManager, names: ChangedName[]): Promise<void> {
    if (!names.length) return;
    const addressesOf = await this.identities.addressesOf(
      tx,
      names.map(({ sessionId, contactId }) => ({ sessionId, waId: contactId })),
    );
    const events = names.map((changed): NewEvent => {
      const { tenantId, sessionId, contactId, name, pushName, verifiedName } = changed;
      const addresses = addressesOf(sessionId, contactId);
      const lid = addresses.find((address) => address.endsWith('@lid')) ?? null;
      const person = { waId: contactId, phone: phoneOf(contactId), lid, name: pushName };
      return {
        tenantId,
        sessionId,
        type: 'contact.updated',
        data: { person, changes: { name, pushName, verifiedName } },
      };
    });
    await this.outbox.add(tx, events);
  }
}

const keyOf = ({ sessionId, contactId }: LearntName) => `${sessionId} ${contactId}`;
const said = ({ name, pushName, verifiedName }: LearntName) => JSON.stringify([name, pushName, verifiedName]);
