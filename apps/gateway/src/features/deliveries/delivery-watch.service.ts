import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { OUTCOMES, OUTCOMES_WATCHED } from '@app/platform/events/channels.js';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { LoggedDelivery } from './deliveries.service.js';
import { DELIVERIES_BY_ID, EVENTS_SINCE } from './log/delivery-log.queries.js';
import { readOutcomes, WATCH_MS, type OutcomeNotice } from './outcome-notices.service.js';

const POLL_MS = 500;
/** Events become visible when they are committed, some time after the time they bear. */
const OVERLAP_MS = 2000;
const MOST_AT_ONCE = 500;

/** An event without its data. */
export interface SeenEvent {
  id: string;
  type: string;
  tenantId: string;
  sessionId: string | null;
  sequence: string | null;
  timestamp: Date;
}

/** What happens: an event was recorded, or a delivery was tried. */
export type Happening =
  | { kind: 'event'; event: SeenEvent }
  | { kind: 'delivery'; outcome: 'delivered' | 'failed' | 'dead'; delivery: LoggedDelivery };

export interface Watcher {
  see(happenings: Happening[]): void;
  /** The process ends. */
  end(): void;
}

/**
 * What happens right now in all processes, for whoever looks on. Asks the database only while somebody does. It is a view,
 * not a log: what comes too thick, or while the database is away, is left out.
 */
@Injectable()
export class DeliveryWatchService implements BeforeApplicationShutdown {
  private readonly log = new Logger(DeliveryWatchService.name);
  private readonly watchers = new Set<Watcher>();
  private readonly seen = new LRUCache<string, true>({ max: 20_000 });
  private isListening = false;
  private timer: NodeJS.Timeout | undefined;
  private notices: OutcomeNotice[] = [];
  private lastEvent = new Date(0);
  private announcedAt = 0;

  constructor(
    private readonly database: DataSource,
    private readonly presence: ProcessPresence,
  ) {}

  /** Until the answer is called. */
  async watch(watcher: Watcher): Promise<() => void> {
    if (!this.isListening) {
      this.isListening = true;
      await this.presence.announce();
      await this.presence.listen(OUTCOMES, (text) => {
        if (this.watchers.size) this.notices.push(...readOutcomes(text));
      });
    }
    this.watchers.add(watcher);
    if (this.watchers.size === 1) this.begin();
    await this.announce();
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) clearTimeout(this.timer);
    };
  }

  /** Before connections are waited for, or a stream would hold up the end. */
  beforeApplicationShutdown(): void {
    for (const watcher of this.watchers) watcher.end();
    this.watchers.clear();
    clearTimeout(this.timer);
  }

  private begin(): void {
    this.lastEvent = new Date();
    this.notices = [];
    const look = async () => {
      await this.look().catch((error: unknown) => this.log.debug(`nothing was seen: ${(error as Error).message}`));
      if (this.watchers.size) this.timer = setTimeout(() => void look(), POLL_MS).unref();
    };
    this.timer = setTimeout(() => void look(), POLL_MS).unref();
  }

  private async look(): Promise<void> {
    if (Date.now() - this.announcedAt > WATCH_MS / 3) await this.announce();
    const happenings = [...(await this.newEvents()), ...(await this.newOutcomes())];
    if (happenings.length) for (const watcher of this.watchers) watcher.see(happenings);
  }

  private async announce(): Promise<void> {
    this.announcedAt = Date.now();
    await this.database.query('SELECT pg_notify($1, $2)', [OUTCOMES_WATCHED, '']);
  }

  private async newEvents(): Promise<Happening[]> {
    const since = new Date(this.lastEvent.getTime() - OVERLAP_MS);
    const rows = await this.database.query<SeenEvent[]>(EVENTS_SINCE, [since, MOST_AT_ONCE]);
    const fresh = rows.filter(({ id }) => !this.seen.has(id));
    for (const { id } of fresh) this.seen.set(id, true);
    // A full page may hold nothing that is new: then it goes on behind it.
    const last = rows.at(-1)?.timestamp ?? this.lastEvent;
    this.lastEvent = rows.length === MOST_AT_ONCE ? new Date(last.getTime() + OVERLAP_MS) : last;
    return fresh.map((event) => ({ kind: 'event', event }));
  }

  private async newOutcomes(): Promise<Happening[]> {
    const notices = this.notices.splice(0).slice(-MOST_AT_ONCE);
    if (notices.length === 0) return [];
    const ids = notices.map(({ deliveryId }) => deliveryId);
    const rows = await this.database.query<LoggedDelivery[]>(DELIVERIES_BY_ID, [ids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return notices.flatMap(({ deliveryId, status }) => {
      const delivery = byId.get(deliveryId);
      const outcome = status === 'pending' ? 'failed' : status;
      return delivery ? [{ kind: 'delivery', outcome, delivery } as const] : [];
    });
  }
}
