import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict, invalid } from '@app/platform/errors/app-error.js';
import type { DeleteAction, StarAction } from '@app/platform/events/message-action.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import type { ConfirmedMessage, Confirmation, MarkedMessage } from '@app/whatsapp/api/message-marks.js';
import type { MessageMark, WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { type ActingSession, MessageProjectionsService } from '../message-projections.service.js';
import { type GivenKey, type MessageTarget, MessageTargetsService } from '../message-targets.service.js';
import { command, SessionCommandsService } from '../../sessions/session-commands.service.js';
import { type LiveSession, SessionTrafficService } from '../../sessions/session-traffic.service.js';
import { senderNeeded } from './action-orders.js';
import { IncomingActionsService } from './incoming-actions.service.js';

/** Whether the account is an admin of a group or newsletter. */
export const isAdmin = command<{ chatId: string }, boolean>('messages.is-admin');
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
    private readonly targets: MessageTargetsService,
    private readonly incoming: IncomingActionsService,
    private readonly projections: MessageProjectionsService,
  ) {}

  onModuleInit(): void {
    this.traffic.register({
      onUpdate: (session, update) => this.onUpdate(session, update),
      onReady: (session) => this.incoming.onAddresses(session),
    });
    this.commands.on(isAdmin, ({ marks, newsletters }, { chatId }) =>
      chatKindOf(chatId) === 'newsletter' ? newsletters.isAdmin(chatId) : marks.isAdmin(chatId),
    );
    this.commands.on(confirm, async ({ marks }, { messages, as }, session) => {
      await marks.confirm(messages, as);
      await this.projections.read(
        session,
        messages.map(({ messageId }) => messageId),
      );
    });
    this.commands.on(star, async ({ marks }, { isStarred, ...message }, session) => {
      const written = await marks.star(message, isStarred);
      await this.apply(session, { ...message, action: { kind: 'star', isStarred } });
      written.stored();
    });
    this.commands.on(deleteForMe, async ({ marks }, { timestamp, ...message }, session) => {
      const written = await marks.deleteForMe(message, new Date(timestamp));
      await this.apply(session, { ...message, action: { kind: 'delete' } });
      written.stored();
    });
  }

  async star(actor: Actor, sessionId: string, id: string, key: GivenKey, isStarred: boolean): Promise<void> {
    const message = await this.targets.get(actor, sessionId, id, key);
    await this.commands.run(actor, sessionId, star, { ...markOf(message), isStarred });
  }

  /** Deletes a message on all devices of this account, and what it said here. */
  async deleteForMe(actor: Actor, sessionId: string, id: string, key: GivenKey): Promise<void> {
    const message = await this.targets.get(actor, sessionId, id, key);
    if (!message.timestamp)
      throw invalid('message.key-incomplete', '/timestamp', 'must be given for a message that is not stored');
    const timestamp = message.timestamp.toISOString();
    await this.commands.run(actor, sessionId, deleteForMe, { ...markOf(message), timestamp });
  }

  /** Tells the senders that their messages were read or played. */
  async confirm(actor: Actor, sessionId: string, ids: string[], key: GivenKey, as: Confirmation): Promise<void> {
    const messages = await this.targets.getAll(actor, sessionId, ids, key);
    if (messages.some(({ fromMe }) => fromMe))
      throw conflict('message.not-received', 'Only messages of others can be marked as read or played.');
    const confirmed = messages.map(({ chatId, messageId, senderId, authorAddress }) => ({
      chatId,
      messageId,
      author: authorAddress ?? senderId ?? senderNeeded(),
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
    if (update.kind !== 'settings' || !update.marks.length) return;
    const applied = Promise.all(update.marks.map((mark) => this.apply(session, mark)));
    applied.catch((error: unknown) =>
      this.logger.error('a star or deletion could not be stored', error instanceof Error ? error.stack : undefined),
    );
    update.storing(applied.then(() => undefined));
  }
}

const markOf = ({ chatId, messageId, fromMe }: MessageTarget): MarkedMessage => ({ chatId, messageId, fromMe });

/** In the place of an id: of several stars that wait for one message the last counts. */
const nameOf = ({ kind }: StarAction | DeleteAction) => kind;
