import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { FileOrder } from './files/file-order.js';
import { MessageAcceptanceService } from './message-acceptance.service.js';
import { MessageComposerService } from './message-composer.service.js';
import type { SendOptions } from './message-options.js';
import { MessageSettlementService, type SentMessage } from './message-settlement.service.js';
import { MessageStoreService } from './message-store.service.js';
import { PaceForecastService } from './pace/pace-forecast.service.js';

export interface SendOrder {
  to: string;
  content: MessageContent;
  /** The files that the content is to bring. */
  files?: FileOrder[];
  options?: SendOptions;
  /** Same key and same order: the same message. Same key, other order: a conflict. */
  idempotencyKey?: string;
}

/** Sending, and what became of it. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly acceptance: MessageAcceptanceService,
    private readonly composer: MessageComposerService,
    private readonly store: MessageStoreService,
    private readonly settlement: MessageSettlementService,
    private readonly forecast: PaceForecastService,
  ) {}

  /**
   * Accepts a message: it is stored under its final WhatsApp id before anything is sent. With `wait` the answer comes once
   * WhatsApp took or refused it (`isSettled`), or when that takes too long.
   */
  async send(actor: Actor, sessionId: string, order: SendOrder, wait: boolean): Promise<SentMessage> {
    const message = await this.accept(actor, sessionId, order);
    return wait ? this.settle(message) : { message, isSettled: false };
  }

  /** The same without waiting. */
  accept(actor: Actor, sessionId: string, order: SendOrder): Promise<Message> {
    const { idempotencyKey, ...request } = order;
    const { to, content, files, options = {} } = order;
    const idempotent = { idempotencyKey, request, isCostly: isCostly(order) };
    return this.acceptance.accept(actor, sessionId, idempotent, (senderId) =>
      this.composer.compose({ actor, sessionId, senderId, to, content, files, options }),
    );
  }

  /** By our id or by WhatsApp's. Throws `message.not-found`. */
  async get(actor: Actor, sessionId: string, id: string): Promise<Message> {
    await this.sessions.get(actor, sessionId);
    const message = await this.store.find(actor.tenantId, sessionId, id);
    if (!message) throw notFound('message', id);
    const [explained = message] = await this.forecast.explain(sessionId, [message]);
    return explained;
  }

  /** Waits until WhatsApp took or refused a message, or until that takes too long. */
  settle(message: Message): Promise<SentMessage> {
    return this.settlement.settle(message);
  }
}

/** Whether a message takes more to compose than the database: files, pages and pictures of others, questions to WhatsApp. */
function isCostly({ files, options = {} }: SendOrder): boolean {
  const { linkPreview, previewImages, thumbnail, call, mentionAll } = options;
  return Boolean(files?.length) || Boolean(linkPreview ?? previewImages ?? thumbnail ?? call) || mentionAll === true;
}
