import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import type { InboundAction } from '@app/whatsapp/map/inbound-message.js';
import type { EntityManager } from 'typeorm';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { ChatTimersService } from './chat-timers.service.js';

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
  /** What goes along with it, where that is known. */
  context?: Message['context'];
  /** What the sender calls themselves, where the message says so. */
  senderName?: string | null;
};

/** Something that follows from messages and must be stored together with them. */
export type MessageProjection = (tx: EntityManager, messages: SeenMessage[]) => Promise<void>;

/** The session that something happened in. */
export type ActingSession = Pick<LiveSession, 'tenantId' | 'sessionId' | 'account'>;

/** Something that was done with a message by a contact, or on another device of the account. */
export interface SeenAction {
  session: ActingSession;
  inbound: InboundAction;
}

/** Something that was done with a message from here, once WhatsApp has it. */
export interface TakenAction {
  session: ActingSession;
  /** The action as a message of its own. */
  message: Pick<Message, 'id' | 'messageId' | 'chatId' | 'type' | 'content' | 'targetId'>;
  at: Date;
}

/** A message that came in and that actions wait for. */
export interface AwaitedMessage {
  session: ActingSession;
  messageId: string;
}

/** Messages of others were marked as read from here; resolves when that shows. */
export type ReadListener = (session: ActingSession, messageIds: string[]) => Promise<void>;

/** Whoever applies what is done with messages, in the transaction that learns of it; answers the events that tell. */
export interface ActionHandler {
  seen(tx: EntityManager, actions: SeenAction[]): Promise<NewEvent[]>;
  taken(tx: EntityManager, actions: TakenAction[]): Promise<NewEvent[]>;
  arrived(tx: EntityManager, messages: AwaitedMessage[]): Promise<NewEvent[]>;
  /** Addresses of people were learnt, or messages of the past stored, and are committed: what waits may be possible. */
  onAddresses(session: ActingSession): void;
}

const nobody: ActionHandler = {
  seen: async () => Promise.resolve([]),
  taken: async () => Promise.resolve([]),
  arrived: async () => Promise.resolve([]),
  onAddresses: () => undefined,
};

/** Where other features hang on to messages: each projection runs in the transaction that stores them, a batch at a time. */
@Injectable()
export class MessageProjectionsService {
  private readonly projections: MessageProjection[] = [];
  private handler = nobody;
  private readonly readers: ReadListener[] = [];

  constructor(readonly timers: ChatTimersService) {}

  register(projection: MessageProjection): void {
    this.projections.push(projection);
  }

  onRead(listener: ReadListener): void {
    this.readers.push(listener);
  }

  /** To be called when WhatsApp knows that messages of others, by its ids, were read. */
  async read(session: ActingSession, messageIds: string[]): Promise<void> {
    for (const reader of this.readers) await reader(session, messageIds);
  }

  registerActions(handler: ActionHandler): void {
    this.handler = handler;
  }

  get actions(): ActionHandler {
    return this.handler;
  }

  async run(tx: EntityManager, messages: SeenMessage[]): Promise<void> {
    if (!messages.length) return;
    for (const projection of this.projections) await projection(tx, messages);
  }
}
