import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { EntityManager } from 'typeorm';

/** A message that has come in or gone out, as others count it. */
export type SeenMessage = Pick<
  Message,
  | 'id'
  | 'tenantId'
  | 'sessionId'
  | 'chatId'
  | 'messageId'
  | 'senderId'
  | 'fromMe'
  | 'type'
  | 'text'
  | 'content'
  | 'timestamp'
> & {
  /** What the sender calls themselves, where the message says so. */
  senderName?: string | null;
};

/** Something that follows from messages and must be stored together with them. */
export type MessageProjection = (tx: EntityManager, messages: SeenMessage[]) => Promise<void>;

/** Where other features hang on to messages: each projection runs in the transaction that stores them, a batch at a time. */
@Injectable()
export class MessageProjectionsService {
  private readonly projections: MessageProjection[] = [];

  register(projection: MessageProjection): void {
    this.projections.push(projection);
  }

  async run(tx: EntityManager, messages: SeenMessage[]): Promise<void> {
    if (!messages.length) return;
    for (const projection of this.projections) await projection(tx, messages);
  }
}
