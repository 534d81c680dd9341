import { Injectable } from '@nestjs/common';
import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import type { Message, MessageContext } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { Config } from '@app/platform/config/config.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { fieldsOf, type MessageContent, wordsOf } from '@app/platform/events/message-content.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { type Quotable, writeMessage } from '@app/whatsapp/content/write-message.js';
import { IsNull, LessThan } from 'typeorm';
import { MediaService } from '../media/media.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type FileOrder, withFile } from './files/file-order.js';
import { type Draft, MessageAcceptanceService } from './message-acceptance.service.js';
import { MessageStatusesService } from './message-statuses.service.js';
import { MessageStoreService } from './message-store.service.js';

const POLL_MS = 1_000;

export interface SendOrder {
  to: string;
  content: MessageContent;
  /** The file that the content is to bring. */
  file?: FileOrder;
  /** Our id or WhatsApp's id of the message that this one replies to. */
  replyTo?: string;
  /** Same key and same order: the same message. Same key, other order: a conflict. */
  idempotencyKey?: string;
}

export interface SentMessage {
  message: Message;
  isSettled: boolean;
}

/** Sending, and looking messages up. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly acceptance: MessageAcceptanceService,
    private readonly store: MessageStoreService,
    private readonly statuses: MessageStatusesService,
    private readonly media: MediaService,
    private readonly config: Config,
  ) {}

  /**
   * Accepts a message: it is stored under its final WhatsApp id before anything is sent. With `wait` the answer comes once
   * WhatsApp took or refused it (`isSettled`), or when that takes too long.
   */
  async send(actor: Actor, sessionId: string, order: SendOrder, wait: boolean): Promise<SentMessage> {
    const { idempotencyKey, ...request } = order;
    const message = await this.acceptance.accept(actor, sessionId, { idempotencyKey, request }, () =>
      this.compose(actor, sessionId, order),
    );
    if (!wait) return { message, isSettled: false };
    return this.settle(actor, message);
  }

  /** By our id. Throws `message.not-found`. */
  async get(actor: Actor, sessionId: string, id: string): Promise<Message> {
    await this.sessions.get(actor, sessionId);
    const message = await this.store.messages.findOneBy({ id, sessionId, tenantId: actor.tenantId });
    if (!message) throw notFound('message', id);
    return message;
  }

  /** The newest first. What changes other messages (edits, reactions …) is not listed: it shows in those. */
  async list(actor: Actor, sessionId: string, query: PageQuery & { chatId?: string }): Promise<Page<Message>> {
    await this.sessions.get(actor, sessionId);
    const [before] = decodeCursor(query.cursor) ?? [];
    const rows = await this.store.messages.find({
      where: {
        tenantId: actor.tenantId,
        sessionId,
        targetId: IsNull(),
        ...(query.chatId !== undefined && { chatId: query.chatId }),
        ...(before !== undefined && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: query.limit + 1,
    });
    return toPage(rows, query.limit, ({ id }) => id);
  }

  private async compose(actor: Actor, sessionId: string, order: SendOrder): Promise<Draft> {
    const { to, replyTo, file } = order;
    const quoted = replyTo === undefined ? null : await this.quoted(actor, sessionId, replyTo);
    const context: MessageContext | null = quoted && {
      quoted: { messageId: quoted.messageId, senderId: quoted.senderId, text: quoted.text },
    };
    // Refused files are refused before anything is stored.
    const content = file ? withFile(order.content, await this.prepare(actor, file)) : order.content;
    const proto = writeMessage(content, { chatId: to, context, ...(quoted && { quoted }) });
    return { chatId: to, context, proto, type: content.type, text: wordsOf(content), content: fieldsOf(content) };
  }

  private prepare(actor: Actor, { source, kind, options }: FileOrder): Promise<MediaFile> {
    return this.media.import(actor, source, kind, options);
  }

  private async quoted(actor: Actor, sessionId: string, id: string): Promise<Quotable & { text: string | null }> {
    const message = await this.store.findForReply(actor.tenantId, sessionId, id);
    if (!message?.proto) throw notFound('message', id);
    return { ...message, proto: message.proto };
  }

  private async settle(actor: Actor, { sessionId, id }: Message): Promise<SentMessage> {
    const deadline = Date.now() + this.config.sendAckTimeoutMs;
    for (;;) {
      const changed = this.statuses.change(id, Math.min(POLL_MS, Math.max(1, deadline - Date.now())));
      const message = await this.get(actor, sessionId, id);
      const isSettled = !['pending', 'sent'].includes(message.status);
      if (isSettled || Date.now() >= deadline) return { message, isSettled };
      await changed;
    }
  }
}
