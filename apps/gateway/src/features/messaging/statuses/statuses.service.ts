import { Injectable } from '@nestjs/common';
import type { Message } from '@app/database/entities/message.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { ContactPeopleService } from '../../contacts/contact-people.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { MessageDetailsService } from '../actions/message-details.service.js';
import { MessageListService } from '../message-list.service.js';
import { STATUS } from '../message-options.js';
import { MessageStoreService } from '../message-store.service.js';
import { MessagesService } from '../messages.service.js';
import { POSTERS } from './statuses.queries.js';

/** For so long WhatsApp shows a status. */
const SHOWN_MS = 86_400_000;

export interface StatusFilter {
  senderId?: string;
  fromMe?: boolean;
  /** Written at this time or later; within the last day unless told otherwise. */
  from?: Date;
}

/** Somebody with statuses. */
export interface Poster {
  person: WaPerson;
  fromMe: boolean;
  count: number;
  latestAt: Date;
}

/** Somebody who looked at a status. */
export interface StatusView {
  viewer: Omit<WaPerson, 'name'>;
  at: Date;
}

interface PosterRow extends Omit<Poster, 'person'> {
  senderId: string;
  latestKey: string;
  contactName: string | null;
  ownName: string | null;
}

/** Statuses as they are looked at: messages of a chat of their own. */
@Injectable()
export class StatusesService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly lists: MessageListService,
    private readonly messages: MessagesService,
    private readonly details: MessageDetailsService,
    private readonly people: ContactPeopleService,
    private readonly store: MessageStoreService,
  ) {}

  /** The newest first. */
  list(actor: Actor, sessionId: string, query: PageQuery & StatusFilter): Promise<Page<Message>> {
    const { from = since(), ...rest } = query;
    return this.lists.list(actor, sessionId, { ...rest, from, chatId: STATUS });
  }

  /** Who has statuses that are shown now; who posted last comes first. */
  async posters(actor: Actor, sessionId: string, { limit, cursor }: PageQuery): Promise<Page<Poster>> {
    await this.sessions.get(actor, sessionId);
    const [at = null, senderId = null] = decodeCursor(cursor, 2) ?? [];
    const values = [sessionId, since(), at, senderId, limit + 1];
    const rows = await runPrepared<PosterRow>(this.store.messages.manager, POSTERS, values);
    const page = toPage(rows, limit, ({ latestKey, senderId: id }) => [latestKey, id]);
    const ids = page.items.map(({ senderId: id }) => id);
    const people = await this.people.find(actor, sessionId, ids);
    const items = page.items.map(({ contactName, ownName, fromMe, count, latestAt }, i): Poster => {
      const { waId, phone, lid } = people[i] ?? { waId: ids[i] ?? '', phone: null, lid: null };
      return { person: { waId, phone, lid, name: contactName ?? ownName }, fromMe, count, latestAt };
    });
    return { ...page, items };
  }

  /** Who looked at a status of the account. Throws `status.not-found`, `message.not-own`. */
  async views(actor: Actor, sessionId: string, id: string): Promise<StatusView[]> {
    await this.mustBeStatus(actor, sessionId, id);
    const receipts = await this.details.receipts(actor, sessionId, id);
    const seen = receipts.flatMap(({ recipientId, readAt, playedAt }) => {
      const at = readAt ?? playedAt;
      return at ? [{ recipientId, at }] : [];
    });
    const viewers = await this.people.find(
      actor,
      sessionId,
      seen.map(({ recipientId }) => recipientId),
    );
    return seen.flatMap(({ at }, i) => (viewers[i] ? [{ viewer: viewers[i], at }] : []));
  }

  /** Throws `status.not-found`. */
  async mustBeStatus(actor: Actor, sessionId: string, id: string): Promise<void> {
    const { chatId } = await this.messages.get(actor, sessionId, id);
    if (chatId !== STATUS) throw notFound('status', id);
  }
}

const since = () => new Date(Date.now() - SHOWN_MS);
