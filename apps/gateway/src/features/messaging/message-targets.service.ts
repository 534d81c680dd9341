import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import { In, IsNull } from 'typeorm';
import { SessionsService } from '../sessions/sessions.service.js';
import { IdentitiesService } from './identities.service.js';
import { isWhatsAppId } from './message-ids.js';
import { MessageStoreService } from './message-store.service.js';

/** What the caller says of a message that is not stored, so that WhatsApp knows which it is. */
export interface GivenKey {
  chatId?: string;
  fromMe?: boolean;
  /** Who wrote it; a chat of two tells by itself. */
  senderId?: string;
  timestamp?: Date;
}

type Known = Pick<
  Message,
  'sessionId' | 'messageId' | 'chatId' | 'authorAddress' | 'fromMe' | 'status' | 'revokedAt' | 'content'
>;

/** A message that something is done with: a stored one, or one of which only the key is known. */
export type MessageTarget = Known & {
  /** Own id; null when it is not stored, like everything below that nobody told. */
  id: string | null;
  senderId: string | null;
  type: string | null;
  timestamp: Date | null;
  proto: Buffer | null;
};

/** Finds the messages that something is done with. */
@Injectable()
export class MessageTargetsService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly store: MessageStoreService,
    private readonly identities: IdentitiesService,
  ) {}

  /** A stored message, by our id or WhatsApp's, with its protobuf. Throws `message.not-found`. */
  async getStored(actor: Actor, sessionId: string, id: string): Promise<Message> {
    const message = await this.find(actor, sessionId, id);
    if (!message) throw notFound('message', id);
    return message;
  }

  /** The same, or the message that the key names when it is not stored. */
  async get(actor: Actor, sessionId: string, id: string, key: GivenKey): Promise<MessageTarget> {
    return (await this.find(actor, sessionId, id)) ?? this.named(actor, sessionId, id, key);
  }

  /** Several at once, in no order, without protobufs. Throws `message.not-found`. */
  async getAll(actor: Actor, sessionId: string, ids: string[], key: GivenKey): Promise<MessageTarget[]> {
    await this.sessions.get(actor, sessionId);
    const scope = { tenantId: actor.tenantId, sessionId, targetId: IsNull(), deletedAt: IsNull() };
    const stored = await this.store.messages.findBy([
      { ...scope, id: In(ids) },
      { ...scope, messageId: In(ids) },
    ]);
    const known = new Set(stored.flatMap(({ id, messageId }) => [id, messageId]));
    const targets: MessageTarget[] = [...stored];
    for (const id of new Set(ids)) if (!known.has(id)) targets.push(await this.named(actor, sessionId, id, key));
    return targets;
  }

  /** Null when it is not stored. Throws when it is no message, but something that was done with one. */
  private async find(actor: Actor, sessionId: string, id: string): Promise<Message | null> {
    const message = await this.store.findWithProto(actor.tenantId, sessionId, id);
    if (message && message.targetId !== null) throw notFound('message', id);
    if (!message) await this.sessions.get(actor, sessionId);
    return message;
  }

  private async named(actor: Actor, sessionId: string, messageId: string, key: GivenKey): Promise<MessageTarget> {
    if (key.chatId === undefined || !isWhatsAppId(messageId)) throw notFound('message', messageId);
    const { waId } = await this.sessions.get(actor, sessionId);
    const chatId = await this.identities.resolve(sessionId, key.chatId);
    const fromMe = key.fromMe ?? false;
    const other = chatKindOf(chatId) === 'person' ? chatId : (key.senderId ?? null);
    const senderId = fromMe ? waId : other;
    const authorAddress = fromMe || !other ? null : await this.addressIn(sessionId, chatId, other);
    const who = { sessionId, messageId, chatId, fromMe, senderId, authorAddress };
    const unknown = { id: null, type: null, content: null, proto: null, revokedAt: null };
    return { ...who, ...unknown, status: fromMe ? 'server_ack' : 'delivered', timestamp: key.timestamp ?? null };
  }

  /** As WhatsApp calls people in this chat, by LID or by number: the newest message of others there tells. */
  private async addressIn(sessionId: string, chatId: string, waId: string): Promise<string> {
    const newest = await this.store.messages.findOne({
      select: { senderId: true, authorAddress: true },
      where: { sessionId, chatId, fromMe: false, targetId: IsNull() },
      order: { id: 'DESC' },
    });
    const isByLid = (newest?.authorAddress ?? newest?.senderId ?? waId).endsWith('@lid');
    if (isByLid === waId.endsWith('@lid')) return waId;
    if (!isByLid) return this.identities.resolve(sessionId, waId);
    return (await this.identities.lidsOf(sessionId, [waId])).get(waId) ?? waId;
  }
}
