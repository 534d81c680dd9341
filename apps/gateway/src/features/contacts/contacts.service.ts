import { Injectable } from '@nestjs/common';
import { containing } from '@app/database/containing.js';
import type { WaContact } from '@app/database/entities/wa-contact.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { phoneOf } from '@app/platform/ids/wa-id.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { LabelListService } from '../labels/label-list.service.js';
import { LookupsService } from '../messaging/lookups.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { ContactNamesService } from './contact-names.service.js';
import { type Addressee, ContactPeopleService } from './contact-people.service.js';
import { CONTACT_SORT_KEY, SELECT_CONTACTS } from './contacts.queries.js';

type KnownContact = Pick<WaContact, 'contactId' | 'name' | 'pushName' | 'verifiedName' | 'isBlocked' | 'updatedAt'>;

/** Somebody as a session knows them. */
export type ShownContact = Omit<KnownContact, 'contactId'> & Addressee & { labelIds: string[] };

export interface ContactFilter {
  /** A part of a name or the number. */
  search?: string;
  /** In the address book of the phone. */
  isSaved?: boolean;
  /** Businesses whose name WhatsApp certifies. */
  isBusiness?: boolean;
  isBlocked?: boolean;
}

/** Whether a phone number is on WhatsApp. */
export type CheckedNumber = Addressee & { isOnWhatsApp: boolean; verifiedName: string | null };

/** Whom the sessions know. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
    private readonly names: ContactNamesService,
    private readonly people: ContactPeopleService,
    private readonly lookups: LookupsService,
    private readonly labels: LabelListService,
  ) {}

  /** By name; those without one at the end. */
  async list(actor: Actor, sessionId: string, query: PageQuery & ContactFilter): Promise<Page<ShownContact>> {
    await this.sessions.get(actor, sessionId);
    const values: unknown[] = [actor.tenantId, sessionId];
    const conditions = conditionsOf(query, values);
    const after = decodeCursor(query.cursor, 2);
    if (after) {
      const [key, id] = after.map((part) => `$${values.push(part)}`);
      conditions.push(`(${CONTACT_SORT_KEY}, contact_id COLLATE "C") > (${key}, ${id})`);
    }
    const where = ['tenant_id = $1', 'session_id = $2', ...conditions].join(' AND ');
    const order = `${CONTACT_SORT_KEY}, contact_id COLLATE "C"`;
    const rows: (KnownContact & { sortKey: string })[] = await this.names.contacts.query(
      `${SELECT_CONTACTS} WHERE ${where} ORDER BY ${order} LIMIT ${query.limit + 1}`,
      values,
    );
    const page = toPage(rows, query.limit, ({ sortKey, contactId }) => [sortKey, contactId]);
    return { ...page, items: await this.complete(sessionId, page.items) };
  }

  /** Throws `contact.not-found`. */
  async get(actor: Actor, sessionId: string, id: string): Promise<ShownContact> {
    const contact = await this.find(actor, sessionId, await this.people.get(actor, sessionId, id));
    if (!contact) throw notFound('contact', id);
    return contact;
  }

  async find(actor: Actor, sessionId: string, { waId }: Addressee): Promise<ShownContact | null> {
    const { tenantId } = actor;
    const [row] = await this.names.contacts.find({ where: { tenantId, sessionId, contactId: waId } });
    const [contact] = await this.complete(sessionId, row ? [row] : []);
    return contact ?? null;
  }

  /** By waId; people of whom nothing is known are missing. */
  async findAll({ tenantId }: Actor, sessionId: string, people: Addressee[]): Promise<Map<string, KnownContact>> {
    if (!people.length) return new Map();
    const where = people.map(({ waId }) => ({ tenantId, sessionId, contactId: waId }));
    const rows = await this.names.contacts.find({ where });
    return new Map(rows.map((row) => [row.contactId, row]));
  }

  /** Which numbers are on WhatsApp; asks only for those that were not asked for lately. */
  async check(actor: Actor, sessionId: string, phones: string[]): Promise<CheckedNumber[]> {
    const people = await this.people.find(actor, sessionId, phones);
    const onWhatsApp = await this.lookups.findNumbers(actor, sessionId, [...new Set(phones)]);
    const known = await this.findAll(actor, sessionId, people);
    return people.map((person) => ({
      ...person,
      isOnWhatsApp: onWhatsApp.get(person.waId) ?? false,
      verifiedName: known.get(person.waId)?.verifiedName ?? null,
    }));
  }

  async labelIdsOf(sessionId: string, { waId }: Addressee): Promise<string[]> {
    const labels = await this.labels.ofChats(sessionId, [waId]);
    return (labels.get(waId) ?? []).map(({ labelId }) => labelId);
  }

  private async complete(sessionId: string, rows: KnownContact[]): Promise<ShownContact[]> {
    const phones = rows.flatMap(({ contactId }) => phoneOf(contactId) ?? []);
    const lids = await this.identities.lidsOf(sessionId, phones);
    const labels = await this.labels.ofChats(
      sessionId,
      rows.map(({ contactId }) => contactId),
    );
    return rows.map(({ contactId, name, pushName, verifiedName, isBlocked, updatedAt }) => ({
      waId: contactId,
      phone: phoneOf(contactId),
      lid: contactId.endsWith('@lid') ? contactId : (lids.get(contactId) ?? null),
      name,
      pushName,
      verifiedName,
      isBlocked,
      updatedAt,
      labelIds: (labels.get(contactId) ?? []).map(({ labelId }) => labelId),
    }));
  }
}

function conditionsOf({ search, isSaved, isBusiness, isBlocked }: ContactFilter, values: unknown[]): string[] {
  const flags: [boolean | undefined, string][] = [
    [isSaved, 'name IS NOT NULL'],
    [isBusiness, 'verified_name IS NOT NULL'],
    [isBlocked, 'coalesce(is_blocked, false)'],
  ];
  const conditions = flags.flatMap(([wanted, claim]) =>
    wanted === undefined ? [] : [wanted ? claim : `NOT (${claim})`],
  );
  if (search === undefined) return conditions;
  const place = `$${values.push(containing(search))}`;
  const digits = search.replace(/[\s()+.-]/g, '');
  const found = ['name', 'push_name', 'verified_name'].map((column) => `${column} ILIKE ${place}`);
  if (/^\d+$/.test(digits)) found.push(`contact_id LIKE $${values.push(`%${digits}%`)}`);
  return [...conditions, `(${found.join(' OR ')})`];
}
