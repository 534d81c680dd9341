import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { NewsletterSync } from '@app/database/entities/newsletter-sync.entity.js';
import { WaNewsletter } from '@app/database/entities/wa-newsletter.entity.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import { In, Not } from 'typeorm';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { NewsletterLiveService } from './newsletter-live.service.js';
import { NewsletterStoreService } from './newsletter-store.service.js';
import { RECORD_SYNC, WANTED_OF_SESSION } from './newsletters.queries.js';

interface Wanted {
  accountId: string | null;
  live: string[];
  incomplete: string[];
}

/** Keeps what is stored of newsletters complete: all of them once after linking, and those that were joined elsewhere. */
@Injectable()
export class NewsletterTrafficService implements Partial<TrafficHandler>, OnModuleInit {
  private readonly logger = new Logger(NewsletterTrafficService.name);

  constructor(
    private readonly store: NewsletterStoreService,
    private readonly live: NewsletterLiveService,
    private readonly traffic: SessionTrafficService,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
  }

  onReady(session: LiveSession): void {
    this.catchUp(session).catch(() => this.logger.warn('newsletters could not be asked for'));
  }

  /** Asks WhatsApp what is not known of a newsletter; what fails is asked when the session connects again. */
  completeSoon(sessionId: string, newsletterId: string): void {
    const session = this.traffic.find(sessionId);
    if (!session) return;
    const { connection } = session;
    if (connection)
      setImmediate(() => {
        this.complete(session, connection, newsletterId).catch(() =>
          this.logger.warn('a newsletter could not be read'),
        );
      });
  }

  /** Reads the list of all newsletters of the account; answers how many it follows. */
  async sync(connection: WaConnection, { sessionId, tenantId }: LiveSession): Promise<number> {
    const accountId = connection.account?.waId ?? '';
    const followed = await connection.newsletters.followed();
    await this.store.newsletters.manager.transaction(async (tx) => {
      const known = await tx.findOneBy(NewsletterSync, { sessionId });
      const ids = followed.map(({ newsletterId }) => newsletterId);
      const gone = await tx.findBy(WaNewsletter, { sessionId, role: Not('guest'), newsletterId: Not(In(ids)) });
      const left = gone.map(({ newsletterId }) => ({ newsletterId, role: 'guest' as const }));
      const listed = followed.map((facts) => ({ ...facts, role: facts.role ?? ('subscriber' as const) }));
      const events = await this.store.learnAll(tx, { tenantId, sessionId }, [...listed, ...left], { how: 'asked' });
      // What an account has followed before it was linked is no news.
      if (known?.accountId === accountId) await this.outbox.add(tx, events);
      await runPrepared(tx, RECORD_SYNC, [sessionId, tenantId, accountId]);
    });
    return followed.length;
  }

  private async catchUp(session: LiveSession): Promise<void> {
    const { connection, sessionId } = session;
    // The session itself may hear of its account later than of being ready.
    const account = connection?.account;
    if (!connection || !account) return;
    const on = this.store.newsletters.manager;
    const [wanted] = await runPrepared<Wanted>(on, WANTED_OF_SESSION, [sessionId]);
    for (const newsletterId of wanted?.live ?? []) this.live.keep(session, newsletterId);
    if (wanted?.accountId !== account.waId) await this.sync(connection, session);
    else for (const newsletterId of wanted.incomplete) await this.complete(session, connection, newsletterId);
  }

  private async complete(session: LiveSession, connection: WaConnection, newsletterId: string): Promise<void> {
    const { tenantId, sessionId } = session;
    const facts = await connection.newsletters.info('jid', newsletterId);
    await this.store.learn({ tenantId, sessionId }, facts, { how: 'asked' });
  }
}
