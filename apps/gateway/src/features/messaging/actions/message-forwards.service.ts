import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, conflict } from '@app/platform/errors/app-error.js';
import { writeForward } from '@app/whatsapp/actions/write-forward.js';
import { IdentitiesService } from '../identities.service.js';
import { MessageAcceptanceService } from '../message-acceptance.service.js';
import { MessageTargetsService } from '../message-targets.service.js';
import type { Order } from './message-actions.service.js';

/** One recipient of a forwarded message: the message, or why there is none. */
export interface Forwarded {
  to: string;
  message: Message | null;
  error: AppError | null;
}

/** Passes messages on. */
@Injectable()
export class MessageForwardsService {
  constructor(
    private readonly targets: MessageTargetsService,
    private readonly acceptance: MessageAcceptanceService,
    private readonly identities: IdentitiesService,
  ) {}

  /** One message to each recipient; those that are refused say why. */
  async forward(actor: Actor, { sessionId, messageId, idempotencyKey }: Order, to: string[]): Promise<Forwarded[]> {
    const original = await this.targets.getStored(actor, sessionId, messageId);
    const proto = forwardable(original) && original.proto && writeForward(original.proto);
    if (!proto) throw conflict('message.not-forwardable', 'This message cannot be forwarded.');
    const { type, text, content } = original;
    return Promise.all(
      [...new Set(to)].map(async (recipient) => {
        const request = {
          idempotencyKey: idempotencyKey && `${idempotencyKey} ${recipient}`,
          request: { forward: original.id, to: recipient },
        };
        try {
          const chatId = await this.identities.resolve(sessionId, recipient);
          const draft = { chatId, type, text, content, context: { isForwarded: true }, proto };
          const message = await this.acceptance.accept(actor, sessionId, request, () => draft);
          return { to: recipient, message, error: null };
        } catch (error) {
          if (error instanceof AppError) return { to: recipient, message: null, error };
          throw error;
        }
      }),
    );
  }
}

/** What was meant to be seen once, or is nothing any more, is not passed on; who votes where must stay clear. */
function forwardable({ revokedAt, context, type }: Message): boolean {
  return revokedAt === null && !context?.isViewOnce && !['poll', 'event', 'other'].includes(type);
}
