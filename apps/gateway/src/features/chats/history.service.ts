import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { HistorySync } from '@app/database/entities/history-sync.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { Config } from '@app/platform/config/config.js';
import { conflict, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { newMessageId } from '@app/whatsapp/api/messages.js';
import { hasId, type MessageKey } from '@app/whatsapp/api/chats.js';
import type { WantedHistory } from '@app/whatsapp/api/history.js';
import { LessThan, Repository } from 'typeorm';
import { ChatMessagesService } from '../messaging/chat-messages.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { ChatsService } from './chats.service.js';
import { type GivenMessage, keyOfGiven } from './given-message.js';

const askForChat = command<{ requestId: string; count: number; before: MessageKey }>('history.chat');
const askForAll = command<{ requestId: string; wanted: WantedHistory }>('history.all');

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
    this.commands.on(askForAll, ({ history }, { requestId, wanted }) => history.requestAll(requestId, wanted));
  }

  /** Asks the phone for older messages of a chat: before one of them, or before the oldest that is known. */
  async requestChat(
    actor: Actor,
    sessionId: string,
    id: string,
    { count, before }: { count: number; before?: GivenMessage & { messageId: string } },
  ): Promise<HistorySync> {
    // Whoever describes the message may know a chat that we do not.
    const chatId = before?.timestamp
      ? await this.chats.resolve(actor, sessionId, id)
      : (await this.chats.get(actor, sessionId, id)).chatId;
    const from = await this.startOf(sessionId, chatId, before);
    return this.request(actor, sessionId, { kind: 'chat', chatId }, (requestId) =>
      this.commands.run(actor, sessionId, askForChat, { requestId, count, before: from }),
    );
  }

  /** Asks the phone for everything it remembers, or for as much as is wanted. */
  requestAll(actor: Actor, sessionId: string, given: WantedHistory): Promise<HistorySync> {
    const wanted = JSON.parse(JSON.stringify(given)) as WantedHistory;
    const isPart = Object.keys(wanted).length > 0;
    return this.request(actor, sessionId, { kind: 'full', wanted: isPart ? wanted : null }, (requestId) =>
      this.commands.run(actor, sessionId, askForAll, { requestId, wanted }),
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

  private async startOf(
    sessionId: string,
    chatId: string,
    before?: GivenMessage & { messageId: string },
  ): Promise<MessageKey> {
    const stored = await this.messages.oldest(sessionId, chatId, before?.messageId);
    if (stored) return stored;
    if (!before)
      throw conflict('history.no-start', 'The phone can only be asked for what came before a known message.');
    if (!before.timestamp) throw notFound('message', before.messageId);
    const described = keyOfGiven(chatId, { ...before, senderId: before.senderId ?? chatId }, '/before');
    if (!hasId(described)) throw notFound('message', before.messageId);
    return described;
  }

  /** The row comes first, so that an answer finds it however fast it is. */
  private async request(
    actor: Actor,
    sessionId: string,
    what: Pick<HistorySync, 'kind'> & Partial<Pick<HistorySync, 'chatId' | 'wanted'>>,
    ask: (requestId: string) => Promise<void>,
  ): Promise<HistorySync> {
    const { tenantId } = actor;
    await this.sessions.get(actor, sessionId);
    const [id, requestId] = [newId('history'), newMessageId()];
    await this.syncs.insert({ id, tenantId, sessionId, ...what, requestId, state: 'requested' });
    try {
      await ask(requestId);
    } catch (error) {
      await this.syncs.delete({ id });
      throw error;
    }
    return this.syncs.findOneByOrFail({ id });
  }
}
