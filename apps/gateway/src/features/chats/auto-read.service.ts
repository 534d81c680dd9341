import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Chat } from '@app/database/entities/chat.entity.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { READS_WAIT, SESSION_SETTINGS_CHANGED } from '@app/platform/events/channels.js';
import { In, IsNull, MoreThan, MoreThanOrEqual, Repository } from 'typeorm';
import { MessageProjectionsService } from '../messaging/message-projections.service.js';
import { SessionSettingsService } from '../sessions/session-settings.service.js';
import { type LiveSession, SessionTrafficService } from '../sessions/session-traffic.service.js';
import { ChatOrdersService } from './chat-orders.service.js';

/** Messages that come close together are read together. */
const GATHER_MS = 100;

/**
 * Marks what comes in as read, for sessions that are set so. Which chats that are the unread ones say, so what a crash left
 * unread is read with the next connection.
 */
@Injectable()
export class AutoReadService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(AutoReadService.name);
  /** Since when the sessions of this process read by themselves. */
  private readonly since = new Map<string, Date>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    @InjectRepository(Chat) private readonly chats: Repository<Chat>,
    private readonly orders: ChatOrdersService,
    private readonly projections: MessageProjectionsService,
    private readonly settings: SessionSettingsService,
    private readonly traffic: SessionTrafficService,
    private readonly presence: ProcessPresence,
  ) {}

  async onModuleInit(): Promise<void> {
    this.traffic.register({ onReady: ({ sessionId }) => void this.load(sessionId) });
    this.projections.register(async (tx, messages) => {
      const unread = messages.filter(({ fromMe, sessionId }) => !fromMe && this.since.has(sessionId));
      // Heard when the messages are stored, not before.
      for (const sessionId of new Set(unread.map((message) => message.sessionId)))
        await tx.query('SELECT pg_notify($1, $2)', [READS_WAIT, sessionId]);
    });
    await this.presence.listen(READS_WAIT, (sessionId) => this.plan(sessionId));
    await this.presence.listen(SESSION_SETTINGS_CHANGED, (sessionId) => {
      for (const session of this.traffic.named(sessionId)) void this.load(session.sessionId);
    });
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private async load(sessionId: string): Promise<void> {
    const { autoRead } = await this.settings.load(sessionId).catch(() => ({ autoRead: undefined }));
    if (!autoRead) return void this.since.delete(sessionId);
    // WhatsApp counts in seconds.
    this.since.set(sessionId, new Date(Math.floor(Date.parse(autoRead.since) / 1000) * 1000));
    this.plan(sessionId);
  }

  private plan(sessionId: string): void {
    if (!this.since.has(sessionId) || this.timers.has(sessionId)) return;
    const timer = setTimeout(() => {
      this.timers.delete(sessionId);
      const session = this.traffic.find(sessionId);
      if (session) void this.read(session);
    }, GATHER_MS);
    this.timers.set(sessionId, timer);
  }

  private async read(session: LiveSession): Promise<void> {
    const { tenantId, sessionId } = session;
    const since = this.since.get(sessionId);
    if (!since || !session.connection) return;
    const unread = { unreadCount: MoreThan(0), lastMessageAt: MoreThanOrEqual(since), deletedAt: IsNull() };
    const where = { sessionId, kind: In(['person', 'group']), ...unread };
    const actor = { tenantId, userId: '', role: 'owner' as const };
    try {
      for (const { chatId } of await this.chats.find({ select: { chatId: true }, where }))
        await this.orders.do(actor, sessionId, chatId, { do: 'read' });
    } catch (error) {
      this.logger.warn(`a chat could not be marked as read: ${(error as Error).message}`);
    }
  }
}
