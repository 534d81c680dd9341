import { Inject, Injectable } from '@nestjs/common';
import type { Chat } from '@app/database/entities/chat.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import type { ChatSetting } from '@app/whatsapp/updates/settings.js';
import { DataSource, type EntityManager } from 'typeorm';
import { ChatMessagesService } from '../messaging/chat-messages.service.js';
import type { SeenTimer } from '../messaging/chat-timers.service.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { ChatTimerSourceService } from './chat-timer-source.service.js';
import { APPLY_SETTINGS, MAKE_CHATS } from './chats.queries.js';

interface Owner {
  tenantId: string;
  sessionId: string;
}

type ChangedChat = Pick<
  Chat,
  | 'chatId'
  | 'kind'
  | 'unreadCount'
  | 'isMarkedUnread'
  | 'isArchived'
  | 'isMuted'
  | 'mutedUntil'
  | 'isLocked'
  | 'isReadOnly'
  | 'disappearingSeconds'
  | 'deletedAt'
> & { isPinned: boolean };

/** Stores what the account wants of its chats, wherever it was said, with the events that tell. Safe to repeat. */
@Injectable()
export class ChatSettingsService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly identities: IdentitiesService,
    private readonly messages: ChatMessagesService,
    private readonly outbox: Outbox,
    private readonly timers: ChatTimerSourceService,
  ) {}

  /** Later settings of a chat win over earlier ones. */
  async apply(owner: Owner, settings: ChatSetting[]): Promise<void> {
    if (!settings.length) return;
    await this.database.transaction(async (tx) => this.outbox.add(tx, await this.applyIn(tx, owner, settings)));
    this.timers.forget(owner.sessionId);
  }

  /** Stores what was said about timers; answers the events that tell. */
  async applyTimers(tx: EntityManager, timers: SeenTimer[]): Promise<NewEvent[]> {
    const events: NewEvent[] = [];
    for (const { tenantId, sessionId, chatId, seconds } of timers)
      events.push(...(await this.applyIn(tx, { tenantId, sessionId }, [{ chatId, disappearingSeconds: seconds }])));
    return events;
  }

  /** Answers the events that tell. */
  private async applyIn(tx: EntityManager, owner: Owner, settings: ChatSetting[]): Promise<NewEvent[]> {
    const merged = merge(await this.resolved(tx, owner, settings));
    const chatIds = merged.map(({ chatId }) => chatId);
    await runPrepared(tx, MAKE_CHATS, [owner.sessionId, owner.tenantId, chatIds, chatIds.map(chatKindOf)]);
    for (const { chatId, clearedAt, deletedAt, keepsStarred } of merged) {
      const until = clearedAt ?? deletedAt;
      if (until) await this.messages.clear(tx, owner.sessionId, chatId, { until, keepsStarred: keepsStarred ?? false });
    }
    const changed = await runPrepared<ChangedChat>(tx, APPLY_SETTINGS, [owner.sessionId, JSON.stringify(merged)]);
    const isDeleted = new Set(merged.filter(({ deletedAt }) => deletedAt).map(({ chatId }) => chatId));
    return changed.map((chat) => eventOf(owner, chat, isDeleted.has(chat.chatId)));
  }

  private async resolved<T extends { chatId: string }>(tx: EntityManager, owner: Owner, items: T[]): Promise<T[]> {
    const { sessionId } = owner;
    const lids = items
      .filter(({ chatId }) => chatId.endsWith('@lid'))
      .map(({ chatId }) => ({ sessionId, lid: chatId }));
    if (!lids.length) return items;
    const phoneOf = await this.identities.phonesOf(tx, lids);
    return items.map((item) => ({ ...item, chatId: phoneOf(sessionId, item.chatId) ?? item.chatId }));
  }
}

/** One setting a chat. What is cleared or deleted is read. */
function merge(settings: ChatSetting[]): ChatSetting[] {
  const chats = new Map<string, ChatSetting>();
  for (const setting of settings) {
    const readAt = setting.readAt ?? setting.clearedAt ?? setting.deletedAt;
    const known = chats.get(setting.chatId);
    chats.set(setting.chatId, { ...known, ...setting, ...(readAt && { readAt }) });
  }
  return [...chats.values()];
}

function eventOf({ tenantId, sessionId }: Owner, changed: ChangedChat, isDeleted: boolean): NewEvent {
  const { deletedAt, mutedUntil, ...chat } = changed;
  if (isDeleted && deletedAt) return { tenantId, sessionId, type: 'chat.deleted', data: { chatId: chat.chatId } };
  const data = { chat: { ...chat, mutedUntil: mutedUntil?.toISOString() ?? null } };
  return { tenantId, sessionId, type: 'chat.updated', data };
}
