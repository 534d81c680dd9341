import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { NewsletterSync } from '@app/database/entities/newsletter-sync.entity.js';
import { WaNewsletter } from '@app/database/entities/wa-newsletter.entity.js';
import type { NewsletterFeatures, NewsletterLeaving } from '@app/platform/events/data/newsletter-data.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { NewsletterFacts } from '@app/whatsapp/map/newsletter.js';
import type { EntityManager, Repository } from 'typeorm';

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
  async learnIn(tx: EntityManager, owner: Owner, facts: NewsletterFacts, lesson: Lesson): Promise<NewEvent[]> {
    const { newsletterId } = facts;
    const isNew = follows(facts.role) && (await this.make(tx, owner, newsletterId));
    const row = await this.lock(tx, owner, newsletterId);
    if (!row) return [];
    const changes = changesOf(row, facts);
    if (!Object.keys(changes).length) return [];
    const isLive = changes.role === 'guest' && { wantsLive: false };
    await tx.update(WaNewsletter, { sessionId: owner.sessionId, newsletterId }, { ...changes, ...isLive });
    if (isNew && lesson.how !== 'joined') return [];
    return eventsOf({ owner, row, changes, lesson });
  }

  /** The row, if it is one of this session; nobody else changes it meanwhile. */
  lock(tx: EntityManager, { sessionId }: Owner, newsletterId: string): Promise<WaNewsletter | null> {
    return tx.findOne(WaNewsletter, { where: { sessionId, newsletterId }, lock: { mode: 'pessimistic_write' } });
  }

  private async make(tx: EntityManager, owner: Owner, newsletterId: string): Promise<boolean> {
    const { sessionId, tenantId } = owner;
    const insert = tx.createQueryBuilder().insert().into(WaNewsletter).values({ sessionId, tenantId, newsletterId });
    const made = await insert.orIgnore().returning(['newsletterId']).execute();
    return (made.raw as unknown[]).length > 0;
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
