import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';

/** A feature or gateway under test. */
interface UnderTest {
  readonly db: DataSource;
  get(type: Type<Outbox>): Outbox;
}

/** Records events in a transaction of their own; answers their ids. */
export const recordEvents = (app: UnderTest, ...events: NewEvent[]): Promise<string[]> =>
  app.db.transaction((tx) => app.get(Outbox).add(tx, events));

/** An event that says as little as an event can. */
export const qrEvent = (tenantId: string, sessionId: string | null, qr = 'x'): NewEvent => ({
  tenantId,
  sessionId,
  type: 'session.qr',
  data: { qr, expiresAt: '2030-01-31T12:00:00Z' },
});
