import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid, notFound } from '@app/platform/errors/app-error.js';
import type { ReadCollection, Resync } from '@app/whatsapp/api/app-state.js';
import {
  type ChatsApi,
  type ChatState,
  hasId,
  type LastMessage,
  type MessageKey,
  type WrittenChatSetting,
} from '@app/whatsapp/api/chats.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import type { ChatSetting } from '@app/whatsapp/updates/settings.js';
import { ChatMessagesService } from '../messaging/chat-messages.service.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { ChatSettingsService } from './chat-settings.service.js';
import { ChatsService, type ShownChat } from './chats.service.js';
import { type GivenMessage, keyOfGiven } from './given-message.js';

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
  last: LastMessage | null;
  unread: MessageKey[];
  isMarkedUnread: boolean;
}

const doWithChat = command<OrderInput>('chats.do');
const showPresence = command<{ chatId: string; state: ChatState }>('chats.presence');
const subscribe = command<{ chatId: string }>('chats.subscribe');
const resyncSettings = command<Resync, ReadCollection[]>('chats.resync-settings');

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
      written.stored();
    });
    this.commands.on(showPresence, (connection, { chatId, state }) => connection.chats.showPresence(chatId, state));
    this.commands.on(subscribe, (connection, { chatId }) => connection.chats.subscribe(chatId));
    this.commands.on(resyncSettings, (connection, how) => connection.chats.resyncSettings(how));
  }

  /**
   * Answers the chat afterwards. Whoever says what the last message is may do so with a chat that is not known here.
   * Throws `chat.not-found`, `session.not-connected`, and what WhatsApp refuses.
   */
  async do(actor: Actor, sessionId: string, id: string, order: ChatOrder, given?: GivenMessage): Promise<ShownChat> {
    const input = given
      ? await this.describedInput(actor, sessionId, id, order, given)
      : await this.storedInput(actor, sessionId, id, order);
    await this.commands.run(actor, sessionId, doWithChat, input);
    const chat = await this.chats.find(actor, sessionId, input.chatId);
    if (!chat) throw notFound('chat', id);
    return chat;
  }

  private async storedInput(actor: Actor, sessionId: string, id: string, order: ChatOrder): Promise<OrderInput> {
    const { chatId, unreadCount, isMarkedUnread, kind } = await this.chats.get(actor, sessionId, id);
    if (order.do === 'disappear' && kind !== 'person' && kind !== 'group')
      throw invalid('chat.no-timer', '/seconds', 'only messages to people and groups can disappear');
    const last = await this.messages.newest(sessionId, chatId);
    const unread = await this.unread(sessionId, chatId, order, unreadCount);
    return { chatId, order, last, unread, isMarkedUnread };
  }

  private async describedInput(
    actor: Actor,
    sessionId: string,
    id: string,
    order: ChatOrder,
    given: GivenMessage,
  ): Promise<OrderInput> {
    const known = await this.chats.find(actor, sessionId, id);
    const chatId = known?.chatId ?? (await this.chats.resolve(actor, sessionId, id));
    const last = keyOfGiven(chatId, given, order.do === 'delete' ? '' : '/lastMessage');
    const unread = await this.unread(sessionId, chatId, order, known?.unreadCount ?? 0);
    const isUnread =
      order.do === 'read' && !last.fromMe && !unread.some(({ messageId }) => messageId === last.messageId);
    if (isUnread && hasId(last)) unread.push(last);
    // What the other devices think of the chat is not known here.
    return { chatId, order, last, unread, isMarkedUnread: true };
  }

  private async unread(sessionId: string, chatId: string, order: ChatOrder, count: number): Promise<MessageKey[]> {
    return order.do === 'read' ? this.messages.unread(sessionId, chatId, Math.min(count, MOST_READ)) : [];
  }

  async showPresence(actor: Actor, sessionId: string, chatId: string, state: ChatState): Promise<void> {
    const resolved = await this.identities.resolve(sessionId, chatId);
    await this.commands.run(actor, sessionId, showPresence, { chatId: resolved, state });
  }

  async subscribe(actor: Actor, sessionId: string, chatId: string): Promise<void> {
    const resolved = await this.identities.resolve(sessionId, chatId);
    await this.commands.run(actor, sessionId, subscribe, { chatId: resolved });
  }

  /** Reads the settings from WhatsApp once more; what changes is told by events. */
  async resyncSettings(actor: Actor, sessionId: string, how: Resync): Promise<ReadCollection[]> {
    return this.commands.run(actor, sessionId, resyncSettings, how);
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
const unwritten = (setting: ChatSetting): WrittenChatSetting => ({ setting, stored: () => undefined });
