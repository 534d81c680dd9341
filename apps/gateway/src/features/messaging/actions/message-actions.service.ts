import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError, conflict, invalid } from '@app/platform/errors/app-error.js';
import type { EventAnswer } from '@app/platform/events/message-action.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import { LookupsService } from '../lookups.service.js';
import { MessageAcceptanceService } from '../message-acceptance.service.js';
import { targetIdOf } from '../message-ids.js';
import { type GivenKey, type MessageTarget, MessageTargetsService } from '../message-targets.service.js';
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
  /** What the caller says of it, for the case that it is not stored. */
  key?: GivenKey;
  idempotencyKey?: string;
  /** Answer once WhatsApp took or refused it. */
  wait?: 'server_ack';
}

/**
 * What this account does with messages and others see. Each is a message of its own: stored before it is sent, sent in
 * its turn, repeated after a crash. It takes effect here once WhatsApp has it.
 */
@Injectable()
export class MessageActionsService {
  constructor(
    private readonly messages: MessagesService,
    private readonly targets: MessageTargetsService,
    private readonly acceptance: MessageAcceptanceService,
    private readonly sessions: SessionsService,
    private readonly commands: SessionCommandsService,
    private readonly lookups: LookupsService,
  ) {}

  async edit(actor: Actor, order: Order, words: NewWords): Promise<Message> {
    const target = await this.target(actor, order);
    return this.act(actor, order, target, { edit: words }, async () =>
      editOrder(target, await this.withEverybody(actor, target, words)),
    );
  }

  /** Deletes for everybody: an own message, or as admin of the group or newsletter. */
  async revoke(actor: Actor, order: Order): Promise<Message> {
    const target = await this.target(actor, order);
    return this.act(actor, order, target, { revoke: true }, async () => {
      const revoke = revokeOrder(target);
      if (!target.fromMe) await this.requireAdmin(actor, target);
      return revoke;
    });
  }

  async react(actor: Actor, order: Order, emoji: string | null): Promise<Message> {
    const target = await this.target(actor, order);
    return this.act(actor, order, target, { emoji }, () => reactionOrder(target, emoji));
  }

  async pin(actor: Actor, order: Order, days: number | null): Promise<Message> {
    const target = await this.target(actor, order);
    const seconds = days === null ? null : days * DAY_SECONDS;
    return this.act(actor, order, target, { pin: days }, () => pinOrder(target, seconds));
  }

  async vote(actor: Actor, order: Order, options: string[]): Promise<Message> {
    const poll = await this.targets.getStored(actor, order.sessionId, order.messageId);
    return this.act(actor, order, poll, { options }, async () =>
      voteOrder(poll, await this.account(actor, order), options),
    );
  }

  async respond(actor: Actor, order: Order, response: { answer: EventAnswer; extraGuests: number }): Promise<Message> {
    const event = await this.targets.getStored(actor, order.sessionId, order.messageId);
    return this.act(actor, order, event, response, async () =>
      eventOrder(event, await this.account(actor, order), response),
    );
  }

  private target(actor: Actor, { sessionId, messageId, key = {} }: Order): Promise<MessageTarget> {
    return this.targets.get(actor, sessionId, messageId, key);
  }

  private async act(
    actor: Actor,
    { sessionId, idempotencyKey, wait }: Order,
    target: MessageTarget,
    request: object,
    compose: () => ActionOrder | Promise<ActionOrder>,
  ): Promise<Message> {
    const { chatId, messageId } = target;
    // By WhatsApp's id: a repeat is the same one, even if the message has been stored in between.
    const idempotent = { idempotencyKey, request: { target: messageId, chatId, ...request } };
    const message = await this.acceptance.accept(actor, sessionId, idempotent, async () => {
      const { action, proto } = await compose();
      const { kind: type, ...content } = action;
      return { chatId, type, text: null, content, context: null, targetId: targetIdOf(target), proto };
    });
    return wait ? (await this.messages.settle(message)).message : message;
  }

  private async withEverybody(actor: Actor, { sessionId, chatId }: MessageTarget, words: NewWords): Promise<NewWords> {
    if (!words.mentionAll) return words;
    if (!chatId.endsWith('@g.us'))
      throw invalid('message.option-refused', '/mentionAll', 'The option mentionAll is possible in groups alone.');
    const everybody = await this.lookups.everybodyIn(actor, sessionId, chatId);
    return { ...words, mentions: [...new Set([...(words.mentions ?? []), ...everybody])] };
  }

  private async account(actor: Actor, { sessionId }: Order): Promise<{ waId: string; lid: string | null }> {
    const { waId, lid } = await this.sessions.get(actor, sessionId);
    return { waId: waId ?? '', lid };
  }

  private async requireAdmin(actor: Actor, { sessionId, chatId }: MessageTarget): Promise<void> {
    const kind = chatKindOf(chatId);
    if (kind !== 'group' && kind !== 'newsletter')
      throw conflict('message.not-own', 'Only own messages can be deleted for everybody; others only for oneself.');
    if (await this.commands.run(actor, sessionId, isAdmin, { chatId })) return;
    const code = kind === 'group' ? 'group.not-admin' : 'newsletter.forbidden';
    throw new AppError('forbidden', code, `Only admins of the ${kind} delete what others wrote.`);
  }
}
