import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, conflict } from '@app/platform/errors/app-error.js';
import type { EventAnswer } from '@app/platform/events/message-action.js';
import { writeForward } from '@app/whatsapp/actions/write-forward.js';
import { MessageAcceptanceService } from '../message-acceptance.service.js';
import { MessagesService } from '../messages.service.js';
import { SessionCommandsService } from '../../sessions/session-commands.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import {
  type ActionOrder,
  editOrder,
  eventOrder,
  type NewWords,
  pinOrder,
  reactionOrder,
  revokeOrder,
  voteOrder,
} from './action-orders.js';
import { isAdmin } from './own-marks.service.js';

const DAY_SECONDS = 86_400;

/** A message that something is done with, and how the caller wants it. */
export interface Order {
  sessionId: string;
  /** Our id or WhatsApp's. */
  messageId: string;
  idempotencyKey?: string;
  /** Answer once WhatsApp took or refused it. */
  wait?: 'server_ack';
}

/** One recipient of a forwarded message: the message, or why there is none. */
export interface Forwarded {
  to: string;
  message: Message | null;
  error: AppError | null;
}

/**
 * What this account does with messages and others see. Each is a message of its own: stored before it is sent, sent in
 * its turn, repeated after a crash. It takes effect here once WhatsApp has it.
 */
@Injectable()
export class MessageActionsService {
  constructor(
    private readonly messages: MessagesService,
    private readonly acceptance: MessageAcceptanceService,
    private readonly sessions: SessionsService,
    private readonly commands: SessionCommandsService,
  ) {}

  edit(actor: Actor, order: Order, words: NewWords): Promise<Message> {
    return this.act(actor, order, { edit: words }, (message) => editOrder(message, words));
  }

  /** Deletes for everybody: an own message, or as admin of the group. */
  revoke(actor: Actor, order: Order): Promise<Message> {
    return this.act(actor, order, { revoke: true }, async (message) => {
      if (!message.fromMe) await this.requireAdmin(actor, message);
      return revokeOrder(message);
    });
  }

  react(actor: Actor, order: Order, emoji: string | null): Promise<Message> {
    return this.act(actor, order, { emoji }, (message) => reactionOrder(message, emoji));
  }

  pin(actor: Actor, order: Order, days: number | null): Promise<Message> {
    const seconds = days === null ? null : days * DAY_SECONDS;
    return this.act(actor, order, { pin: days }, (message) => pinOrder(message, seconds));
  }

  vote(actor: Actor, order: Order, options: string[]): Promise<Message> {
    return this.act(actor, order, { options }, async (message) =>
      voteOrder(message, await this.account(actor, order), options),
    );
  }

  respond(actor: Actor, order: Order, response: { answer: EventAnswer; extraGuests: number }): Promise<Message> {
    return this.act(actor, order, response, async (message) =>
      eventOrder(message, await this.account(actor, order), response),
    );
  }

  /** One message to each recipient; those that are refused say why. */
  async forward(actor: Actor, { sessionId, messageId, idempotencyKey }: Order, to: string[]): Promise<Forwarded[]> {
    const original = await this.messages.getTarget(actor, sessionId, messageId);
    const proto = forwardable(original) && original.proto && writeForward(original.proto);
    if (!proto) throw conflict('message.not-forwardable', 'This message cannot be forwarded.');
    const { type, text, content } = original;
    return Promise.all(
      [...new Set(to)].map(async (chatId) => {
        const request = {
          idempotencyKey: idempotencyKey && `${idempotencyKey} ${chatId}`,
          request: { forward: original.id, to: chatId },
        };
        try {
          const draft = { chatId, type, text, content, context: { isForwarded: true }, proto };
          const message = await this.acceptance.accept(actor, sessionId, request, () => draft);
          return { to: chatId, message, error: null };
        } catch (error) {
          if (error instanceof AppError) return { to: chatId, message: null, error };
          throw error;
        }
      }),
    );
  }

  private async act(
    actor: Actor,
    { sessionId, messageId, idempotencyKey, wait }: Order,
    request: object,
    compose: (message: Message) => ActionOrder | Promise<ActionOrder>,
  ): Promise<Message> {
    const target = await this.messages.getTarget(actor, sessionId, messageId);
    const idempotent = { idempotencyKey, request: { target: target.id, ...request } };
    const message = await this.acceptance.accept(actor, sessionId, idempotent, async () => {
      const { action, proto } = await compose(target);
      const { kind: type, ...content } = action;
      return { chatId: target.chatId, type, text: null, content, context: null, targetId: target.id, proto };
    });
    return wait ? (await this.messages.settle(actor, message)).message : message;
  }

  private async account(actor: Actor, { sessionId }: Order): Promise<{ waId: string; lid: string | null }> {
    const { waId, lid } = await this.sessions.get(actor, sessionId);
    return { waId: waId ?? '', lid };
  }

  private async requireAdmin(actor: Actor, { sessionId, chatId }: Message): Promise<void> {
    if (!chatId.endsWith('@g.us'))
      throw conflict('message.not-own', 'Only own messages can be deleted for everybody; others only for oneself.');
    if (!(await this.commands.run(actor, sessionId, isAdmin, { groupId: chatId })))
      throw new AppError('forbidden', 'group.not-admin', 'Only admins of the group delete what others wrote.');
  }
}

/** What was meant to be seen once, or is nothing any more, is not passed on; who votes where must stay clear. */
function forwardable({ revokedAt, context, type }: Message): boolean {
  return revokedAt === null && !context?.isViewOnce && !['poll', 'event', 'other'].includes(type);
}
