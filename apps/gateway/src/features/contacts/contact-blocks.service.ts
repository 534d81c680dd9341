import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, invalid } from '@app/platform/errors/app-error.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { BlockList, WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { DataSource, type EntityManager } from 'typeorm';
import { command, problemOf, SessionCommandsService } from '../sessions/session-commands.service.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type Addressee, ContactPeopleService } from './contact-people.service.js';
import { RECORD_BLOCK_LIST, RECORD_BLOCKS } from './contacts.queries.js';

interface Owner {
  tenantId: string;
  sessionId: string;
}

/** What became of one person who was to be blocked, or let in again. */
export interface BlockOutcome extends Addressee {
  isBlocked: boolean;
  /** Null when it was done. */
  problem: { code: string; detail: string } | null;
}

const listBlocked = command<null, string[]>('contacts.blocked');
const block = command<{ lid: string; phone: string | null; isBlocked: boolean }>('contacts.block');

/** Whom accounts block. */
@Injectable()
export class ContactBlocksService implements OnModuleInit, Partial<TrafficHandler> {
  private readonly logger = new Logger(ContactBlocksService.name);

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly sessions: SessionsService,
    private readonly people: ContactPeopleService,
    private readonly commands: SessionCommandsService,
    private readonly outbox: Outbox,
    private readonly traffic: SessionTrafficService,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
    this.commands.on(listBlocked, ({ contacts }) => contacts.blocked());
    this.commands.on(block, ({ contacts }, { isBlocked, ...person }) => contacts.block(person, isBlocked));
  }

  /** At every login: what was done when this process could not store it any more, or while the account was away. */
  onUpdate(session: LiveSession, update: WaUpdate): void {
    if (update.kind !== 'block-list') return;
    this.recordAll(session, update).catch((error: unknown) =>
      this.logger.error('whom an account blocks could not be stored', error instanceof Error ? error.stack : undefined),
    );
  }

  /** As WhatsApp has it now. */
  async list(actor: Actor, sessionId: string): Promise<Addressee[]> {
    await this.sessions.get(actor, sessionId);
    const ids = await this.commands.run(actor, sessionId, listBlocked, null);
    return this.people.find(actor, sessionId, ids);
  }

  /** Throws `contact.not-on-whatsapp`, and `contact.phone-unknown` when somebody without a number is to be blocked. */
  async set(actor: Actor, sessionId: string, contactId: string, isBlocked: boolean): Promise<void> {
    const known = await this.people.get(actor, sessionId, contactId);
    const [person = known] = await this.people.complete(actor, sessionId, [known]);
    await this.order(actor, sessionId, person, isBlocked);
  }

  /** Several people at once, each with an outcome of their own. */
  async setMany(actor: Actor, sessionId: string, wanted: Map<string, boolean>): Promise<BlockOutcome[]> {
    const ids = [...wanted.keys()];
    const people = await this.people.complete(actor, sessionId, await this.people.find(actor, sessionId, ids));
    const outcomes: BlockOutcome[] = [];
    for (const [index, person] of people.entries()) {
      const isBlocked = wanted.get(ids[index] ?? '') ?? false;
      const problem = await this.order(actor, sessionId, person, isBlocked).then(() => null, problemOf);
      outcomes.push({ ...person, isBlocked: problem ? !isBlocked : isBlocked, problem });
    }
    return outcomes;
  }

  /** Stores whom the account blocks; answers the events that tell of what is new. */
  async record(
    tx: EntityManager,
    { tenantId, sessionId }: Owner,
    people: WaPerson[],
    { isBlocked, at }: { isBlocked: boolean; at: Date },
  ): Promise<NewEvent[]> {
    const unique = new Map(people.map((person) => [person.waId, person]));
    const changed = await runPrepared<{ contactId: string }>(tx, RECORD_BLOCKS, [
      sessionId,
      tenantId,
      [...unique.keys()],
      [...unique.keys()].map(() => isBlocked),
    ]);
    const news = changed.map(({ contactId }) => ({ contactId, isBlocked }));
    return blockEvents({ tenantId, sessionId }, news, unique, at);
  }

  private async recordAll({ tenantId, sessionId }: LiveSession, { personIds, at }: BlockList): Promise<void> {
    const people = new Map(
      (await this.people.known(sessionId, personIds)).map((person) => [person.waId, unnamed(person)]),
    );
    await this.database.transaction(async (tx) => {
      const values = [sessionId, tenantId, [...people.keys()], at];
      const changed = await runPrepared<ChangedBlock>(tx, RECORD_BLOCK_LIST, values);
      const others = changed.flatMap(({ contactId }) => (people.has(contactId) ? [] : [contactId]));
      for (const person of await this.people.known(sessionId, others, tx)) people.set(person.waId, unnamed(person));
      await this.outbox.add(tx, blockEvents({ tenantId, sessionId }, changed, people, at));
    });
  }

  private async order(actor: Actor, sessionId: string, person: Addressee, isBlocked: boolean): Promise<void> {
    const { lid, phone } = person;
    if (!lid) throw new AppError('not-found', 'contact.not-on-whatsapp', 'WhatsApp knows nobody with this address.');
    if (isBlocked && !phone)
      throw invalid('contact.phone-unknown', '/contactId', 'must be somebody whose phone number is known');
    await this.commands.run(actor, sessionId, block, { lid, phone, isBlocked });
    const { tenantId } = actor;
    // Only the other devices of the account are told by WhatsApp.
    await this.database.transaction(async (tx) => {
      const told = [unnamed(person)];
      await this.outbox.add(tx, await this.record(tx, { tenantId, sessionId }, told, { isBlocked, at: new Date() }));
    });
  }
}

interface ChangedBlock {
  contactId: string;
  isBlocked: boolean;
}

const unnamed = (person: Addressee): WaPerson => ({ ...person, name: null });

const blockEvents = (
  { tenantId, sessionId }: Owner,
  changed: ChangedBlock[],
  people: Map<string, WaPerson>,
  at: Date,
): NewEvent[] =>
  changed.flatMap(({ contactId, isBlocked }): NewEvent[] => {
    const person = people.get(contactId);
    const data = person && { person, isBlocked, at: at.toISOString() };
    return data ? [{ tenantId, sessionId, type: 'contact.blocked', data }] : [];
  });
