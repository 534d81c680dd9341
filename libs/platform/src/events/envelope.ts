import type { Event } from '@app/database/entities/event.entity.js';

/** An event as customers see it, in webhooks, streams and the event log alike. */
export interface EventEnvelope {
  id: string;
  type: string;
  tenantId: string;
  sessionId: string | null;
  /** Per session, from 1, without gaps; null for events of no session. */
  sequence: number | null;
  timestamp: string;
  data: object;
}

type StoredEvent = Pick<Event, 'id' | 'type' | 'tenantId' | 'sessionId' | 'sequence' | 'timestamp' | 'data'>;

/** An event without what it tells. */
export type EventHead = Omit<EventEnvelope, 'data'>;

export const toHead = (event: Omit<StoredEvent, 'data'>): EventHead => ({
  id: event.id,
  type: event.type,
  tenantId: event.tenantId,
  sessionId: event.sessionId,
  sequence: event.sequence === null ? null : Number(event.sequence),
  timestamp: event.timestamp.toISOString(),
});

export const toEnvelope = (event: StoredEvent): EventEnvelope => ({ ...toHead(event), data: event.data });

/** The same as text. `data` is JSON already, as the database has it, and need not be parsed. */
export const toEnvelopeJson = (head: EventHead, data: string): string =>
  `${JSON.stringify(head).slice(0, -1)},"data":${data}}`;
