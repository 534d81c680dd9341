import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid } from '@app/platform/errors/app-error.js';
import type { ChatsApi, ChatState, MessageKey, WrittenChatSetting } from '@app/whatsapp/api/chats.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import type { ChatSetting } from '@app/whatsapp/updates/settings.js';
import { ChatMessagesService } from '../messaging/chat-messages.service.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { ChatSettingsService } from './chat-settings.service.js';
import { ChatsService } from './chats.service.js';

/** What can be done with a chat; inputs travel between processes as JSON. */
export type ChatOrder =
  | { do: 'archive' | 'pin'; isOn: boolean }
  /** Until `until`; null for always. */
  | { do: 'mute'; until: string | null }
  | { do: 'unmute' | 'read' | 'unread' | 'delete' }
  | { do: 'clear'; keepStarred: boolean }
  | { do: 'disappear'; seconds: number };

interface OrderInput {
  chatId: string;
  order: ChatOrder;
  last: MessageKey | null;
  unread: MessageKey[];
  isMarkedUnread: boolean;
}

const doWithChat = command<OrderInput>('chats.do');
const showPresence = command<{ chatId: string; state: ChatState }>('chats.presence');
const subscribe = command<{ chatId: string }>('chats.subscribe');
const resyncSettings = command<null>('chats.resync-settings');

/** Most messages that one call marks as read. */
const MOST_READ = 1000;

/** Does things with chats on WhatsApp, and stores here what WhatsApp has taken. */
@Injectable()
export class ChatOrdersService implements OnModuleInit {
  constructor(
    private readonly chats: ChatsService,
    private readonly settings: ChatSettingsService,
    private readonly messages: ChatMessagesService,
    private readonly identities: IdentitiesService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(doWithChat, async (connection, input, { tenantId, sessionId }) => {
      const written = await carryOut(connection, input);
      await this.settings.apply({ tenantId, sessionId }, [written.setting]);
      await written.stored();
    });
    this.commands.on(showPresence, (connection, { chatId, state }) => connection.chats.showPresence(chatId, state));
    this.commands.on(subscribe, (connection, { chatId }) => connection.chats.subscribe(chatId));
    this.commands.on(resyncSettings, (connection) => connection.chats.resyncSettings());
  }

  /** Throws `chat.not-found`, `session.not-connected`, and what WhatsApp refuses. */
  async do(actor: Actor, sessionId: string, id: string, order: ChatOrder): Promise<void> {
    const { chatId, unreadCount, isMarkedUnread, kind } = await this.chats.get(actor, sessionId, id);
    if (order.do === 'disappear' && kind !== 'person' && kind !== 'group')
      throw invalid('chat.no-timer', '/seconds', 'only messages to people and groups can disappear');
    const last = await this.messages.newest(sessionId, chatId);
    const unread =
      order.do === 'read' ? await this.messages.unread(sessionId, chatId, Math.min(unreadCount, MOST_READ)) : [];
    await this.commands.run(actor, sessionId, doWithChat, { chatId, order, last, unread, isMarkedUnread });
  }

  async showPresence(actor: Actor, sessionId: string, chatId: string, state: ChatState): Promise<void> {
    const resolved = await this.identities.resolve(sessionId, chatId);
    await this.commands.run(actor, sessionId, showPresence, { chatId: resolved, state });
  }

  async subscribe(actor: Actor, sessionId: string, chatId: string): Promise<void> {
    const resolved = await this.identities.resolve(sessionId, chatId);
    await this.commands.run(actor, sessionId, subscribe, { chatId: resolved });
  }

  /** Reads all settings from WhatsApp once more; what changes is told by events. */
  async resyncSettings(actor: Actor, sessionId: string): Promise<void> {
    await this.commands.run(actor, sessionId, resyncSettings, null);
  }
}

/** Answers what WhatsApp has taken. */
function carryOut({ chats }: WaConnection, input: OrderInput): Promise<WrittenChatSetting> {
  const { chatId, order, last } = input;
  switch (order.do) {
    case 'archive':
      return chats.archive(chatId, order.isOn, last);
    case 'pin':
      return chats.pin(chatId, order.isOn);
    case 'mute':
      return chats.mute(chatId, order.until === null ? null : new Date(order.until));
    case 'unmute':
      return chats.mute(chatId, undefined);
    case 'unread':
      return chats.mark(chatId, false, last);
    case 'clear':
      return chats.clear(chatId, order.keepStarred, last);
    case 'delete':
      return chats.delete(chatId, last);
    case 'read':
      return read(chats, input);
    case 'disappear':
      return disappear(chats, chatId, order.seconds);
  }
}

async function read(
  chats: ChatsApi,
  { chatId, last, unread, isMarkedUnread }: OrderInput,
): Promise<WrittenChatSetting> {
  if (unread.length) await chats.read(unread);
  if (isMarkedUnread) return chats.mark(chatId, true, last);
  return unwritten({ chatId, readAt: last ? new Date(last.timestamp) : new Date(), isMarkedUnread: false });
}

async function disappear(chats: ChatsApi, chatId: string, seconds: number): Promise<WrittenChatSetting> {
  await chats.setDisappearing(chatId, seconds);
  return unwritten({ chatId, disappearingSeconds: seconds });
}

/** For what is no setting of WhatsApp's log: nothing waits for its being stored. */
const unwritten = (setting: ChatSetting): WrittenChatSetting => ({ setting, stored: () => Promise.resolve() });
