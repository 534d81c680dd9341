import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { RateLimiter } from '@app/platform/auth/rate-limiter.js';
import { Clock } from '@app/platform/clock/clock.js';
import { AppError, conflict, notFound } from '@app/platform/errors/app-error.js';
import type { GroupSnapshot } from '@app/whatsapp/groups/group-snapshot.js';
import type { SendableGroup } from '@app/whatsapp/groups/sendable-group.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import type { StaleGroups, WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import type { EntityManager } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { GroupFindingsService } from './group-findings.service.js';
import { GroupStoreService } from './group-store.service.js';

const syncGroups = command<null, number>('groups.sync');
const readGroup = command<{ groupId: string; hasJoined?: boolean }>('groups.read');

/** WhatsApp holds accounts off that ask for more, with `rate-overlimit`. */
const READS_PER_MINUTE = 30;

/** Reads groups from WhatsApp where the stored ones do not do: once each, however many ask. */
@Injectable()
export class GroupSyncService implements OnModuleInit, Partial<TrafficHandler> {
  private readonly logger = new Logger(GroupSyncService.name);
  private readonly limiter: RateLimiter;
  private readonly syncs = new Map<string, Promise<number>>();
  private readonly reads = new Map<string, Promise<void>>();
  private readonly stale = new Map<string, StaleGroups>();
  private readonly pauses = new Map<string, number>();

  constructor(
    private readonly store: GroupStoreService,
    private readonly findings: GroupFindingsService,
    private readonly identities: IdentitiesService,
    private readonly commands: SessionCommandsService,
    private readonly traffic: SessionTrafficService,
    private readonly clock: Clock,
  ) {
    this.limiter = new RateLimiter(clock);
  }

  onModuleInit(): void {
    this.traffic.register(this);
    this.commands.on(syncGroups, (_, __, session) => this.sync(session));
    this.commands.on(readGroup, (_, { groupId, hasJoined }, session) => this.read(session, groupId, hasJoined));
  }

  /** Reads all groups of the account again; answers how many there are. */
  syncNow(actor: Actor, sessionId: string): Promise<number> {
    return this.commands.run(actor, sessionId, syncGroups, null);
  }

  /** Reads one group again. Throws what WhatsApp refuses. */
  readNow(actor: Actor, sessionId: string, groupId: string): Promise<void> {
    return this.commands.run(actor, sessionId, readGroup, { groupId });
  }

  /** Reads a group that the account has just come into. */
  readJoined(actor: Actor, sessionId: string, groupId: string): Promise<void> {
    return this.commands.run(actor, sessionId, readGroup, { groupId, hasJoined: true });
  }

  /** Stores groups that the account has just come into: WhatsApp tells of that itself. */
  async keep(session: LiveSession, groups: GroupSnapshot[], askedAt?: string): Promise<void> {
    await this.learn(session, groups);
    await this.store.groups.manager.transaction((tx) => this.store.save(tx, session, groups, askedAt));
  }

  onReady(session: LiveSession): void {
    this.attempt(session, async () => {
      if (this.stale.has(session.sessionId) || !(await this.store.hasAll(session))) await this.sync(session);
    });
  }

  async onForgotten(tx: EntityManager, sessionId: string): Promise<void> {
    await this.store.outdate(tx, sessionId);
  }

  onUpdate(session: LiveSession, update: WaUpdate): void {
    if (update.kind !== 'stale-groups') return;
    this.stale.set(session.sessionId, update);
    // At login it comes before anything may be asked.
    if (session.connection) this.attempt(session, () => this.sync(session));
  }

  /** Called with every message that goes into a group: answered from the database alone, as a rule. */
  async findGroup(session: LiveSession, groupId: string): Promise<SendableGroup> {
    const { sessionId } = session;
    const stored = await this.store.findSendable(sessionId, groupId);
    if (stored) return stored;
    if (!(await this.store.hasAll(session))) {
      await this.sync(session);
      const synced = await this.store.findSendable(sessionId, groupId);
      if (synced) return synced;
    }
    await this.read(session, groupId);
    const read = await this.store.findSendable(sessionId, groupId);
    if (!read) throw notFound('group', groupId);
    return read;
  }

  /** Reads all groups of an account. */
  private async sync(session: LiveSession): Promise<number> {
    const { sessionId } = session;
    const known = this.syncs.get(sessionId);
    // What is being read may have been asked for before the groups changed.
    if (known && !this.stale.has(sessionId)) return known;
    const sync = (known ?? Promise.resolve()).catch(() => undefined).then(() => this.readAll(session));
    this.syncs.set(sessionId, sync);
    try {
      return await sync;
    } finally {
      if (this.syncs.get(sessionId) === sync) this.syncs.delete(sessionId);
    }
  }

  private async readAll(session: LiveSession): Promise<number> {
    const stale = this.stale.get(session.sessionId);
    this.stale.delete(session.sessionId);
    try {
      const askedAt = await this.store.now();
      const groups = await this.ask(session, ({ groups: api }) => api.all());
      await this.learn(session, groups);
      await this.findings.saveAll(session, groups, askedAt);
      // Until it is told so WhatsApp repeats it at every login.
      await stale?.clean().catch(() => undefined);
      return groups.length;
    } catch (error) {
      if (stale) this.stale.set(session.sessionId, stale);
      throw error;
    }
  }

  /** Reads one group, once for all who ask at the moment. */
  private async read(session: LiveSession, groupId: string, hasJoined = false): Promise<void> {
    const key = `${session.sessionId} ${groupId}`;
    const read = this.reads.get(key) ?? this.readOne(session, groupId, hasJoined).finally(() => this.reads.delete(key));
    this.reads.set(key, read);
    await read;
  }

  private async readOne(session: LiveSession, groupId: string, hasJoined: boolean): Promise<void> {
    const askedAt = await this.store.now();
    const group = await this.ask(session, ({ groups: api }) => api.get(groupId)).catch((error: unknown) =>
      this.refused(session, groupId, error),
    );
    if (hasJoined) return this.keep(session, [group], askedAt);
    await this.learn(session, [group]);
    await this.findings.saveSome(session, [group], askedAt);
  }

  /** WhatsApp tells of a group only those who are in it. */
  private async refused(session: LiveSession, groupId: string, error: unknown): Promise<never> {
    const isOut = error instanceof AppError && (error.kind === 'forbidden' || error.kind === 'not-found');
    if (!isOut) throw error;
    await this.findings.lose(session, groupId);
    throw error.kind === 'forbidden'
      ? new AppError('forbidden', 'group.not-a-member', 'The account is not in this group.', { cause: error })
      : error;
  }

  private async ask<T>(session: LiveSession, question: (connection: WaConnection) => Promise<T>): Promise<T> {
    const { connection, sessionId } = session;
    if (!connection) throw conflict('session.not-connected', 'The session is not connected; start it first.');
    this.spend(sessionId);
    try {
      return await question(connection);
    } catch (error) {
      const { kind, extra } = error as AppError;
      if (kind === 'rate-limited')
        this.pauses.set(sessionId, this.clock.now().getTime() + (extra.retryAfterSeconds ?? 60) * 1000);
      throw error;
    }
  }

  private spend(sessionId: string): void {
    const restMs = (this.pauses.get(sessionId) ?? 0) - this.clock.now().getTime();
    if (restMs > 0) throw tooMany(Math.ceil(restMs / 1000));
    this.pauses.delete(sessionId);
    try {
      this.limiter.take(sessionId, READS_PER_MINUTE);
    } catch (error) {
      throw tooMany((error as AppError).extra.retryAfterSeconds);
    }
  }

  /** Phone numbers and LIDs of the same people, which groups tell beside each other. */
  private async learn({ tenantId, sessionId }: LiveSession, groups: GroupSnapshot[]): Promise<void> {
    const pairs = new Map<string, string>();
    for (const { members } of groups) for (const { phone, lid } of members) if (phone && lid) pairs.set(lid, phone);
    await this.identities.learnSoon([...pairs].map(([lid, phone]) => ({ tenantId, sessionId, lid, phone })));
  }

  private attempt({ sessionId }: LiveSession, work: () => Promise<unknown>): void {
    work().catch((error: unknown) =>
      this.logger.warn(
        `the groups of ${sessionId} could not be read`,
        error instanceof Error ? error.stack : undefined,
      ),
    );
  }
}

const tooMany = (retryAfterSeconds: number | undefined) =>
  new AppError('rate-limited', 'group.too-many-reads', 'The session has asked WhatsApp for too many groups.', {
    retryAfterSeconds,
  });
