import type { Actor } from '@app/platform/auth/actor.js';
import type { Page } from '@app/platform/http/page.js';
import { Injectable } from '@nestjs/common';
import { isOpen, toFilter, type EventFilter } from './event-filter.js';
import { EventLogService, type LoggedEvent } from './event-log.service.js';
import { cursorOf } from './log-position.js';

export interface EventsQuery extends Partial<EventFilter> {
  /** A cursor, the id of an event, or `now`; from the beginning without. */
  after?: string;
  limit: number;
}

@Injectable()
export class EventsService {
  constructor(private readonly log: EventLogService) {}

  /** Unlike that of other lists, `nextCursor` is never null, since the log goes on growing. */
  async list({ tenantId }: Actor, { after, limit, ...wanted }: EventsQuery): Promise<Page<LoggedEvent>> {
    const filter = toFilter(wanted);
    const place = await this.log.placeOf(tenantId, after);
    const { events, end } = await this.log.read(tenantId, filter, place, limit);
    // The same as long as nothing comes; with a filter, what it has left out need not be read again.
    const next = isOpen(filter) ? (events.at(-1) ?? place) : end;
    return { items: events, nextCursor: cursorOf(tenantId, next) };
  }

  get({ tenantId }: Actor, id: string): Promise<LoggedEvent> {
    return this.log.find(tenantId, id);
  }
}
