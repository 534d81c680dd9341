import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { NumberCheck } from '@app/database/entities/number-check.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { RateLimiter } from '@app/platform/auth/rate-limiter.js';
import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { AppError, invalid } from '@app/platform/errors/app-error.js';
import { In, type Repository } from 'typeorm';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionTrafficService } from '../sessions/session-traffic.service.js';

const groupMembers = command<{ groupId: string }, string[]>('lookups.group-members');
const announcementGroup = command<{ groupId: string }, boolean>('lookups.announcement-group');
const numbersOnWhatsApp = command<{ phones: string[] }, string[]>('lookups.numbers');
const callLink = command<{ call: 'audio' | 'video'; startsAt: string | null }, string>('lookups.call-link');

const HOUR_MS = 3_600_000;
/** Numbers seldom leave WhatsApp, and join any day. */
const YES_HOLDS_MS = 30 * 24 * HOUR_MS;
const NO_HOLDS_MS = 24 * HOUR_MS;

/** What WhatsApp has to be asked before some messages can be written. */
@Injectable()
export class LookupsService implements OnModuleInit {
  private readonly limiter: RateLimiter;

  constructor(
    private readonly commands: SessionCommandsService,
    @InjectRepository(NumberCheck) private readonly checks: Repository<NumberCheck>,
    private readonly config: Config,
    private readonly traffic: SessionTrafficService,
    clock: Clock,
  ) {
    this.limiter = new RateLimiter(clock);
  }

  onModuleInit(): void {
    this.commands.on(groupMembers, async (_, { groupId }, session) => {
      const { members } = await this.traffic.handler.findGroup(session, groupId);
      return members.map(({ id }) => id).filter((id) => id !== session.account.waId && id !== session.account.lid);
    });
    this.commands.on(
      announcementGroup,
      async (_, { groupId }, session) => (await this.traffic.handler.findGroup(session, groupId)).isAnnouncementGroup,
    );
    this.commands.on(numbersOnWhatsApp, ({ lookups }, { phones }, { sessionId }) => {
      this.spend(sessionId, phones.length);
      return lookups.numbersOnWhatsApp(phones);
    });
    this.commands.on(callLink, ({ own }, { call, startsAt }) => own.calls.link(call, startsAt));
  }

  /** Who has to be named when everybody in a group is mentioned: older apps know no other way. */
  everybodyIn(actor: Actor, sessionId: string, groupId: string): Promise<string[]> {
    return this.commands.run(actor, sessionId, groupMembers, { groupId });
  }

  /** Whether a group is the one in which a community announces; false when nobody can tell right now. */
  isAnnouncementGroup(actor: Actor, sessionId: string, groupId: string): Promise<boolean> {
    return this.commands.run(actor, sessionId, announcementGroup, { groupId }).catch(() => false);
  }

  /** A link by which people join a call. */
  callLink(actor: Actor, sessionId: string, call: 'audio' | 'video', startsAt: string | null): Promise<string> {
    return this.commands.run(actor, sessionId, callLink, { call, startsAt });
  }

  /** Throws `message.not-on-whatsapp`. */
  async assertOnWhatsApp(actor: Actor, sessionId: string, phone: string): Promise<void> {
    const known = await this.findNumbers(actor, sessionId, [phone]);
    if (!known.get(phone)) throw invalid('message.not-on-whatsapp', '/to', 'This number is not on WhatsApp.');
  }

  /** Which phone numbers are on WhatsApp; asks only for those that were not asked for lately. */
  async findNumbers(actor: Actor, sessionId: string, phones: string[]): Promise<Map<string, boolean>> {
    const { tenantId } = actor;
    const rows = await this.checks.findBy({ tenantId, phone: In(phones) });
    const known = new Map(rows.filter(isFresh).map(({ phone, isOnWhatsApp }) => [phone, isOnWhatsApp]));
    const missing = phones.filter((phone) => !known.has(phone));
    if (!missing.length) return known;
    const found = await this.commands.run(actor, sessionId, numbersOnWhatsApp, { phones: missing });
    const onWhatsApp = new Set(found.map(lastDigits));
    const checkedAt = new Date();
    const fresh = missing.map((phone) => ({
      tenantId,
      phone,
      isOnWhatsApp: onWhatsApp.has(lastDigits(phone)),
      checkedAt,
    }));
    await this.checks.upsert(fresh, ['tenantId', 'phone']);
    for (const { phone, isOnWhatsApp } of fresh) known.set(phone, isOnWhatsApp);
    return known;
  }

  /** To be called where the session is held, so that all processes share one allowance. Throws `number.too-many-checks`. */
  spend(sessionId: string, count: number): void {
    try {
      this.limiter.take(`number-checks ${sessionId}`, this.config.numberChecksPerMinute, count);
    } catch (error) {
      const { retryAfterSeconds } = (error as AppError).extra;
      const detail = 'The session has asked WhatsApp for too many phone numbers; WhatsApp bans accounts for that.';
      throw new AppError('rate-limited', 'number.too-many-checks', detail, { retryAfterSeconds });
    }
  }
}

/** WhatsApp answers with the number as it is registered, which in some countries has a digit more or less in front. */
const lastDigits = (phone: string): string => phone.slice(0, 2) + phone.slice(-8);

const isFresh = ({ isOnWhatsApp, checkedAt }: NumberCheck): boolean =>
  Date.now() - checkedAt.getTime() < (isOnWhatsApp ? YES_HOLDS_MS : NO_HOLDS_MS);
