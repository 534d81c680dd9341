import { Inject, Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict } from '@app/platform/errors/app-error.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { DataSource } from 'typeorm';
import { RESEND_MESSAGE } from './messages.queries.js';
import { MessageSenderService } from './message-sender.service.js';
import { MessagesService } from './messages.service.js';

/** Sends failed messages again. WhatsApp never had them, so they go out under the same id. */
@Injectable()
export class MessageResendService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly messages: MessagesService,
    private readonly sender: MessageSenderService,
    private readonly outbox: Outbox,
  ) {}

  /** Throws `message.not-failed`. */
  async resend(actor: Actor, sessionId: string, messageId: string): Promise<Message> {
    const { id, messageId: waMessageId, chatId } = await this.messages.get(actor, sessionId, messageId);
    await this.database.transaction(async (tx) => {
      const at = new Date().toISOString();
      const [row] = await runPrepared(tx, RESEND_MESSAGE, [id, JSON.stringify([{ status: 'pending', at }])]);
      if (!row) throw conflict('message.not-failed', 'Only own messages that have failed are sent again.');
      const data = { id, messageId: waMessageId, chatId, status: 'pending' as const, at };
      await this.outbox.add(tx, [{ tenantId: actor.tenantId, sessionId, type: 'message.status', data }]);
    });
    await this.sender.nudge(sessionId);
    return this.messages.get(actor, sessionId, id);
  }
}
