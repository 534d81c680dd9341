import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import { Config } from '@app/platform/config/config.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { MessageStatusesService } from './message-statuses.service.js';
import { MessageStoreService } from './message-store.service.js';

const POLL_MS = 1_000;

export interface SentMessage {
  message: Message;
  isSettled: boolean;
}

/** Waiting for what becomes of messages. */
@Injectable()
export class MessageSettlementService {
  constructor(
    private readonly store: MessageStoreService,
    private readonly statuses: MessageStatusesService,
    private readonly config: Config,
  ) {}

  /** Waits until WhatsApp took or refused a message, or until that takes too long. */
  async settle({ tenantId, sessionId, id }: Message): Promise<SentMessage> {
    const deadline = Date.now() + this.config.sendAckTimeoutMs;
    for (;;) {
      const changed = this.statuses.change(id, Math.min(POLL_MS, Math.max(1, deadline - Date.now())));
      const message = await this.store.find(tenantId, sessionId, id);
      if (!message) throw notFound('message', id);
      const isSettled = !['pending', 'sent'].includes(message.status);
      if (isSettled || Date.now() >= deadline) return { message, isSettled };
      await changed;
    }
  }
}
