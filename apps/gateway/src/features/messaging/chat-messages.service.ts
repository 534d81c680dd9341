import { Injectable } from '@nestjs/common';
import { Message } from '@app/database/entities/message.entity.js';
import type { MessageKey } from '@app/whatsapp/api/chats.js';
import { type EntityManager, In, IsNull, LessThanOrEqual, Not } from 'typeorm';
import { MessageStoreService } from './message-store.service.js';

/** What a chat shows of a message. */
export type ChatMessage = Pick<
  Message,
  'id' | 'messageId' | 'chatId' | 'senderId' | 'fromMe' | 'type' | 'text' | 'status' | 'timestamp'
>;

const shown = {
  id: true,
  messageId: true,
  chatId: true,
  senderId: true,
  fromMe: true,
  type: true,
  text: true,
  status: true,
  timestamp: true,
} as const;

/** The messages of chats, for whoever keeps the chats. */
@Injectable()
export class ChatMessagesService {
  constructor(private readonly store: MessageStoreService) {}

  /** Messages by our id. */
  async find(sessionId: string, ids: string[]): Promise<Map<string, ChatMessage>> {
    if (!ids.length) return new Map();
    const rows = await this.store.messages.find({ select: shown, where: { sessionId, id: In(ids) } });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The newest message of a chat. */
  async newest(sessionId: string, chatId: string): Promise<MessageKey | null> {
    const [message] = await this.keys({ sessionId, chatId }, 1);
    return message ?? null;
  }

  /** The `count` newest messages of others in a chat. */
  unread(sessionId: string, chatId: string, count: number): Promise<MessageKey[]> {
    return count ? this.keys({ sessionId, chatId, fromMe: false }, count) : Promise.resolve([]);
  }

  /** Removes what was written until then from a chat; what is still on its way out stays. */
  async clear(
    tx: EntityManager,
    sessionId: string,
    chatId: string,
    { until }: { until: Date; keepsStarred: boolean },
  ): Promise<void> {
    const status = Not(In(['pending', 'sent']));
    await tx.delete(Message, { sessionId, chatId, status, timestamp: LessThanOrEqual(until) });
  }

  private async keys(
    where: { sessionId: string; chatId: string; fromMe?: boolean },
    take: number,
  ): Promise<MessageKey[]> {
    const select = { chatId: true, messageId: true, senderId: true, fromMe: true, timestamp: true } as const;
    const order = { id: 'DESC' } as const;
    const rows = await this.store.messages.find({ select, where: { ...where, targetId: IsNull() }, order, take });
    return rows.map(({ chatId, messageId, senderId, fromMe, timestamp }) => {
      return { chatId, messageId, senderId, fromMe, timestamp: timestamp.toISOString() };
    });
  }
}
