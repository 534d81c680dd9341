import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Message } from '@app/database/entities/message.entity.js';
import { MESSAGES_WAIT } from '@app/platform/events/channels.js';
import { newId } from '@app/platform/ids/id.js';
import { newMessageId } from '@app/whatsapp/api/messages.js';
import { writeMessage } from '@app/whatsapp/content/write-message.js';
import { type EntityManager, In, MoreThan } from 'typeorm';
import { STATUS } from './message-options.js';
import { MessageProjectionsService, type SeenMessage } from './message-projections.service.js';
import { MessageStoreService, type NewMessage } from './message-store.service.js';

const TYPE = 'status-mention';

/**
 * Whoever is mentioned in a status is told so by a message of its own, as WhatsApp's apps do. It is stored together with
 * the news that the status went out, so that a crash in between forgets nobody.
 */
@Injectable()
export class StatusMentionsService implements OnModuleInit {
  constructor(
    private readonly projections: MessageProjectionsService,
    private readonly store: MessageStoreService,
  ) {}

  onModuleInit(): void {
    this.projections.register((tx, messages) => this.tell(tx, messages));
  }

  private async tell(tx: EntityManager, seen: SeenMessage[]): Promise<void> {
    const statuses = seen.filter(({ fromMe, chatId, context }) => fromMe && chatId === STATUS && context?.mentions);
    for (const status of statuses) await this.tellOf(tx, status);
  }

  private async tellOf(tx: EntityManager, status: SeenMessage): Promise<void> {
    const { sessionId, messageId, context } = status;
    const mentioned = [...new Set(context?.mentions)];
    // A status that failed and was sent again has told some already.
    const told = await tx.find(Message, {
      select: { chatId: true, content: true },
      where: { sessionId, chatId: In(mentioned), type: TYPE, fromMe: true, id: MoreThan(status.id) },
    });
    const done = new Set(told.filter(({ content }) => isAbout(content, messageId)).map(({ chatId }) => chatId));
    const due = mentioned.filter((chatId) => !done.has(chatId)).map((chatId) => mentionOf(status, chatId));
    await this.store.insert(tx, due);
    // Heard once this is committed.
    await tx.query('SELECT pg_notify($1, $2)', [MESSAGES_WAIT, sessionId]);
  }
}

const isAbout = (content: object | null, messageId: string): boolean =>
  (content as { statusMessageId?: string } | null)?.statusMessageId === messageId;

function mentionOf({ tenantId, sessionId, senderId, messageId }: SeenMessage, chatId: string): NewMessage {
  const content = { statusMessageId: messageId };
  return {
    id: newId('message'),
    tenantId,
    sessionId,
    chatId,
    messageId: newMessageId(),
    senderId,
    fromMe: true,
    type: TYPE,
    text: null,
    content,
    context: null,
    status: 'pending',
    proto: writeMessage({ type: TYPE, ...content }, { chatId, context: null }),
    timestamp: new Date(),
  };
}
