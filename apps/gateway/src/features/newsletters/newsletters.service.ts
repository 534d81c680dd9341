import { Injectable, type OnModuleInit } from '@nestjs/common';
import { containing } from '@app/database/containing.js';
import { type NewsletterRole, WaNewsletter } from '@app/database/entities/wa-newsletter.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import type { NewsletterFacts } from '@app/whatsapp/map/newsletter.js';
import { ILike, MoreThan, Not } from 'typeorm';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { follows, NewsletterStoreService } from './newsletter-store.service.js';
import { NewsletterTrafficService } from './newsletter-traffic.service.js';

/** A newsletter as it is shown; null is what is not known. */
export type ShownNewsletter = Omit<WaNewsletter, 'sessionId' | 'tenantId' | 'updatedAt'>;

export interface NewsletterFilter {
  role?: NewsletterRole;
  /** A part of the name. */
  search?: string;
}

const look = command<{ type: 'jid' | 'invite'; key: string }, NewsletterFacts>('newsletters.look');
const sync = command<null, number>('newsletters.sync');
const count = command<{ newsletterId: string }, { subscribers: number; admins: number }>('newsletters.count');

/** The newsletters of sessions, as they are looked at. */
@Injectable()
export class NewslettersService implements OnModuleInit {
  constructor(
    private readonly sessions: SessionsService,
    private readonly store: NewsletterStoreService,
    private readonly traffic: NewsletterTrafficService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(look, async ({ newsletters }, { type, key }, { tenantId, sessionId }) => {
      const facts = await newsletters.info(type, key);
      await this.store.learn({ tenantId, sessionId }, facts, { how: 'asked' });
      return facts;
    });
    this.commands.on(sync, (connection, _, session) => this.traffic.sync(connection, session));
    this.commands.on(count, ({ newsletters }, { newsletterId }) => newsletters.counts(newsletterId));
  }

  /** Those that the account follows, as they are stored: WhatsApp is not asked. */
  async list(actor: Actor, sessionId: string, query: PageQuery & NewsletterFilter): Promise<Page<ShownNewsletter>> {
    await this.sessions.get(actor, sessionId);
    const [after] = decodeCursor(query.cursor) ?? [];
    const { role = Not('guest' as const), search, limit } = query;
    const rows = await this.store.newsletters.find({
      where: {
        tenantId: actor.tenantId,
        sessionId,
        role,
        ...(search !== undefined && { name: ILike(containing(search)) }),
        ...(after !== undefined && { newsletterId: MoreThan(after) }),
      },
      order: { newsletterId: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, ({ newsletterId }) => newsletterId);
  }

  /** As it is stored when the account follows it, else as WhatsApp describes it; `isFresh` asks in any case. */
  async get(actor: Actor, sessionId: string, newsletterId: string, isFresh: boolean): Promise<ShownNewsletter> {
    await this.sessions.get(actor, sessionId);
    const row = await this.find(actor, sessionId, newsletterId);
    if (row && row.name !== null && follows(row.role) && !isFresh) return row;
    return this.asked(actor, sessionId, { type: 'jid', key: newsletterId });
  }

  /** Throws `newsletter.not-found` when the invitation is none, or none any more. */
  byInvite(actor: Actor, sessionId: string, inviteCode: string): Promise<ShownNewsletter> {
    return this.asked(actor, sessionId, { type: 'invite', key: inviteCode });
  }

  /** Reads the list of all newsletters from WhatsApp; what changed is told by events. */
  sync(actor: Actor, sessionId: string): Promise<number> {
    return this.commands.run(actor, sessionId, sync, null);
  }

  /** How many follow and run it; for its admins. */
  counts(actor: Actor, sessionId: string, newsletterId: string): Promise<{ subscribers: number; admins: number }> {
    return this.commands.run(actor, sessionId, count, { newsletterId });
  }

  /** The stored one, or else what WhatsApp says. */
  async shown(actor: Actor, sessionId: string, facts: NewsletterFacts): Promise<ShownNewsletter> {
    const row = await this.find(actor, sessionId, facts.newsletterId);
    return row && follows(row.role) ? row : stranger(facts);
  }

  private async asked(actor: Actor, sessionId: string, key: { type: 'jid' | 'invite'; key: string }) {
    return this.shown(actor, sessionId, await this.commands.run(actor, sessionId, look, key));
  }

  private find({ tenantId }: Actor, sessionId: string, newsletterId: string): Promise<WaNewsletter | null> {
    return this.store.newsletters.findOneBy({ tenantId, sessionId, newsletterId });
  }
}

/** A newsletter that the account does not follow. */
const stranger = ({ foundedAt, ...facts }: NewsletterFacts): ShownNewsletter => ({
  name: null,
  description: null,
  inviteCode: null,
  subscribers: null,
  isVerified: null,
  state: null,
  role: 'guest',
  isMuted: null,
  reactions: null,
  pictureUrl: null,
  wantsLive: false,
  ...facts,
  foundedAt: foundedAt === undefined ? null : new Date(foundedAt),
});
