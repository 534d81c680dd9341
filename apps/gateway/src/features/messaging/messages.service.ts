import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import { Config } from '@app/platform/config/config.js';
import { conflict, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { newMessageId, textMessage } from '@app/whatsapp/api/messages.js';
import { LessThan } from 'typeorm';
import { SessionTrafficService } from '../sessions/session-traffic.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { MessageSenderService } from './message-sender.service.js';
import { MessageStatusesService } from './message-statuses.service.js';
import { MessageStoreService, type NewMessage } from './message-store.service.js';

const POLL_MS = 1_000;

export interface TextToSend {
  to: string;
  text: string;
  /** Same key and same content: the same message. Same key, other content: a conflict. */
  idempotencyKey?: string;
}

interface Claim {
  tenantId: string;
  sessionId: string;
  idempotencyKey: string;
  requestHash: Buffer;
}

export interface SentMessage {
  message: Message;
  isSettled: boolean;
}

/** Sending, and looking messages up. */
@Injectable()
export class MessagesService implements OnApplicationShutdown {
  private readonly writes = new GroupCommit<NewMessage, boolean>((batch) => this.insert(batch));

  constructor(
    private readonly sessions: SessionsService,
    private readonly traffic: SessionTrafficService,
    private readonly store: MessageStoreService,
    private readonly sender: MessageSenderService,
    private readonly statuses: MessageStatusesService,
    private readonly config: Config,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
  }

  /**
   * Accepts a text: it is stored under its final WhatsApp id before anything is sent. With `wait` the answer comes once
   * WhatsApp took or refused it (`isSettled`), or when that takes too long.
   */
  async sendText(actor: Actor, sessionId: string, content: TextToSend, wait: boolean): Promise<SentMessage> {
    const message = await this.accept(actor, sessionId, content);
    if (!wait) return { message, isSettled: false };
    return this.settle(actor, message);
  }

  async get(actor: Actor, sessionId: string, id: string): Promise<Message> {
    await this.sessions.get(actor, sessionId);
    const message = await this.store.messages.findOneBy({ id, sessionId, tenantId: actor.tenantId });
    if (!message) throw notFound('message', id);
    return message;
  }

  /** The newest first. */
  async list(actor: Actor, sessionId: string, query: PageQuery & { chatId?: string }): Promise<Page<Message>> {
    await this.sessions.get(actor, sessionId);
    const [before] = decodeCursor(query.cursor) ?? [];
    const rows = await this.store.messages.find({
      where: {
        tenantId: actor.tenantId,
        sessionId,
        ...(query.chatId !== undefined && { chatId: query.chatId }),
        ...(before !== undefined && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: query.limit + 1,
    });
    return toPage(rows, query.limit, ({ id }) => id);
  }

  private async accept(actor: Actor, sessionId: string, { to, text, idempotencyKey }: TextToSend): Promise<Message> {
    const { tenantId } = actor;
    const requestHash = hash({ to, type: 'text', text });
    const claim = idempotencyKey === undefined ? null : { tenantId, sessionId, idempotencyKey, requestHash };
    const senderId = await this.sendingAccount(actor, sessionId).catch((error: unknown) => error as Error);
    if (senderId instanceof Error) {
      // A retry gets the answer of the first try, whatever has become of the session since.
      const known = claim && (await this.claimed(claim));
      if (known) return known;
      throw senderId;
    }
    const message: NewMessage = {
      id: newId('message'),
      tenantId,
      sessionId,
      chatId: to,
      messageId: newMessageId(),
      senderId,
      fromMe: true,
      type: 'text',
      text,
      status: 'pending',
      proto: await textMessage(text),
      timestamp: new Date(),
      ...claim,
    };
    const isNew = await this.writes.add(message);
    const known = !isNew && claim ? await this.claimed(claim) : null;
    // Not new and not claimed by another: it was stored, only the database's answer got lost.
    if (!known || known.id === message.id) await this.sender.handOver(message);
    else if (known.status === 'pending') await this.sender.nudge(sessionId);
    return known ?? accepted(message);
  }

  private async settle(actor: Actor, { sessionId, id }: Message): Promise<SentMessage> {
    const deadline = Date.now() + this.config.sendAckTimeoutMs;
    for (;;) {
      const changed = this.statuses.change(id, Math.min(POLL_MS, Math.max(1, deadline - Date.now())));
      const message = await this.get(actor, sessionId, id);
      const isSettled = !['pending', 'sent'].includes(message.status);
      if (isSettled || Date.now() >= deadline) return { message, isSettled };
      await changed;
    }
  }

  /** waId of the account that sends. The live session of this process spares the database a question. */
  private async sendingAccount(actor: Actor, sessionId: string): Promise<string> {
    const live = this.traffic.find(sessionId);
    if (live?.connection && live.tenantId === actor.tenantId) return live.account.waId;
    const { waId, desiredState } = await this.sessions.get(actor, sessionId);
    if (waId === null) throw conflict('session.not-linked', 'The session is not linked to a WhatsApp account.');
    if (desiredState !== 'started') throw conflict('session.not-started', 'The session is stopped; start it first.');
    return waId;
  }

  private async insert(batch: NewMessage[]): Promise<boolean[]> {
    const stored = await this.store.insert(this.store.messages.manager, batch);
    return batch.map(({ id }) => stored.has(id));
  }

  /** The message that an Idempotency-Key belongs to. Throws `idempotency.key-reused` when it is another one. */
  private async claimed({ requestHash, ...where }: Claim): Promise<Message | null> {
    const known = await this.store.messages.findOneBy(where);
    if (!known) return null;
    const { requestHash: knownHash } = await this.store.messages.findOneOrFail({
      select: { requestHash: true },
      where,
    });
    if (knownHash?.equals(requestHash)) return known;
    throw conflict('idempotency.key-reused', 'This Idempotency-Key belongs to another message.');
  }
}

const hash = (value: object): Buffer => createHash('sha256').update(JSON.stringify(value)).digest();

/** The row as it was just stored, without reading it again. */
function accepted(message: NewMessage): Message {
  const now = new Date();
  return {
    ...message,
    errorCode: null,
    timeline: [{ status: message.status, at: now.toISOString() }],
    idempotencyKey: null,
    requestHash: null,
    sentAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
