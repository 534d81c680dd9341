import { Injectable } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { Message } from '@app/database/entities/message.entity.js';
import { newIdAt } from '@app/platform/ids/id.js';
import type { MessageKey } from '@app/whatsapp/api/chats.js';
import type { HistoryMessage } from '@app/whatsapp/history/wa-history.js';
import { type EntityManager, type FindOptionsWhere, In, IsNull } from 'typeorm';
import { IdentitiesService } from './identities.service.js';
import type { SeenMessage } from './message-projections.service.js';
import { MessageStoreService, type NewMessage } from './message-store.service.js';
import { CLEAR_CHAT, MARK_PROCESSED } from './messages.queries.js';

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
  constructor(
    private readonly store: MessageStoreService,
    private readonly identities: IdentitiesService,
  ) {}

  /** Messages by our id. */
  async find(sessionId: string, ids: string[]): Promise<Map<string, ChatMessage>> {
    if (!ids.length) return new Map();
    const where = { sessionId, id: In(ids), deletedAt: IsNull() };
    const rows = await this.store.messages.find({ select: shown, where });
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

  /** Takes what was written until then out of a chat, with what it said; what is still on its way out stays. */
  async clear(
    tx: EntityManager,
    sessionId: string,
    chatId: string,
    { until, keepsStarred }: { until: Date; keepsStarred: boolean },
  ): Promise<void> {
    await runPrepared(tx, CLEAR_CHAT, [sessionId, chatId, until, keepsStarred]);
  }

  private async keys(
    where: FindOptionsWhere<Message>,
    take: number,
    direction: 'ASC' | 'DESC' = 'DESC',
  ): Promise<MessageKey[]> {
    const select = {
      chatId: true,
      messageId: true,
      senderId: true,
      authorAddress: true,
      fromMe: true,
      timestamp: true,
    } as const;
    const order = { id: direction } as const;
    const rows = await this.store.messages.find({ select, where: { ...where, targetId: IsNull() }, order, take });
    return rows.map(({ authorAddress, timestamp, ...key }) => {
      return { ...key, authorAddress: authorAddress ?? key.senderId, timestamp: timestamp.toISOString() };
    });
  }

  /** The message that a request for older ones starts from: the one with this id, ours or WhatsApp's, or the oldest. */
  async oldest(sessionId: string, chatId: string, id?: string): Promise<MessageKey | null> {
    if (id === undefined) return (await this.keys({ sessionId, chatId }, 1, 'ASC'))[0] ?? null;
    const [byOurs] = await this.keys({ sessionId, chatId, id }, 1);
    return byOurs ?? (await this.keys({ sessionId, chatId, messageId: id }, 1))[0] ?? null;
  }

  /**
   * Stores messages of the past; those that are there already are left alone. Addresses become phone numbers where they are
   * known. Answers what was new.
   */
  async storePast(
    tx: EntityManager,
    { tenantId, sessionId }: { tenantId: string; sessionId: string },
    messages: HistoryMessage[],
  ): Promise<SeenMessage[]> {
    const lids = messages
      .flatMap(({ chatId, senderId }) => [chatId, senderId])
      .filter((id) => id.endsWith('@lid'))
      .map((lid) => ({ sessionId, lid }));
    const phoneOf = await this.identities.phonesOf(tx, lids);
    const rows = messages.map((message): NewMessage => {
      const [chatId, senderId] = [message.chatId, message.senderId].map((id) => phoneOf(sessionId, id) ?? id);
      const { timestamp } = message;
      const addresses = { chatId: chatId ?? message.chatId, senderId: senderId ?? message.senderId };
      return { ...message, ...addresses, id: newIdAt('message', timestamp), tenantId, sessionId };
    });
    const stored = await this.store.insert(tx, rows);
    await tx.update(Message, { id: In([...stored.keys()]) }, { origin: 'history' });
    return rows.filter(({ id }) => stored.has(id));
  }

  /** Marks a journalled stanza as dealt with. */
  async markProcessed(tx: EntityManager, sessionId: string, key: string): Promise<void> {
    await runPrepared(tx, MARK_PROCESSED, [[sessionId], [key]]);
  }
}
