import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { runPrepared } from '@app/database/prepared.js';
import { storableJson } from '@app/database/storable-json.js';
import { NewsletterSync } from '@app/database/entities/newsletter-sync.entity.js';
import { WaNewsletter } from '@app/database/entities/wa-newsletter.entity.js';
import type { NewsletterFeatures, NewsletterLeaving } from '@app/platform/events/data/newsletter-data.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { NewsletterFacts } from '@app/whatsapp/map/newsletter.js';
import { type EntityManager, In, type Repository } from 'typeorm';
import { ADD_NEWSLETTERS, UPDATE_NEWSLETTERS } from './newsletters.queries.js';

/** The session whose account it is. */
export interface Owner {
  tenantId: string;
  sessionId: string;
}

/**
 * How something was learnt: the account joined just now; something was changed just now; or WhatsApp was asked how it is,
 * and only what is known to have been otherwise is news.
 */
export type Learnt = 'joined' | 'changed' | 'asked';

export interface Lesson {
  how: Learnt;
  at?: Date;
  leaving?: NewsletterLeaving;
}

type Columns = Pick<
  WaNewsletter,
  | 'name'
  | 'description'
  | 'inviteCode'
  | 'subscribers'
  | 'isVerified'
  | 'state'
  | 'role'
  | 'isMuted'
  | 'reactions'
  | 'pictureUrl'
  | 'foundedAt'
>;

const columns: (keyof Columns)[] = [
  'name',
  'description',
  'inviteCode',
  'subscribers',
  'isVerified',
  'state',
  'role',
  'isMuted',
  'reactions',
  'pictureUrl',
  'foundedAt',
];

/** Whether that is the role of somebody who follows it. */
export const follows = (role: WaNewsletter['role'] | undefined): boolean => role !== undefined && role !== 'guest';

/** The newsletters of accounts as they are known, wherever it was said, with the events that tell. Safe to repeat. */
@Injectable()
export class NewsletterStoreService {
  constructor(
    @InjectRepository(WaNewsletter) readonly newsletters: Repository<WaNewsletter>,
    @InjectRepository(NewsletterSync) readonly syncs: Repository<NewsletterSync>,
    private readonly outbox: Outbox,
  ) {}

  /** Stores what WhatsApp says and tells what is new in it. What the account does not follow is not stored. */
  async learn(owner: Owner, facts: NewsletterFacts, lesson: Lesson): Promise<void> {
    await this.newsletters.manager.transaction(async (tx) =>
      this.outbox.add(tx, await this.learnIn(tx, owner, facts, lesson)),
    );
  }

  /** The same; answers the events. */
  learnIn(tx: EntityManager, owner: Owner, facts: NewsletterFacts, lesson: Lesson): Promise<NewEvent[]> {
    return this.learnAll(tx, owner, [facts], lesson);
  }

  /** The same of many newsletters at once. */
  async learnAll(tx: EntityManager, owner: Owner, told: NewsletterFacts[], lesson: Lesson): Promise<NewEvent[]> {
    const made = await this.make(tx, owner, told);
    const rows = new Map((await this.lockAll(tx, owner, told)).map((row) => [row.newsletterId, row]));
    const news = told.flatMap((facts): Change[] => {
      const row = rows.get(facts.newsletterId);
      const changes = row && changesOf(row, facts);
      return row && changes && Object.keys(changes).length ? [{ owner, row, changes, lesson }] : [];
    });
    if (!news.length) return [];
    await runPrepared(tx, UPDATE_NEWSLETTERS, [owner.sessionId, storableJson(news.map(changed))]);
    const isNews = ({ row }: Change) => lesson.how === 'joined' || !made.has(row.newsletterId);
    return news.filter(isNews).flatMap(eventsOf);
  }

  /** The row, if it is one of this session; nobody else changes it meanwhile. */
  lock(tx: EntityManager, { sessionId }: Owner, newsletterId: string): Promise<WaNewsletter | null> {
    return tx.findOne(WaNewsletter, { where: { sessionId, newsletterId }, lock: { mode: 'pessimistic_write' } });
  }

  private lockAll(tx: EntityManager, { sessionId }: Owner, told: NewsletterFacts[]): Promise<WaNewsletter[]> {
    const newsletterId = In(told.map((facts) => facts.newsletterId));
    const order = { newsletterId: 'ASC' } as const;
    return tx.find(WaNewsletter, { where: { sessionId, newsletterId }, order, lock: { mode: 'pessimistic_write' } });
  }

  /** Makes rows for those that are followed and have none; answers which. */
  private async make(tx: EntityManager, owner: Owner, told: NewsletterFacts[]): Promise<Set<string>> {
    const followed = told.flatMap(({ role, newsletterId }) => (follows(role) ? [newsletterId] : []));
    if (!followed.length) return new Set();
    const values = [owner.sessionId, owner.tenantId, followed.sort()];
    const made = await runPrepared<{ newsletterId: string }>(tx, ADD_NEWSLETTERS, values);
    return new Set(made.map(({ newsletterId }) => newsletterId));
  }
}

function changesOf(row: WaNewsletter, facts: NewsletterFacts): Partial<Columns> {
  const { foundedAt, ...others } = facts;
  const told: Partial<Columns> = { ...others, ...(foundedAt !== undefined && { foundedAt: new Date(foundedAt) }) };
  const changed = columns.filter((name) => told[name] !== undefined && !isSame(told[name], row[name]));
  return Object.fromEntries(changed.map((name) => [name, tidy(told[name])]));
}

const isSame = (one: unknown, other: unknown) =>
  one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : tidy(one) === other;

/** PostgreSQL's texts hold no NUL. */
const tidy = (value: unknown) => (typeof value === 'string' ? value.replaceAll('\0', '') : value);

interface Change {
  owner: Owner;
  /** As it was. */
  row: WaNewsletter;
  changes: Partial<Columns>;
  lesson: Lesson;
}

/** The row as it is from now on. */
function changed({ row, changes }: Change): Partial<WaNewsletter> {
  const { newsletterId, wantsLive, ...known } = { ...row, ...changes };
  const told = Object.fromEntries(columns.map((name) => [name, known[name]]));
  return { newsletterId, ...told, wantsLive: wantsLive && changes.role !== 'guest' };
}

function eventsOf({ owner, row, changes, lesson }: Change): NewEvent[] {
  const { how, at = new Date(), leaving = 'left' } = lesson;
  const scope = { tenantId: owner.tenantId, sessionId: owner.sessionId };
  const about = { chatId: row.newsletterId, at: at.toISOString() };
  const wasFollowed = follows(row.role);
  const isFollowed = follows(changes.role ?? row.role);
  if (!wasFollowed && isFollowed)
    return [{ ...scope, type: 'newsletter.joined', data: { ...about, newsletter: featuresOf(changes) } }];
  if (wasFollowed && !isFollowed) return [{ ...scope, type: 'newsletter.left', data: { ...about, reason: leaving } }];
  const isNews = (name: keyof Columns) => how === 'changed' || row[name] !== null;
  const news = Object.fromEntries(Object.entries(changes).filter(([name]) => isNews(name as keyof Columns)));
  const { isMuted, ...rest } = news as Partial<Columns>;
  const features = featuresOf(rest);
  return [
    ...(Object.keys(features).length
      ? [{ ...scope, type: 'newsletter.updated' as const, data: { ...about, changes: features, roles: [] } }]
      : []),
    ...(typeof isMuted === 'boolean'
      ? [{ ...scope, type: 'newsletter.muted' as const, data: { ...about, isMuted } }]
      : []),
  ];
}

/** What events tell of it. */
function featuresOf({ name, description, reactions, state, pictureUrl }: Partial<Columns>): NewsletterFeatures {
  return {
    ...(name && { name }),
    ...(typeof description === 'string' && { description }),
    ...(pictureUrl !== undefined && { picture: pictureUrl === null ? 'removed' : 'changed' }),
    ...(reactions && { reactions }),
    ...(state && { state }),
  };
}
