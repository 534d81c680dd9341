import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LabelAssignment } from '@app/database/entities/label-assignment.entity.js';
import { Label } from '@app/database/entities/label.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import type { Repository } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CHATS_OF_LABEL, LABELS_OF_CHATS, MESSAGES_OF_LABEL } from './labels.queries.js';

export type ShownLabel = Pick<Label, 'labelId' | 'name' | 'color' | 'changedAt'>;

/** What a label is on. */
export interface LabelledThing {
  chatId: string;
  /** WhatsApp's id; null when the label is on the chat. */
  messageId: string | null;
  at: Date;
}

/** The labels of sessions, as they are looked at. */
@Injectable()
export class LabelListService {
  constructor(
    @InjectRepository(Label) private readonly labels: Repository<Label>,
    @InjectRepository(LabelAssignment) private readonly assignments: Repository<LabelAssignment>,
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
  ) {}

  /** All that are not deleted: WhatsApp has few of them. */
  async list(actor: Actor, sessionId: string): Promise<ShownLabel[]> {
    await this.sessions.get(actor, sessionId);
    const { tenantId } = actor;
    return this.labels.find({ where: { tenantId, sessionId, isDeleted: false }, order: { name: 'ASC' } });
  }

  /** Throws `label.not-found`. */
  async get(actor: Actor, sessionId: string, labelId: string): Promise<ShownLabel> {
    await this.sessions.get(actor, sessionId);
    const where = { tenantId: actor.tenantId, sessionId, labelId, isDeleted: false };
    const label = await this.labels.findOneBy(where);
    if (!label) throw notFound('label', labelId);
    return label;
  }

  /** Every id that was ever used, with its name unless it is deleted. */
  async known(sessionId: string): Promise<Map<string, string | null>> {
    const rows = await this.labels.findBy({ sessionId });
    return new Map(rows.map(({ labelId, name, isDeleted }) => [labelId, isDeleted ? null : name]));
  }

  async chatsOf(actor: Actor, sessionId: string, labelId: string, query: PageQuery): Promise<Page<LabelledThing>> {
    await this.get(actor, sessionId, labelId);
    const [after = ''] = decodeCursor(query.cursor) ?? [];
    const values = [actor.tenantId, sessionId, labelId, after, query.limit + 1];
    const rows = await runPrepared<LabelledThing>(this.labels.manager, CHATS_OF_LABEL, values);
    return toPage(rows, query.limit, ({ chatId }) => chatId);
  }

  async messagesOf(actor: Actor, sessionId: string, labelId: string, query: PageQuery): Promise<Page<LabelledThing>> {
    await this.get(actor, sessionId, labelId);
    const [chatId = '', messageId = ''] = decodeCursor(query.cursor, 2) ?? [];
    const values = [actor.tenantId, sessionId, labelId, chatId, messageId, query.limit + 1];
    const rows = await runPrepared<LabelledThing>(this.assignments.manager, MESSAGES_OF_LABEL, values);
    return toPage(rows, query.limit, (row) => [row.chatId, row.messageId ?? '']);
  }

  /** The labels of a chat, whether the chat is known or not. */
  async ofChat(actor: Actor, sessionId: string, id: string): Promise<ShownLabel[]> {
    await this.sessions.get(actor, sessionId);
    const chatId = await this.identities.resolve(sessionId, id);
    return (await this.ofChats(sessionId, [chatId])).get(chatId) ?? [];
  }

  /** By chat; chats without labels are missing. */
  async ofChats(sessionId: string, chatIds: string[]): Promise<Map<string, ShownLabel[]>> {
    const found = new Map<string, ShownLabel[]>();
    if (!chatIds.length) return found;
    const values = [sessionId, chatIds];
    const rows = await runPrepared<ShownLabel & { chatId: string }>(this.labels.manager, LABELS_OF_CHATS, values);
    for (const { chatId, ...label } of rows) found.set(chatId, [...(found.get(chatId) ?? []), label]);
    return found;
  }
}
