import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict } from '@app/platform/errors/app-error.js';
import { decodeCursor, encodeCursor, type Page } from '@app/platform/http/page.js';
import type { PostPage, PostUpdates } from '@app/whatsapp/api/newsletter-posts.js';
import type { NewsletterPost } from '@app/whatsapp/map/newsletter-post.js';
import { Not } from 'typeorm';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { NewsletterLiveService } from './newsletter-live.service.js';
import { NewsletterStoreService } from './newsletter-store.service.js';

interface Named {
  newsletterId: string;
}

const read = command<Named & PostPage, NewsletterPost[]>('newsletters.posts');
const readUpdates = command<Named & PostUpdates, NewsletterPost[]>('newsletters.post-updates');
const react = command<Named & { serverId: string; emoji: string | null }>('newsletters.react');
const markViewed = command<Named & { serverIds: string[] }>('newsletters.mark-viewed');
const watch = command<Named, number>('newsletters.watch');

/** As many of one session can be told of as they happen. */
const MOST_LIVE = 100;

/** The posts of newsletters as WhatsApp keeps them, and what readers do with them. */
@Injectable()
export class NewsletterPostsService implements OnModuleInit {
  constructor(
    private readonly sessions: SessionsService,
    private readonly store: NewsletterStoreService,
    private readonly live: NewsletterLiveService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(read, ({ newsletters }, { newsletterId, ...page }) => newsletters.posts.page(newsletterId, page));
    this.commands.on(readUpdates, ({ newsletters }, { newsletterId, ...span }) =>
      newsletters.posts.updates(newsletterId, span),
    );
    this.commands.on(react, ({ newsletters }, { newsletterId, serverId, emoji }) =>
      newsletters.posts.react(newsletterId, serverId, emoji),
    );
    this.commands.on(markViewed, ({ newsletters }, { newsletterId, serverIds }) =>
      newsletters.posts.markViewed(newsletterId, serverIds),
    );
    this.commands.on(watch, async (connection, { newsletterId }, session) => {
      const seconds = await this.live.watch(connection, session, newsletterId);
      const { affected } = await this.want({ sessionId: session.sessionId, newsletterId }, true);
      if (affected) return seconds;
      this.live.end(session.sessionId, newsletterId);
      throw conflict('newsletter.not-followed', 'Only of newsletters that the account follows this is told.');
    });
  }

  /** The newest first. */
  async list(
    actor: Actor,
    sessionId: string,
    newsletterId: string,
    query: { limit: number; cursor?: string; before?: string },
  ): Promise<Page<NewsletterPost>> {
    await this.sessions.get(actor, sessionId);
    const { limit } = query;
    const [before = query.before] = decodeCursor(query.cursor) ?? [];
    const posts = await this.commands.run(actor, sessionId, read, { newsletterId, limit, before });
    const [oldest] = posts;
    const nextCursor = oldest && posts.length >= limit ? encodeCursor(oldest.serverId) : null;
    return { items: posts.reverse(), nextCursor };
  }

  /** What is new or was changed; the oldest first, after a post or else the latest. */
  async updates(
    actor: Actor,
    sessionId: string,
    newsletterId: string,
    query: { limit: number; cursor?: string; after?: string; since?: Date },
  ): Promise<Page<NewsletterPost>> {
    await this.sessions.get(actor, sessionId);
    const { limit, since } = query;
    const [after = query.after] = decodeCursor(query.cursor) ?? [];
    const span = { limit, after, ...(since && { since: Math.floor(since.getTime() / 1000) }) };
    const items = await this.commands.run(actor, sessionId, readUpdates, { newsletterId, ...span });
    const last = items.at(-1);
    const hasMore = after !== undefined && last !== undefined && items.length >= limit;
    return { items, nextCursor: hasMore ? encodeCursor(last.serverId) : null };
  }

  /** Null takes the reaction back. */
  react(
    actor: Actor,
    sessionId: string,
    newsletterId: string,
    reaction: { serverId: string; emoji: string | null },
  ): Promise<void> {
    return this.commands.run(actor, sessionId, react, { newsletterId, ...reaction });
  }

  markViewed(actor: Actor, sessionId: string, newsletterId: string, serverIds: string[]): Promise<void> {
    return this.commands.run(actor, sessionId, markViewed, { newsletterId, serverIds });
  }

  /**
   * Has views and reactions told until that is ended, whatever happens in between; answers for how many seconds WhatsApp
   * tells before it is asked again.
   */
  async watch(actor: Actor, sessionId: string, newsletterId: string): Promise<number> {
    await this.sessions.get(actor, sessionId);
    const others = { sessionId, newsletterId: Not(newsletterId), wantsLive: true };
    if ((await this.store.newsletters.countBy(others)) >= MOST_LIVE)
      throw conflict('newsletter.too-many-live', `A session is told of ${MOST_LIVE} newsletters at most.`);
    return this.commands.run(actor, sessionId, watch, { newsletterId });
  }

  /** WhatsApp is not asked again, and soon tells no more. */
  async unwatch(actor: Actor, sessionId: string, newsletterId: string): Promise<void> {
    await this.sessions.get(actor, sessionId);
    await this.want({ sessionId, newsletterId }, false);
  }

  private want({ sessionId, newsletterId }: Named & { sessionId: string }, wantsLive: boolean) {
    return this.store.newsletters.update({ sessionId, newsletterId, role: Not('guest') }, { wantsLive });
  }
}
