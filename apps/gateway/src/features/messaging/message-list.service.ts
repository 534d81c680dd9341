import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { IsNull, LessThan } from 'typeorm';
import { SessionsService } from '../sessions/sessions.service.js';
import { IdentitiesService } from './identities.service.js';
import { MessageStoreService } from './message-store.service.js';
import { type MessageFilter, narrow } from './messages.search.js';
import { PaceForecastService } from './pace/pace-forecast.service.js';

/** Lists and searches messages. */
@Injectable()
export class MessageListService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
    private readonly store: MessageStoreService,
    private readonly forecast: PaceForecastService,
  ) {}

  /** The newest first. What changes other messages (edits, reactions …) is not listed: it shows in those. */
  async list(actor: Actor, sessionId: string, query: PageQuery & MessageFilter): Promise<Page<Message>> {
    await this.sessions.get(actor, sessionId);
    const [before] = decodeCursor(query.cursor) ?? [];
    const found = this.store.messages
      .createQueryBuilder('message')
      .where({
        tenantId: actor.tenantId,
        sessionId,
        targetId: IsNull(),
        deletedAt: IsNull(),
        ...(before !== undefined && { id: LessThan(before) }),
      })
      .orderBy('message.id', 'DESC')
      .limit(query.limit + 1);
    const { chatId, senderId, ...filter } = query;
    narrow(found, sessionId, {
      ...filter,
      chatIds: chatId === undefined ? undefined : await this.chatIds(sessionId, chatId),
      senderIds: senderId === undefined ? undefined : await this.identities.spellings(sessionId, senderId),
    });
    const page = toPage(await found.getMany(), query.limit, ({ id }) => id);
    return { ...page, items: await this.forecast.explain(sessionId, page.items) };
  }

  /** The addresses that have messages: with one alone, which is the rule, the index gives the page in order. */
  private async chatIds(sessionId: string, chatId: string): Promise<string[]> {
    const spellings = await this.identities.spellings(sessionId, chatId);
    if (spellings.length === 1) return spellings;
    const used = await this.store.usedChatIds(sessionId, spellings);
    return used.length ? used : [chatId];
  }
}
