import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict } from '@app/platform/errors/app-error.js';
import type { DeleteAction, StarAction } from '@app/platform/events/message-action.js';
import type { ConfirmedMessage, Confirmation, MarkedMessage } from '@app/whatsapp/api/message-marks.js';
import type { MessageMark, WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import type { ActingSession } from '../message-projections.service.js';
import { MessagesService } from '../messages.service.js';
import { command, SessionCommandsService } from '../../sessions/session-commands.service.js';
import { type LiveSession, SessionTrafficService } from '../../sessions/session-traffic.service.js';
import { IncomingActionsService } from './incoming-actions.service.js';

/** Whether the account is an admin of a group. */
export const isAdmin = command<{ groupId: string }, boolean>('messages.is-admin');
const star = command<MarkedMessage & { isStarred: boolean }>('messages.star');
const deleteForMe = command<MarkedMessage & { timestamp: string }>('messages.delete-for-me');
const confirm = command<{ messages: ConfirmedMessage[]; as: Confirmation }>('messages.confirm');

/** What this account does with messages for itself alone, here or on another device: stars, and deleting for oneself. */
@Injectable()
export class OwnMarksService implements OnModuleInit {
  private readonly logger = new Logger(OwnMarksService.name);

  constructor(
    private readonly traffic: SessionTrafficService,
    private readonly commands: SessionCommandsService,
    private readonly messages: MessagesService,
    private readonly incoming: IncomingActionsService,
  ) {}

  onModuleInit(): void {
    this.traffic.register({
      onUpdate: (session, update) => this.onUpdate(session, update),
      onReady: (session) => this.incoming.onAddresses(session),
    });
    this.commands.on(isAdmin, ({ marks }, { groupId }) => marks.isAdmin(groupId));
    this.commands.on(confirm, ({ marks }, { messages, as }) => marks.confirm(messages, as));
    this.commands.on(star, async ({ marks }, { isStarred, ...message }, session) => {
      const written = await marks.star(message, isStarred);
      await this.apply(session, { ...message, action: { kind: 'star', isStarred } });
      await written.stored();
    });
    this.commands.on(deleteForMe, async ({ marks }, { timestamp, ...message }, session) => {
      const written = await marks.deleteForMe(message, new Date(timestamp));
      await this.apply(session, { ...message, action: { kind: 'delete' } });
      await written.stored();
    });
  }

  async star(actor: Actor, sessionId: string, id: string, isStarred: boolean): Promise<void> {
    const message = await this.messages.getTarget(actor, sessionId, id);
    await this.commands.run(actor, sessionId, star, { ...markOf(message), isStarred });
  }

  /** Deletes a message on all devices of this account, and what it said here. */
  async deleteForMe(actor: Actor, sessionId: string, id: string): Promise<void> {
    const message = await this.messages.getTarget(actor, sessionId, id);
    const timestamp = message.timestamp.toISOString();
    await this.commands.run(actor, sessionId, deleteForMe, { ...markOf(message), timestamp });
  }

  /** Tells the senders that their messages were read or played. */
  async confirm(actor: Actor, sessionId: string, ids: string[], as: Confirmation): Promise<void> {
    const messages = await this.messages.getTargets(actor, sessionId, ids);
    if (messages.some(({ fromMe }) => fromMe))
      throw conflict('message.not-received', 'Only messages of others can be marked as read or played.');
    const confirmed = messages.map(({ chatId, messageId, senderId, authorAddress }) => ({
      chatId,
      messageId,
      author: authorAddress ?? senderId,
    }));
    await this.commands.run(actor, sessionId, confirm, { messages: confirmed, as });
  }

  /** Lets a mark take effect here. Resolves when it is committed. */
  private async apply(session: ActingSession, { chatId, messageId, action }: MessageMark): Promise<void> {
    await this.incoming.record({
      session,
      inbound: {
        kind: 'action',
        messageId: nameOf(action),
        chatId,
        sender: session.account,
        fromMe: true,
        timestamp: new Date(),
        proto: Buffer.alloc(0),
        targetMessageId: messageId,
        isByAdmin: false,
        action,
      },
    });
  }

  private onUpdate(session: LiveSession, update: WaUpdate): void {
    if (update.kind !== 'marks') return;
    for (const mark of update.marks)
      this.apply(session, mark).catch((error: unknown) =>
        this.logger.error('a star or deletion could not be stored', error instanceof Error ? error.stack : undefined),
      );
  }
}

const markOf = ({ chatId, messageId, fromMe }: Message): MarkedMessage => ({ chatId, messageId, fromMe });

/** In the place of an id: of several stars that wait for one message the last counts. */
const nameOf = ({ kind }: StarAction | DeleteAction) => kind;
