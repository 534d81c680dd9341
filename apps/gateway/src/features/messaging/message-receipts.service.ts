import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Message, MessageStatus } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import type { EntityManager } from 'typeorm';
import { IdentitiesService } from './identities.service.js';
import { LOCK_OWN_MESSAGES, RECORD_RECEIPTS } from './messages.queries.js';
import { NoticesService, type SeenNotice } from './notices.service.js';

/** What one of several recipients says of a message. */
export interface RecipientReceipt {
  message: Pick<Message, 'id' | 'tenantId' | 'sessionId' | 'chatId' | 'messageId'>;
  recipientId: string;
  status: MessageStatus;
  at: Date;
}

/** How far messages got with single recipients. */
@Injectable()
export class MessageReceiptsService implements OnModuleInit {
  constructor(
    private readonly identities: IdentitiesService,
    private readonly notices: NoticesService,
  ) {}

  onModuleInit(): void {
    this.notices.on('status-viewed', (tx, notice) => this.view(tx, notice));
  }

  /** Answers the events of statuses that somebody looked at for the first time. */
  async record(tx: EntityManager, receipts: RecipientReceipt[]): Promise<NewEvent[]> {
    if (!receipts.length) return [];
    const rows = receipts.map(({ message, recipientId, status, at }) => ({
      message_id: message.id,
      recipient_id: recipientId,
      tenant_id: message.tenantId,
      session_id: message.sessionId,
      status,
      at,
    }));
    const read = await runPrepared<{ messageId: string; recipientId: string; readAt: Date }>(tx, RECORD_RECEIPTS, [
      JSON.stringify(rows),
    ]);
    const messages = new Map(receipts.map(({ message }) => [message.id, message]));
    const views = read.flatMap(({ messageId, ...view }) => {
      const message = messages.get(messageId);
      return message && chatKindOf(message.chatId) === 'status' ? [{ message, ...view }] : [];
    });
    if (!views.length) return [];
    const addressesOf = await this.identities.addressesOf(
      tx,
      views.map(({ message, recipientId }) => ({ sessionId: message.sessionId, waId: recipientId })),
    );
    return views.map(({ message, recipientId, readAt }): NewEvent => {
      const { tenantId, sessionId, id, messageId, chatId } = message;
      const addresses = addressesOf(sessionId, recipientId);
      const phone = addresses.find((address) => !address.includes('@')) ?? null;
      const lid = addresses.find((address) => address.endsWith('@lid')) ?? null;
      const viewer = { waId: phone ?? recipientId, phone, lid, name: null };
      const data = { id, messageId, chatId, viewer, at: readAt.toISOString() };
      return { tenantId, sessionId, type: 'status.viewed', data };
    });
  }

  /** The same receipts come as those of other messages, and may have been faster. */
  private async view(tx: EntityManager, { session, fact, at }: SeenNotice<'status-viewed'>): Promise<NewEvent[]> {
    const { messageIds, viewerId: recipientId } = fact;
    const messages = await runPrepared<RecipientReceipt['message'] & Pick<Message, 'targetId'>>(tx, LOCK_OWN_MESSAGES, [
      messageIds.map(() => session.sessionId),
      messageIds,
    ]);
    const statuses = messages.filter(({ targetId, chatId }) => targetId === null && chatKindOf(chatId) === 'status');
    return this.record(
      tx,
      statuses.map((message) => ({ message, recipientId, status: 'read', at })),
    );
  }
}
