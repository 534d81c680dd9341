import { Injectable, type OnModuleInit } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import type { EntityManager } from 'typeorm';
import { MessageProjectionsService, type SeenMessage } from '../messaging/message-projections.service.js';
import { ContactNamesService } from '../contacts/contact-names.service.js';
import { COUNT_MESSAGES } from './chats.queries.js';

const mediaTypes = new Set(['image', 'video', 'gif', 'video-note', 'audio', 'voice', 'document', 'sticker']);

interface Tally {
  last: SeenMessage;
  unread: number;
  hasMedia: boolean;
}

/** Counts messages into chats, in the transaction that stores them. */
@Injectable()
export class ChatProjectionService implements OnModuleInit {
  constructor(
    private readonly projections: MessageProjectionsService,
    private readonly names: ContactNamesService,
  ) {}

  onModuleInit(): void {
    this.projections.register((tx, messages) => this.count(tx, messages));
  }

  /** Lets chats know of messages of the past, which nobody has to read. */
  async place(tx: EntityManager, messages: SeenMessage[]): Promise<void> {
    if (messages.length)
      await this.write(
        tx,
        tally(messages).map((chat) => ({ ...chat, unread: 0 })),
      );
  }

  private async count(tx: EntityManager, messages: SeenMessage[]): Promise<void> {
    const named = await this.names.learn(tx, messages.flatMap(nameIn));
    // What somebody who writes for the first time is called is in the message.
    await this.names.tell(
      tx,
      named.filter(({ isNew }) => !isNew),
    );
    await this.write(tx, tally(messages));
  }

  private async write(tx: EntityManager, tallies: Tally[]): Promise<void> {
    await runPrepared(tx, COUNT_MESSAGES, [
      tallies.map(({ last }) => last.sessionId),
      tallies.map(({ last }) => last.chatId),
      tallies.map(({ last }) => last.tenantId),
      tallies.map(({ last }) => chatKindOf(last.chatId)),
      tallies.map(({ last }) => last.id),
      tallies.map(({ last }) => last.timestamp),
      tallies.map(({ unread }) => unread),
      tallies.map(({ hasMedia }) => hasMedia),
    ]);
  }
}

const nameIn = ({ tenantId, sessionId, senderId, senderName, fromMe }: SeenMessage) =>
  senderName && !fromMe ? [{ tenantId, sessionId, contactId: senderId, pushName: senderName }] : [];

/** One entry a chat: a statement cannot change a row twice. */
function tally(messages: SeenMessage[]): Tally[] {
  const chats = new Map<string, Tally>();
  for (const message of messages) {
    const key = `${message.sessionId} ${message.chatId}`;
    const chat = chats.get(key) ?? { last: message, unread: 0, hasMedia: false };
    if (message.timestamp >= chat.last.timestamp) chat.last = message;
    if (!message.fromMe) chat.unread++;
    chat.hasMedia ||= mediaTypes.has(message.type);
    chats.set(key, chat);
  }
  return [...chats.values()];
}
