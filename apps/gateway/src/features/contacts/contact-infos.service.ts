import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, notFound } from '@app/platform/errors/app-error.js';
import type { BusinessProfile } from '@app/whatsapp/api/business-profile.js';
import type { PictureSize } from '@app/whatsapp/api/contacts.js';
import type { PersonDevice, PersonProfile } from '@app/whatsapp/api/people-query.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import { DataSource } from 'typeorm';
import { LookupsService } from '../messaging/lookups.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { ContactNamesService } from './contact-names.service.js';
import { type Addressee, ContactPeopleService } from './contact-people.service.js';
import { ContactsService } from './contacts.service.js';

/** What WhatsApp tells about somebody, with the names that are known here. */
export type ContactProfile = PersonProfile & Addressee & { name: string | null; pushName: string | null };

/** Everything there is to know about somebody. */
export type ContactInfo = ContactProfile & {
  pictureUrl: string | null;
  isPictureHidden: boolean;
  businessProfile: BusinessProfile | null;
  isBlocked: boolean;
  labelIds: string[];
};

type Description = Pick<ContactInfo, 'pictureUrl' | 'isPictureHidden' | 'businessProfile'> & {
  profile: PersonProfile;
  blocked: string[];
};
type About = Pick<PersonProfile, 'about' | 'isAboutHidden' | 'aboutSetAt'>;

const askForProfiles = command<{ waIds: string[]; strangers: number }, PersonProfile[]>('contacts.profiles');
const askForAll = command<{ waId: string; strangers: number }, Description>('contacts.describe');
const askForAbout = command<{ waId: string; strangers: number }, About>('contacts.about');
const askForDevices = command<{ waIds: string[]; strangers: number }, PersonDevice[][]>('contacts.devices');
const askForBusiness = command<{ waId: string }, BusinessProfile | null>('contacts.business-profile');

/** What WhatsApp tells about people. Questions about strangers count as checks of numbers. */
@Injectable()
export class ContactInfosService implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly people: ContactPeopleService,
    private readonly contacts: ContactsService,
    private readonly names: ContactNamesService,
    private readonly lookups: LookupsService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    const spend = (sessionId: string, strangers: number) => strangers && this.lookups.spend(sessionId, strangers);
    this.commands.on(askForProfiles, ({ contacts }, { waIds, strangers }, { sessionId }) => {
      spend(sessionId, strangers);
      return contacts.profiles(waIds);
    });
    this.commands.on(askForAll, (connection, { waId, strangers }, { sessionId }) => {
      spend(sessionId, strangers);
      return describe(connection, waId);
    });
    this.commands.on(askForAbout, ({ contacts }, { waId, strangers }, { sessionId }) => {
      spend(sessionId, strangers);
      return contacts.about(waId);
    });
    this.commands.on(askForDevices, ({ contacts }, { waIds, strangers }, { sessionId }) => {
      spend(sessionId, strangers);
      return contacts.devices(waIds);
    });
    this.commands.on(askForBusiness, ({ business }, { waId }) => business.profile(waId));
  }

  /** Many people in one question. */
  async profiles(actor: Actor, sessionId: string, ids: string[]): Promise<ContactProfile[]> {
    const people = await this.people.find(actor, sessionId, ids, '/contactIds');
    const strangers = await this.strangersAmong(actor, sessionId, people);
    const waIds = people.map(({ waId }) => waId);
    const profiles = await this.commands.run(actor, sessionId, askForProfiles, { waIds, strangers });
    await this.remember(actor, sessionId, people, profiles);
    const known = await this.contacts.findAll(actor, sessionId, people);
    return people.flatMap((person, index) => {
      const profile = profiles[index];
      const { name = null, pushName = null } = known.get(person.waId) ?? {};
      return profile ? [{ ...profile, ...person, lid: person.lid ?? profile.lid, name, pushName }] : [];
    });
  }

  async get(actor: Actor, sessionId: string, id: string): Promise<ContactInfo> {
    const person = await this.people.get(actor, sessionId, id);
    const strangers = await this.strangersAmong(actor, sessionId, [person]);
    const input = { waId: person.waId, strangers };
    const { profile, blocked, ...rest } = await this.commands.run(actor, sessionId, askForAll, input);
    await this.remember(actor, sessionId, [person], [profile]);
    const labelIds = await this.contacts.labelIdsOf(sessionId, person);
    const { name = null, pushName = null } = (await this.contacts.find(actor, sessionId, person)) ?? {};
    const lid = person.lid ?? profile.lid;
    const isBlocked = blocked.some((waId) => waId === person.waId || waId === lid);
    return { ...profile, ...person, lid, name, pushName, ...rest, isBlocked, labelIds };
  }

  /** Throws `contact.not-on-whatsapp`. */
  async about(actor: Actor, sessionId: string, id: string): Promise<Addressee & About> {
    const person = await this.people.get(actor, sessionId, id);
    const strangers = await this.strangersAmong(actor, sessionId, [person]);
    return { ...person, ...(await this.commands.run(actor, sessionId, askForAbout, { waId: person.waId, strangers })) };
  }

  async devices(
    actor: Actor,
    sessionId: string,
    ids: string[],
    pointer?: string,
  ): Promise<(Addressee & { devices: PersonDevice[] })[]> {
    const people = await this.people.find(actor, sessionId, ids, pointer);
    const strangers = await this.strangersAmong(actor, sessionId, people);
    const waIds = people.map(({ waId }) => waId);
    const devices = await this.commands.run(actor, sessionId, askForDevices, { waIds, strangers });
    return people.map((person, index) => ({ ...person, devices: devices[index] ?? [] }));
  }

  /** Throws `business.not-found`. */
  async businessProfile(actor: Actor, sessionId: string, id: string): Promise<BusinessProfile> {
    const { waId } = await this.people.get(actor, sessionId, id);
    const profile = await this.commands.run(actor, sessionId, askForBusiness, { waId });
    if (!profile) throw notFound('business', id);
    return profile;
  }

  /** People of whom the session knows nothing. */
  private async strangersAmong(actor: Actor, sessionId: string, people: Addressee[]): Promise<number> {
    const unknown = people.filter(({ phone, lid }) => !phone || !lid);
    if (!unknown.length) return 0;
    const known = await this.contacts.findAll(actor, sessionId, unknown);
    return unknown.filter(({ waId }) => !known.has(waId)).length;
  }

  private async remember(
    { tenantId }: Actor,
    sessionId: string,
    people: Addressee[],
    profiles: PersonProfile[],
  ): Promise<void> {
    const told = people.map((person, index) => ({ person, profile: profiles[index] }));
    const pairs = told.flatMap(({ person: { phone }, profile }) =>
      phone && profile?.lid ? [{ phone, lid: profile.lid }] : [],
    );
    await this.people.learn({ tenantId }, sessionId, pairs);
    const names = told.flatMap(({ person: { waId }, profile }) =>
      profile?.verifiedName ? [{ tenantId, sessionId, contactId: waId, verifiedName: profile.verifiedName }] : [],
    );
    if (!names.length) return;
    await this.database.transaction(async (tx) => this.names.tell(tx, await this.names.learn(tx, names)));
  }
}

async function describe({ contacts, business }: WaConnection, waId: string): Promise<Description> {
  const size: PictureSize = 'full';
  const [[profile], picture, blocked] = await Promise.all([
    contacts.profiles([waId]),
    contacts.pictureUrl({ waId, size }).then((url) => ({ url, isHidden: false }), noPicture),
    contacts.blocked(),
  ]);
  const businessProfile = profile?.isBusiness ? await business.profile(waId) : null;
  return {
    profile: profile as PersonProfile,
    pictureUrl: picture.url,
    isPictureHidden: picture.isHidden,
    businessProfile,
    blocked,
  };
}

function noPicture(error: unknown): { url: null; isHidden: boolean } {
  const code = error instanceof AppError ? error.code : '';
  if (code !== 'contact.no-picture' && code !== 'contact.picture-hidden') throw error;
  return { url: null, isHidden: code === 'contact.picture-hidden' };
}
