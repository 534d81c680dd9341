import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { WaConnection } from '@app/whatsapp/connection.js';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { NewsletterStoreService } from './newsletter-store.service.js';

/** WhatsApp is asked again when this part of the time is over. */
const RENEW_AFTER = 0.8;
const RETRY_MS = 30_000;

/**
 * Has WhatsApp tell views and reactions for as long as they are wanted: it does so for some minutes after each request, and
 * to the connection that asked. That they are wanted is a row, so that every new connection asks again.
 */
@Injectable()
export class NewsletterLiveService implements OnApplicationShutdown {
  private readonly logger = new Logger(NewsletterLiveService.name);
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly store: NewsletterStoreService) {}

  onApplicationShutdown(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  /** Asks now, and again in time; answers for how many seconds WhatsApp tells. */
  async watch(connection: WaConnection, session: LiveSession, newsletterId: string): Promise<number> {
    const seconds = await connection.newsletters.posts.watch(newsletterId);
    this.again(session, newsletterId, seconds * 1000 * RENEW_AFTER);
    return seconds;
  }

  /** The same for what is wanted already; what fails is tried again. */
  keep(session: LiveSession, newsletterId: string): void {
    this.renew(session, newsletterId).catch(() => {
      this.logger.warn('live updates of a newsletter could not be renewed');
      this.again(session, newsletterId, RETRY_MS);
    });
  }

  /** Lets it run out. */
  end(sessionId: string, newsletterId: string): void {
    const key = keyOf(sessionId, newsletterId);
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }

  private again(session: LiveSession, newsletterId: string, afterMs: number): void {
    this.end(session.sessionId, newsletterId);
    const timer = setTimeout(() => this.keep(session, newsletterId), afterMs).unref();
    this.timers.set(keyOf(session.sessionId, newsletterId), timer);
  }

  private async renew(session: LiveSession, newsletterId: string): Promise<void> {
    const { sessionId, connection } = session;
    this.end(sessionId, newsletterId);
    // The next connection asks for itself.
    if (!connection) return;
    const isWanted = await this.store.newsletters.existsBy({ sessionId, newsletterId, wantsLive: true });
    if (isWanted) await this.watch(connection, session, newsletterId);
  }
}

const keyOf = (sessionId: string, newsletterId: string) => `${sessionId} ${newsletterId}`;
