import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isWanted, type EventFilter } from './event-filter.js';
import { EventLogService, type LoggedEvent } from './event-log.service.js';
import type { LogPosition } from './log-position.js';
import { RecentEvents } from './recent-events.js';

const POLL_MS = 100;
const AFTER_FAILURE_MS = 1000;
/** Most events of a tenant that one look at the log reads. */
const NEWS = 250;
const PAGE = 200;

interface Follower {
  tenantId: string;
  filter: EventFilter;
  after: LogPosition;
}

export interface FollowedEvents {
  events: LoggedEvent[];
  /** Nothing that is wanted is between these events and there. */
  end: LogPosition;
}

/**
 * Follows the log for everybody who listens to this process. One look at the log serves all of them, and only while there
 * are any. Each follower takes events when it is ready for them: who is slow reads them from the log, nobody's are
 * kept for them here. Events come once and in the order of the log, whichever process has written them.
 */
@Injectable()
export class EventFeedService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EventFeedService.name);
  private readonly tenants = new Map<string, { recent: RecentEvents; followers: number }>();
  private readonly stopping = new AbortController();
  private polling: Promise<void> | null = null;

  constructor(private readonly log: EventLogService) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.polling;
  }

  /** Aborted when this process goes down. */
  get ending(): AbortSignal {
    return this.stopping.signal;
  }

  /** Goes on until `signal` ends it, or the process ends. */
  async *follow({ tenantId, filter, after }: Follower, signal: AbortSignal): AsyncGenerator<FollowedEvents> {
    const end = AbortSignal.any([signal, this.ending]);
    const recent = this.join(tenantId);
    try {
      for (let place = after; !end.aborted;) {
        const news = recent.after(place);
        const read = news ? { events: news, end: news.at(-1) ?? place, isLast: true } : null;
        const page = read ?? (await this.log.read(tenantId, filter, place, PAGE));
        const events = read ? page.events.filter((event) => isWanted(event, filter)) : page.events;
        place = page.end;
        if (events.length) yield { events, end: place };
        // Asked again: more may have come while the follower was busy.
        else if (page.isLast && (recent.end === null || recent.after(place)?.length === 0)) await recent.more(end);
      }
    } finally {
      this.leave(tenantId);
    }
  }

  private join(tenantId: string): RecentEvents {
    const known = this.tenants.get(tenantId) ?? { recent: new RecentEvents(), followers: 0 };
    known.followers += 1;
    this.tenants.set(tenantId, known);
    this.start();
    return known.recent;
  }

  private start(): void {
    this.polling ??= this.poll().finally(() => {
      this.polling = null;
      // Somebody may have come while it ended.
      if (this.tenants.size && !this.ending.aborted) this.start();
    });
  }

  private leave(tenantId: string): void {
    const known = this.tenants.get(tenantId);
    if (!known) return;
    known.followers -= 1;
    if (known.followers === 0) this.tenants.delete(tenantId);
  }

  private async poll(): Promise<void> {
    while (this.tenants.size && !this.ending.aborted) {
      const pause = await this.look().catch((error: unknown) => {
        this.logger.warn(`the log could not be read: ${(error as Error).message}`);
        return AFTER_FAILURE_MS;
      });
      if (pause) await sleep(pause, undefined, { signal: this.ending }).catch(() => undefined);
    }
  }

  /** Answers how long to wait before the next look. */
  private async look(): Promise<number> {
    const followed = [...this.tenants.values()].map(({ recent }) => recent);
    const tenantIds = [...this.tenants.keys()];
    const newest = followed.some(({ end }) => end === null) ? await this.log.newest() : null;
    const places = new Map<string, LogPosition>();
    followed.forEach((recent, index) => {
      const place = recent.end ?? newest;
      if (place) places.set(tenantIds[index] ?? '', place);
    });
    const { events, seen } = await this.log.news(places, NEWS);
    let isBehind = false;
    followed.forEach((recent, index) => {
      const tenantId = tenantIds[index] ?? '';
      const news = events.get(tenantId) ?? [];
      const isFull = news.length === NEWS;
      if (recent.end === null) recent.add([], places.get(tenantId) ?? seen);
      recent.add(news, isFull ? (news.at(-1) ?? seen) : seen);
      isBehind ||= isFull;
    });
    return isBehind ? 0 : POLL_MS;
  }
}
