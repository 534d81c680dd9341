import type { Actor } from '@app/platform/auth/actor.js';
import type { Page } from '@app/platform/http/page.js';
import { Injectable } from '@nestjs/common';
import { isOpen, toFilter, type EventFilter } from './event-filter.js';
import { EventLogService, type LoggedEvent } from './event-log.service.js';
import { EventViewsService } from './event-views.service.js';
import { cursorOf } from './log-position.js';

export interface EventsQuery extends Partial<EventFilter> {
  /** A cursor, the id of an event, or `now`; from the beginning without. */
  after?: string;
  limit: number;
}

@Injectable()
export class EventsService {
  constructor(
    private readonly log: EventLogService,
    private readonly views: EventViewsService,
  ) {}

  /** Unlike that of other lists, `nextCursor` is never null, since the log goes on growing. */
  async list(actor: Actor, { after, limit, ...wanted }: EventsQuery): Promise<Page<LoggedEvent>> {
    const { tenantId } = actor;
    const filter = await this.views.narrowed(actor, toFilter(wanted));
    const place = await this.views.placeOf(actor, after);
    if (!filter) return { items: [], nextCursor: cursorOf(tenantId, place) };
    const { events, end } = await this.log.read(tenantId, filter, place, limit);
    // The same as long as nothing comes; with a filter, what it has left out need not be read again.
    const next = isOpen(filter) ? (events.at(-1) ?? place) : end;
    return { items: events, nextCursor: cursorOf(tenantId, next) };
  }

  get(actor: Actor, id: string): Promise<LoggedEvent> {
    return this.views.get(actor, id);
  }
}
