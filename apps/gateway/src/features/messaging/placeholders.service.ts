import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { Config } from '@app/platform/config/config.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { UnreadableMessage } from '@app/whatsapp/updates/wa-update.js';
import type { WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { DataSource } from 'typeorm';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { ADD_PLACEHOLDER, ASK_SOON, DUE_PLACEHOLDERS, RESOLVE_PLACEHOLDERS } from './placeholders.queries.js';

interface DuePlaceholder {
  sessionId: string;
  key: UnreadableMessage['key'];
}

const LOOK_MS = 5_000;

/**
 * The list of messages that came in unreadable. The phone is asked for each, at once, after reconnects and with growing
 * pauses, until the message is there; a message that is there is never replaced by its placeholder.
 */
@Injectable()
export class PlaceholdersService implements Partial<TrafficHandler>, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PlaceholdersService.name);
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly traffic: SessionTrafficService,
    private readonly outbox: Outbox,
    private readonly config: Config,
  ) {
    this.traffic.register(this);
  }

  onApplicationBootstrap(): void {
    if (this.config.roles.includes('sessions')) this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  onReady({ sessionId }: LiveSession): void {
    void this.guard(async () => {
      await runPrepared(this.database, ASK_SOON, [sessionId]);
      await this.look();
    });
  }

  onUpdate(session: LiveSession, update: WaUpdate): void {
    if (update.kind === 'unreadable') void this.guard(() => this.add(session, update.messages));
  }

  private async add({ sessionId, tenantId }: LiveSession, messages: UnreadableMessage[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const { key, chatId, senderId, reason, timestamp } of messages) {
        const values = [sessionId, key.id, tenantId, chatId, senderId, JSON.stringify(key), reason, timestamp];
        if (!(await runPrepared(tx, ADD_PLACEHOLDER, values)).length) continue;
        const data = { messageId: key.id, chatId, senderId, timestamp: timestamp.toISOString() };
        await this.outbox.add(tx, [{ tenantId, sessionId, type: 'message.undecryptable', data }]);
      }
    });
  }

  private async look(): Promise<void> {
    const online = new Map(this.traffic.all().flatMap((s) => (s.connection ? [[s.sessionId, s] as const] : [])));
    if (!online.size || this.isLooking) return;
    this.isLooking = true;
    await this.guard(async () => {
      const sessionIds = [...online.keys()];
      await runPrepared(this.database, RESOLVE_PLACEHOLDERS, [sessionIds]);
      const due = await runPrepared<DuePlaceholder>(this.database, DUE_PLACEHOLDERS, [sessionIds]);
      for (const { sessionId, key } of due)
        void this.guard(async () => online.get(sessionId)?.connection?.messages.requestResend(key));
    });
    this.isLooking = false;
  }

  private async guard(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) =>
      this.logger.error('a placeholder could not be dealt with', error instanceof Error ? error.stack : undefined),
    );
  }
}
