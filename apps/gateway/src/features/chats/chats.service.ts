import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { containing } from '@app/database/containing.js';
import { Chat, type ChatKind } from '@app/database/entities/chat.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { phoneOf } from '@app/platform/ids/wa-id.js';
import { Repository } from 'typeorm';
import { type ChatMessage, ChatMessagesService } from '../messaging/chat-messages.service.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SELECT_CHATS } from './chats.queries.js';

/** A row of the list. */
type ListedChat = Pick<
  Chat,
  | 'chatId'
  | 'kind'
  | 'name'
  | 'lastMessageId'
  | 'lastMessageAt'
  | 'unreadCount'
  | 'isMarkedUnread'
  | 'isArchived'
  | 'pinnedAt'
  | 'isMuted'
  | 'mutedUntil'
  | 'disappearingSeconds'
  | 'isReadOnly'
  | 'isLocked'
  | 'hasMedia'
  | 'clearedAt'
  | 'deletedAt'
> & { pinKey: string; timeKey: string };

/** A chat with everything that is shown of it. */
export type ShownChat = Omit<ListedChat, 'pinKey' | 'timeKey'> & {
  phone: string | null;
  lid: string | null;
  lastMessage: ChatMessage | null;
};

export interface ChatFilter {
  isUnread?: boolean;
  isArchived?: boolean;
  isPinned?: boolean;
  hasMedia?: boolean;
  kind?: ChatKind;
  /** A part of the name or the number. */
  search?: string;
}

/** The chats of sessions, as they are looked at. */
@Injectable()
export class ChatsService {
  constructor(
    @InjectRepository(Chat) private readonly chats: Repository<Chat>,
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
    private readonly messages: ChatMessagesService,
  ) {}

  /** Pinned ones first, then by their last message; statuses only when asked for. */
  async list(actor: Actor, sessionId: string, query: PageQuery & ChatFilter): Promise<Page<ShownChat>> {
    await this.sessions.get(actor, sessionId);
    const { conditions, values } = conditionsOf(query);
    conditions.push('c.deleted_at IS NULL');
    const before = decodeCursor(query.cursor, 3);
    if (before) {
      const places = before.map((key) => `$${values.push(key) + 2}`);
      const types = ['timestamptz', 'timestamptz', 'text'];
      conditions.push(
        `(coalesce(c.pinned_at, '-infinity'), coalesce(c.last_message_at, '-infinity'), c.chat_id) < (${places.map((place, index) => `${place}::${types[index]}`).join(', ')})`,
      );
    }
    const rows = await this.select(actor, sessionId, conditions, values, query.limit + 1);
    const page = toPage(rows, query.limit, ({ pinKey, timeKey, chatId }) => [pinKey, timeKey, chatId]);
    return { ...page, items: await this.complete(sessionId, page.items) };
  }

  /** Throws `chat.not-found`. */
  async get(actor: Actor, sessionId: string, chatId: string): Promise<ShownChat> {
    const chat = await this.find(actor, sessionId, chatId);
    if (!chat || chat.deletedAt) throw notFound('chat', chatId);
    return chat;
  }

  /** A chat, listed or not: there may be a row of one in which nothing is, or nothing any more. */
  async find(actor: Actor, sessionId: string, chatId: string): Promise<ShownChat | null> {
    const resolved = await this.resolve(actor, sessionId, chatId);
    const rows = await this.select(actor, sessionId, ['c.chat_id = $3'], [resolved], 1);
    const [chat] = await this.complete(sessionId, rows);
    return chat ?? null;
  }

  /** The address under which a chat is kept, whether there is one or not. */
  async resolve(actor: Actor, sessionId: string, chatId: string): Promise<string> {
    await this.sessions.get(actor, sessionId);
    return this.identities.resolve(sessionId, chatId);
  }

  private select(
    { tenantId }: Actor,
    sessionId: string,
    conditions: string[],
    values: unknown[],
    limit: number,
  ): Promise<ListedChat[]> {
    const where = ['c.tenant_id = $1', 'c.session_id = $2', ...conditions].join(' AND ');
    const order = `coalesce(c.pinned_at, '-infinity') DESC, coalesce(c.last_message_at, '-infinity') DESC, c.chat_id DESC`;
    return this.chats.query(`${SELECT_CHATS} WHERE ${where} ORDER BY ${order} LIMIT ${limit}`, [
      tenantId,
      sessionId,
      ...values,
    ]);
  }

  private async complete(sessionId: string, rows: ListedChat[]): Promise<ShownChat[]> {
    const phones = rows.flatMap(({ chatId }) => phoneOf(chatId) ?? []);
    const lids = await this.identities.lidsOf(sessionId, phones);
    const last = await this.messages.find(
      sessionId,
      rows.flatMap(({ lastMessageId }) => lastMessageId ?? []),
    );
    return rows.map(({ pinKey: _pin, timeKey: _time, ...row }) => ({
      ...row,
      phone: phoneOf(row.chatId),
      lid: row.chatId.endsWith('@lid') ? row.chatId : (lids.get(row.chatId) ?? null),
      lastMessage: last.get(row.lastMessageId ?? '') ?? null,
    }));
  }
}

/** Values are counted from $3 on. */
function conditionsOf(filter: ChatFilter): { conditions: string[]; values: unknown[] } {
  const flags: [boolean | undefined, string][] = [
    [filter.isUnread, '(c.unread_count > 0 OR c.is_marked_unread)'],
    [filter.isArchived, 'c.is_archived'],
    [filter.isPinned, '(c.pinned_at IS NOT NULL)'],
    [filter.hasMedia, 'c.has_media'],
  ];
  const conditions = flags.flatMap(([wanted, claim]) =>
    wanted === undefined ? [] : [wanted ? claim : `NOT ${claim}`],
  );
  const values: unknown[] = [];
  if (filter.kind) conditions.push(`c.kind = $${values.push(filter.kind) + 2}`);
  else conditions.push("c.kind <> 'status'");
  if (filter.search !== undefined) {
    const place = `$${values.push(containing(filter.search)) + 2}`;
    const digits = filter.search.replace(/[\s()+.-]/g, '');
    const names = ['g.subject', 'c.name', 'w.name', 'w.push_name', 'w.verified_name'].map(
      (name) => `${name} ILIKE ${place}`,
    );
    if (/^\d+$/.test(digits)) names.push(`c.chat_id LIKE $${values.push(`%${digits}%`) + 2}`);
    conditions.push(`(${names.join(' OR ')})`);
  }
  return { conditions, values };
}
