import type { Actor } from '@app/platform/auth/actor.js';
import { SessionGrants } from '@app/platform/auth/session-grants.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { eventTypes, type EventType } from '@app/platform/events/event-map.js';
import { Injectable } from '@nestjs/common';
import { type EventFilter, namesOfType } from './event-filter.js';
import type { FollowedEvents } from './event-feed.service.js';
import { EventLogService, type LoggedEvent } from './event-log.service.js';
import type { LogPosition } from './log-position.js';

/** With these anybody can link the session to an account of their own, which staff may not. */
const LOGINS: EventType[] = ['session.qr', 'session.pairing_code'];

/** The log as an actor sees it: owners see all, staff what is of sessions that are shared with them at that moment. */
@Injectable()
export class EventViewsService {
  constructor(
    private readonly log: EventLogService,
    private readonly grants: SessionGrants,
  ) {}

  async get(actor: Actor, id: string): Promise<LoggedEvent> {
    const event = await this.log.find(actor.tenantId, id);
    const shared = await this.grants.sharedWith(actor);
    if (shared && !isOfOneOf(shared, event)) throw notFound('event', id);
    return event;
  }

  /** See `EventLogService.placeOf`. */
  placeOf(actor: Actor, after: string | undefined): Promise<LogPosition> {
    return after?.startsWith('evt_') ? this.get(actor, after) : this.log.placeOf(actor.tenantId, after);
  }

  /** The filter, less what the actor may not see; null when nothing is left of it. */
  async narrowed(actor: Actor, filter: EventFilter): Promise<EventFilter | null> {
    const shared = await this.grants.sharedWith(actor);
    if (!shared) return filter;
    const { sessionIds, types } = withoutLogins(filter);
    const visible = sessionIds.length ? shared.filter((id) => sessionIds.includes(id)) : shared;
    return visible.length && types.length ? { ...filter, types, sessionIds: visible } : null;
  }

  /** Leaves out what the actor may not see when it comes: what was shared or taken back meanwhile counts at once. */
  async *seen(actor: Actor, followed: AsyncGenerator<FollowedEvents>): AsyncGenerator<FollowedEvents> {
    for await (const { events, end } of followed) {
      const shared = await this.grants.sharedWith(actor);
      const visible = shared ? events.filter((event) => isOfOneOf(shared, event)) : events;
      if (visible.length) yield { events: visible, end };
    }
  }
}

type Seen = Pick<LoggedEvent, 'sessionId' | 'type'>;
const isLogin = ({ type }: Pick<Seen, 'type'>) => LOGINS.some((login) => login === type);
const isOfOneOf = (sessionIds: string[], event: Seen) =>
  !isLogin(event) && event.sessionId !== null && sessionIds.includes(event.sessionId);

const withoutLogins = (filter: EventFilter): EventFilter => {
  const wanted = (type: EventType) => !filter.types.length || namesOfType(type).some((n) => filter.types.includes(n));
  return { ...filter, types: eventTypes.filter((type) => !LOGINS.includes(type) && wanted(type)) };
};
