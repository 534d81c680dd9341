import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type HistoryNotice, readHistoryNotice, readHistoryRefusal } from '@app/whatsapp/history/history-notice.js';
import { WaHistory } from '@app/whatsapp/history/wa-history.js';
import type { JournalEntry } from '@app/whatsapp/signal/stanza-journal.js';
import { MessageProjectionsService } from '../messaging/message-projections.service.js';
import { SessionProxyService } from '../sessions/session-proxy.service.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { HistoryStoreService } from './history-store.service.js';

/** Pauses between tries to fetch a part; after the last one it waits in the journal for the next start. */
const RETRY_MS = [500, 2_000, 10_000, 60_000, 300_000];

/** Fetches the history that phones share. The notices are journalled: a crash only means that they are read again. */
@Injectable()
export class HistoryReceiverService implements Partial<TrafficHandler>, OnModuleInit {
  private readonly logger = new Logger(HistoryReceiverService.name);
  /** Parts of one session are stored one after the other. */
  private readonly lines = new Map<string, Promise<void>>();

  constructor(
    private readonly traffic: SessionTrafficService,
    private readonly store: HistoryStoreService,
    private readonly history: WaHistory,
    private readonly proxies: SessionProxyService,
    private readonly projections: MessageProjectionsService,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
  }

  onJournalled(session: LiveSession, entry: JournalEntry): void {
    const notice = readHistoryNotice(entry, session.account);
    const refusedId = notice ? null : readHistoryRefusal(entry, session.account);
    if (notice) this.enqueue(session, () => this.take(session, entry, notice));
    else if (refusedId !== null) this.enqueue(session, () => this.refuse(session, entry, refusedId));
  }

  /** `work` must not throw. */
  private enqueue({ sessionId }: LiveSession, work: () => Promise<void>): void {
    const line = (this.lines.get(sessionId) ?? Promise.resolve()).then(work);
    this.lines.set(sessionId, line);
    void line.then(() => this.lines.get(sessionId) === line && this.lines.delete(sessionId));
  }

  private async refuse({ tenantId, sessionId }: LiveSession, { key }: JournalEntry, requestId: string): Promise<void> {
    await this.store
      .fail({ tenantId, sessionId, key, requestId })
      .catch(() => this.logger.warn('that the phone declined to share its history could not be stored'));
  }

  private async take(session: LiveSession, { key }: JournalEntry, notice: HistoryNotice): Promise<void> {
    const { tenantId, sessionId } = session;
    const origin = { tenantId, sessionId, key, requestId: notice.requestId };
    for (let tries = 0; ; tries++) {
      try {
        const part = await this.history.fetch(notice, session.account, await this.proxies.urlOf(session.sessionId));
        await this.store.store(origin, part);
        this.projections.actions.onAddresses(session);
        await session.connection?.history.learn(part.pairs);
        return;
      } catch (error) {
        this.logger.warn(`a part of the history could not be stored: ${error instanceof Error ? error.message : ''}`);
        const wait = RETRY_MS[tries];
        if (isGone(error)) return this.store.fail(origin).catch(() => undefined);
        // It stays in the journal.
        if (wait === undefined) return;
        await delay(wait, undefined, { ref: false });
      }
    }
  }
}

/** WhatsApp has deleted the file. */
const isGone = (error: unknown): boolean =>
  [404, 410].includes((error as { output?: { statusCode?: number } }).output?.statusCode ?? 0);
