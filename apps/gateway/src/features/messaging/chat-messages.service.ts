import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import { In } from 'typeorm';
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
}
