import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { NewsletterFeatures } from '@app/platform/events/data/newsletter-data.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import type { NewsletterFacts } from '@app/whatsapp/map/newsletter.js';
import type { EntityManager } from 'typeorm';
import { NoticesService, type Scene, type SeenNotice } from '../messaging/notices.service.js';
import { follows, type Lesson, NewsletterStoreService } from './newsletter-store.service.js';
import { NewsletterTrafficService } from './newsletter-traffic.service.js';

/**
 * Tells what happens in newsletters, beside the posts, which are messages. Of what is stored it tells what is news:
 * WhatsApp may tell a device what that device has done itself.
 */
@Injectable()
export class NewsletterEventsService implements OnModuleInit {
  constructor(
    private readonly notices: NoticesService,
    private readonly store: NewsletterStoreService,
    private readonly traffic: NewsletterTrafficService,
  ) {}

  onModuleInit(): void {
    this.notices.on('newsletter-joined', (tx, notice) => this.join(tx, notice));
    this.notices.on('newsletter-left', (tx, notice) => this.leave(tx, notice));
    this.notices.on('newsletter-updated', (tx, notice) => this.update(tx, notice));
    this.notices.on('newsletter-muted', (tx, notice) => this.mute(tx, notice));
    this.notices.on('newsletter-role', (tx, notice) => this.giveRole(tx, notice));
    this.notices.on('newsletter-reaction', (_, notice) => {
      const { serverId, emoji, count } = notice.fact;
      return [{ ...scopeOf(notice), type: 'newsletter.reaction', data: { ...about(notice), serverId, emoji, count } }];
    });
    this.notices.on('newsletter-live', (_, notice) => [
      { ...scopeOf(notice), type: 'newsletter.live', data: { ...about(notice), posts: notice.fact.posts } },
    ]);
  }

  private async join(tx: EntityManager, notice: SeenNotice<'newsletter-joined'>): Promise<NewEvent[]> {
    const row = await this.store.lock(tx, scopeOf(notice), notice.chatId);
    this.traffic.completeSoon(notice.session.sessionId, notice.chatId);
    if (row && follows(row.role)) return [];
    const facts = { ...factsOf(notice, notice.fact.features), role: 'subscriber' as const };
    return this.store.learnIn(tx, scopeOf(notice), facts, { how: 'joined', at: notice.at });
  }

  private async leave(tx: EntityManager, notice: SeenNotice<'newsletter-left'>): Promise<NewEvent[]> {
    const { reason } = notice.fact;
    const facts = { ...factsOf(notice), role: 'guest' as const, ...(reason === 'deleted' && { state: 'deleted' }) };
    const learnt = await this.learn(tx, notice, facts, { how: 'changed', leaving: reason });
    return learnt ?? [{ ...scopeOf(notice), type: 'newsletter.left', data: { ...about(notice), reason } }];
  }

  private async update(tx: EntityManager, notice: SeenNotice<'newsletter-updated'>): Promise<NewEvent[]> {
    const { features } = notice.fact;
    const learnt = await this.learn(tx, notice, factsOf(notice, features), { how: 'changed' });
    if (!learnt) return [updated(notice, features)];
    if (features.picture !== 'changed') return learnt;
    // Where the new one is has to be asked.
    this.traffic.completeSoon(notice.session.sessionId, notice.chatId);
    const [news, ...others] = learnt;
    if (news?.type !== 'newsletter.updated') return [...learnt, updated(notice, { picture: 'changed' })];
    return [updated(notice, { ...news.data.changes, picture: 'changed' }), ...others];
  }

  private async mute(tx: EntityManager, notice: SeenNotice<'newsletter-muted'>): Promise<NewEvent[]> {
    const { isMuted } = notice.fact;
    const learnt = await this.learn(tx, notice, { ...factsOf(notice), isMuted }, { how: 'changed' });
    return learnt ?? [{ ...scopeOf(notice), type: 'newsletter.muted', data: { ...about(notice), isMuted } }];
  }

  private async giveRole(tx: EntityManager, notice: SeenNotice<'newsletter-role'>): Promise<NewEvent[]> {
    const { people, fact, session } = notice;
    const role = (['owner', 'admin', 'subscriber'] as const).find((known) => known === fact.role);
    if (role && people.some(({ waId }) => waId === session.account.waId))
      await this.learn(tx, notice, { ...factsOf(notice), role }, { how: 'changed' });
    return [updated(notice, {}, fact.role)];
  }

  /** Null for a newsletter that is not stored: there is nothing to compare with. */
  private async learn(
    tx: EntityManager,
    notice: Scene,
    facts: NewsletterFacts,
    lesson: Lesson,
  ): Promise<NewEvent[] | null> {
    if (!(await this.store.lock(tx, scopeOf(notice), notice.chatId))) return null;
    return this.store.learnIn(tx, scopeOf(notice), facts, { ...lesson, at: notice.at });
  }
}

function factsOf({ chatId }: Scene, features: NewsletterFeatures = {}): NewsletterFacts {
  const { picture, ...rest } = features;
  return { newsletterId: chatId, ...rest, ...(picture === 'removed' && { pictureUrl: null }) };
}

function updated(notice: Scene, changes: NewsletterFeatures, role?: string): NewEvent {
  const roles = role === undefined ? [] : notice.people.map((person) => ({ person, role }));
  return { ...scopeOf(notice), type: 'newsletter.updated', data: { ...about(notice), changes, roles } };
}

const scopeOf = ({ session: { tenantId, sessionId } }: Scene) => ({ tenantId, sessionId });

const about = ({ chatId, at }: Scene) => ({ chatId, at: at.toISOString() });
