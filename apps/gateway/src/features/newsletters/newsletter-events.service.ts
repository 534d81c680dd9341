import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { NewsletterFeatures } from '@app/platform/events/data/newsletter-data.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { NoticesService, type Scene } from '../messaging/notices.service.js';

/** Tells what happens in newsletters, beside the posts, which are messages. */
@Injectable()
export class NewsletterEventsService implements OnModuleInit {
  constructor(private readonly notices: NoticesService) {}

  onModuleInit(): void {
    this.notices.on('newsletter-joined', (_, notice) => [
      { ...scopeOf(notice), type: 'newsletter.joined', data: { ...about(notice), newsletter: notice.fact.features } },
    ]);
    this.notices.on('newsletter-left', (_, notice) => [
      { ...scopeOf(notice), type: 'newsletter.left', data: { ...about(notice), reason: notice.fact.reason } },
    ]);
    this.notices.on('newsletter-updated', (_, notice) => [updated(notice, notice.fact.features)]);
    this.notices.on('newsletter-role', (_, notice) => [updated(notice, {}, notice.fact.role)]);
    this.notices.on('newsletter-muted', (_, notice) => [
      { ...scopeOf(notice), type: 'newsletter.muted', data: { ...about(notice), isMuted: notice.fact.isMuted } },
    ]);
    this.notices.on('newsletter-reaction', (_, notice) => {
      const { serverId, emoji, count } = notice.fact;
      return [{ ...scopeOf(notice), type: 'newsletter.reaction', data: { ...about(notice), serverId, emoji, count } }];
    });
    this.notices.on('newsletter-live', (_, notice) => [
      { ...scopeOf(notice), type: 'newsletter.live', data: { ...about(notice), posts: notice.fact.posts } },
    ]);
  }
}

function updated(notice: Scene, changes: NewsletterFeatures, role?: string): NewEvent {
  const roles = role === undefined ? [] : notice.people.map((person) => ({ person, role }));
  return { ...scopeOf(notice), type: 'newsletter.updated', data: { ...about(notice), changes, roles } };
}

const scopeOf = ({ session: { tenantId, sessionId } }: Scene) => ({ tenantId, sessionId });

const about = ({ chatId, at }: Scene) => ({ chatId, at: at.toISOString() });
