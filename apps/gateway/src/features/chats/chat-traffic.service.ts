import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { phoneOf } from '@app/platform/ids/wa-id.js';
import type { PresenceUpdate, ReadElsewhere, SettingsUpdate, WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { DataSource } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { MessageProjectionsService } from '../messaging/message-projections.service.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { ChatSettingsService } from './chat-settings.service.js';
import { NEWEST_BY_CHAT } from './chats.queries.js';

type Owner = Pick<LiveSession, 'tenantId' | 'sessionId'>;

/** A message may still be on its way into its table when another device has read it. */
const TRIES = 5;
const RETRY_MS = 300;

/** Takes in what WhatsApp tells about chats; one update after the other, a session at a time. */
@Injectable()
export class ChatTrafficService implements Partial<TrafficHandler>, OnModuleInit {
  private readonly logger = new Logger(ChatTrafficService.name);
  private readonly lines = new Map<string, Promise<void>>();

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly traffic: SessionTrafficService,
    private readonly settings: ChatSettingsService,
    private readonly identities: IdentitiesService,
    private readonly outbox: Outbox,
    private readonly projections: MessageProjectionsService,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
    this.projections.onRead(async (session, messageIds) => void (await this.markRead(session, messageIds)));
    this.projections.timers.onSeen((tx, timers) => this.settings.applyTimers(tx, timers));
  }

  onUpdate(session: LiveSession, update: WaUpdate): void {
    if (update.kind === 'settings') update.storing(this.enqueue(session, () => this.store(session, update)));
    if (update.kind === 'read-elsewhere') void this.enqueue(session, () => this.read(session, update));
    if (update.kind === 'presence') void this.enqueue(session, () => this.show(session, update));
  }

  /** What this answers tells whether it worked; a failure is logged in any case. */
  private enqueue({ sessionId }: LiveSession, work: () => Promise<void>): Promise<void> {
    const done = (this.lines.get(sessionId) ?? Promise.resolve()).then(work);
    const line = done.catch((error: unknown) => {
      this.logger.error('news about chats could not be stored', error instanceof Error ? error.stack : undefined);
    });
    this.lines.set(sessionId, line);
    void line.then(() => this.lines.get(sessionId) === line && this.lines.delete(sessionId));
    return done;
  }

  private async store({ tenantId, sessionId }: LiveSession, update: SettingsUpdate): Promise<void> {
    await this.settings.apply({ tenantId, sessionId }, update.chats);
  }

  private async read(session: LiveSession, { messageIds }: ReadElsewhere): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (await this.markRead(session, messageIds)) return;
      await delay(RETRY_MS);
    }
  }

  /** Whoever reads a message has read what came before it. False when none of them is stored. */
  private async markRead({ tenantId, sessionId }: Owner, messageIds: string[]): Promise<boolean> {
    const chats = await runPrepared<{ chatId: string; readAt: Date }>(this.database, NEWEST_BY_CHAT, [
      sessionId,
      messageIds,
    ]);
    const settings = chats.map((chat) => ({ ...chat, isMarkedUnread: false }));
    await this.settings.apply({ tenantId, sessionId }, settings);
    return settings.length > 0;
  }

  private async show({ tenantId, sessionId }: LiveSession, update: PresenceUpdate): Promise<void> {
    const { state, lastSeenAt } = update;
    const chatId = await this.identities.resolve(sessionId, update.chatId);
    const waId = await this.identities.resolve(sessionId, update.personId);
    const lid = update.personId.endsWith('@lid') ? update.personId : null;
    const person = { waId, phone: phoneOf(waId), lid, name: null };
    const seen = { person, lastSeenAt: lastSeenAt?.toISOString() ?? null };
    const event: NewEvent =
      state === 'available' || state === 'unavailable'
        ? { tenantId, sessionId, type: 'contact.presence', data: { ...seen, state } }
        : { tenantId, sessionId, type: 'chat.presence', data: { ...seen, chatId, state } };
    await this.database.transaction((tx) => this.outbox.add(tx, [event]));
  }
}
