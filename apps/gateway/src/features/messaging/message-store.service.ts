import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Message, type MessageContext, type MessageStatus } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { storableJson } from '@app/database/storable-json.js';
import { type EntityManager, type FindOptionsWhere, IsNull, type Repository } from 'typeorm';
import { CORRESPONDENTS, INSERT_MESSAGES, USED_CHATS } from './messages.queries.js';

const MOST_CORRESPONDENTS = 5000;

/** A message about to be stored. */
export interface NewMessage {
  id: string;
  tenantId: string;
  sessionId: string;
  chatId: string;
  messageId: string;
  senderId: string;
  /** See the entity. */
  authorAddress?: string | null;
  fromMe: boolean;
  type: string;
  text: string | null;
  content: object | null;
  context: MessageContext | null;
  /** The message that this one changes; see the entity. */
  targetId?: string;
  /** See the entity, like `typingSeconds`. */
  priority?: number;
  typingSeconds?: number;
  status: MessageStatus;
  proto: Buffer;
  timestamp: Date;
  idempotencyKey?: string;
  requestHash?: Buffer;
  awaitsFiles?: boolean;
  /** See the entity. */
  isQuiet?: boolean;
}

/** What became of a message that was stored. */
export interface StoredMessage {
  id: string;
  /** Another message of the chat, accepted before it, still has a file to be uploaded. */
  isBehindFile: boolean;
  /** Something that was done with it came before it, and waits. */
  isAwaited: boolean;
}

const columns: ((message: NewMessage) => unknown)[] = [
  ({ id }) => id,
  ({ tenantId }) => tenantId,
  ({ sessionId }) => sessionId,
  ({ chatId }) => chatId,
  ({ messageId }) => messageId,
  ({ senderId }) => senderId,
  ({ fromMe }) => fromMe,
  ({ type }) => type,
  // PostgreSQL's text can't hold NUL, and one such message would fail its whole batch.
  ({ text }) => text?.replaceAll('\0', '\ufffd') ?? null,
  ({ content }) => content && storableJson(content),
  ({ context }) => context && storableJson(context),
  ({ targetId }) => targetId ?? null,
  ({ status }) => status,
  () => new Date().toISOString(),
  ({ proto }) => proto,
  ({ timestamp }) => timestamp,
  ({ idempotencyKey }) => idempotencyKey ?? null,
  ({ requestHash }) => requestHash ?? null,
  ({ awaitsFiles }) => awaitsFiles ?? false,
  ({ priority }) => priority ?? null,
  ({ typingSeconds }) => typingSeconds ?? null,
  ({ authorAddress }) => authorAddress ?? null,
  ({ isQuiet }) => isQuiet ?? false,
];

/** The table of messages. */
@Injectable()
export class MessageStoreService {
  constructor(@InjectRepository(Message) readonly messages: Repository<Message>) {}

  /** Stores what is new and answers that, by id; a message that is there already is left alone. */
  async insert(tx: EntityManager, messages: NewMessage[]): Promise<Map<string, StoredMessage>> {
    if (!messages.length) return new Map();
    const values = columns.map((column) => messages.map(column));
    const rows = await runPrepared<StoredMessage>(tx, INSERT_MESSAGES, values);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** A message by our id or by WhatsApp's; none that was deleted here. */
  find(tenantId: string, sessionId: string, id: string): Promise<Message | null> {
    return this.messages.findOne({ where: this.byEither(tenantId, sessionId, id) });
  }

  /** The same with its protobuf. */
  findWithProto(tenantId: string, sessionId: string, id: string): Promise<Message | null> {
    return this.messages
      .createQueryBuilder('message')
      .addSelect('message.proto')
      .where(this.byEither(tenantId, sessionId, id))
      .getOne();
  }

  private byEither(tenantId: string, sessionId: string, id: string): FindOptionsWhere<Message>[] {
    const scope = { tenantId, sessionId, deletedAt: IsNull() };
    return [
      { ...scope, id },
      { ...scope, messageId: id },
    ];
  }

  /** Stores a message whose id its sender has chosen; null when the session has sent another one under it. */
  async insertUnique(message: NewMessage): Promise<StoredMessage | null> {
    const { sessionId, messageId } = message;
    return this.messages.manager.transaction(async (tx) => {
      // An index for this alone would cost every other message; the lock keeps two calls with one id apart.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${sessionId} ${messageId}`]);
      if (await tx.existsBy(Message, { sessionId, messageId, fromMe: true })) return null;
      return (await this.insert(tx, [message])).get(message.id) ?? null;
    });
  }

  /** Which of some addresses have messages. */
  async usedChatIds(sessionId: string, chatIds: string[]): Promise<string[]> {
    const rows = await runPrepared<{ chatId: string }>(this.messages.manager, USED_CHATS, [sessionId, chatIds]);
    return rows.map(({ chatId }) => chatId);
  }

  /** People this session has exchanged messages with. */
  async correspondents(sessionId: string): Promise<string[]> {
    const rows = await this.messages.query<{ chatId: string }[]>(CORRESPONDENTS, [sessionId, MOST_CORRESPONDENTS]);
    return rows.map(({ chatId }) => chatId);
  }

  /** The serialised protobuf of a message that this session sent. */
  async findSent(sessionId: string, messageId: string): Promise<Buffer | null> {
    const row = await this.messages.findOne({ select: { proto: true }, where: { sessionId, messageId, fromMe: true } });
    return row?.proto ?? null;
  }

  /** waIds of those who get a status that this session sent; what is done with it goes to the same people. */
  async findAudience(sessionId: string, messageId: string): Promise<string[]> {
    const select = { context: true, targetId: true } as const;
    const sent = await this.messages.findOne({ select, where: { sessionId, messageId, fromMe: true } });
    if (!sent?.targetId || sent.context?.audience) return sent?.context?.audience ?? [];
    const status = await this.messages.findOne({ select, where: { sessionId, id: sent.targetId } });
    return status?.context?.audience ?? [];
  }
}
