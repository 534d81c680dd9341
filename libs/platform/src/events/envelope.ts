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

export const toEnvelope = (event: StoredEvent): EventEnvelope => ({
  id: event.id,
  type: event.type,
  tenantId: event.tenantId,
  sessionId: event.sessionId,
  sequence: event.sequence === null ? null : Number(event.sequence),
  timestamp: event.timestamp.toISOString(),
  data: event.data,
});

/** The same as text. `data` is JSON already, as the database has it, and need not be parsed. */
export const toEnvelopeJson = ({ data, ...event }: Omit<StoredEvent, 'data'> & { data: string }): string =>
  `${JSON.stringify(toEnvelope({ ...event, data: {} })).slice(0, -'{}}'.length)}${data}}`;
