import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { HistorySync } from '@app/database/entities/history-sync.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { Config } from '@app/platform/config/config.js';
import { conflict, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { newMessageId } from '@app/whatsapp/api/messages.js';
import type { MessageKey } from '@app/whatsapp/api/chats.js';
import { LessThan, Repository } from 'typeorm';
import { ChatMessagesService } from '../messaging/chat-messages.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { ChatsService } from './chats.service.js';

const askForChat = command<{ requestId: string; count: number; before: MessageKey }>('history.chat');
const askForAll = command<{ requestId: string }>('history.all');

/** Asking phones for history, and how far it has come. */
@Injectable()
export class HistoryService implements OnModuleInit {
  constructor(
    @InjectRepository(HistorySync) private readonly syncs: Repository<HistorySync>,
    private readonly sessions: SessionsService,
    private readonly commands: SessionCommandsService,
    private readonly chats: ChatsService,
    private readonly messages: ChatMessagesService,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.commands.on(askForChat, ({ history }, { requestId, count, before }) =>
      history.requestChat(requestId, count, before),
    );
    this.commands.on(askForAll, ({ history }, { requestId }) => history.requestAll(requestId));
  }

  /** Asks the phone for older messages of a chat: before one of them, or before the oldest that is known. */
  async requestChat(
    actor: Actor,
    sessionId: string,
    id: string,
    { count, before }: { count: number; before?: string },
  ): Promise<HistorySync> {
    const { chatId } = await this.chats.get(actor, sessionId, id);
    const from = await this.messages.oldest(sessionId, chatId, before);
    if (!from && before !== undefined) throw notFound('message', before);
    if (!from) throw conflict('history.no-start', 'The phone can only be asked for what came before a known message.');
    return this.request(actor, sessionId, 'chat', chatId, (requestId) =>
      this.commands.run(actor, sessionId, askForChat, { requestId, count, before: from }),
    );
  }

  /** Asks the phone for everything it remembers. */
  requestAll(actor: Actor, sessionId: string): Promise<HistorySync> {
    return this.request(actor, sessionId, 'full', null, (requestId) =>
      this.commands.run(actor, sessionId, askForAll, { requestId }),
    );
  }

  /** Transfers, the newest first. */
  async list(actor: Actor, sessionId: string, { cursor, limit }: PageQuery): Promise<Page<HistorySync>> {
    await this.sessions.get(actor, sessionId);
    const [before] = decodeCursor(cursor) ?? [];
    const where = { tenantId: actor.tenantId, sessionId, ...(before !== undefined && { id: LessThan(before) }) };
    return toPage(await this.syncs.find({ where, order: { id: 'DESC' }, take: limit + 1 }), limit, ({ id }) => id);
  }

  /** Whether the phone shall share everything when the session is linked. */
  async wantsAll(actor: Actor, sessionId: string, wanted?: boolean | null): Promise<boolean> {
    const session =
      wanted === undefined
        ? await this.sessions.get(actor, sessionId)
        : await this.sessions.setFullHistory(actor, sessionId, wanted);
    return session.syncFullHistory ?? this.config.syncFullHistory;
  }

  /** The row comes first, so that an answer finds it however fast it is. */
  private async request(
    actor: Actor,
    sessionId: string,
    kind: 'chat' | 'full',
    chatId: string | null,
    ask: (requestId: string) => Promise<void>,
  ): Promise<HistorySync> {
    const { tenantId } = actor;
    await this.sessions.get(actor, sessionId);
    const [id, requestId] = [newId('history'), newMessageId()];
    await this.syncs.insert({ id, tenantId, sessionId, kind, chatId, requestId, state: 'requested' });
    try {
      await ask(requestId);
    } catch (error) {
      await this.syncs.delete({ id });
      throw error;
    }
    return this.syncs.findOneByOrFail({ id });
  }
}
