import { EventLogStart } from '@app/database/entities/event-log-start.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { AppError, notFound } from '@app/platform/errors/app-error.js';
import { toEnvelopeJson, toHead } from '@app/platform/events/envelope.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { EventFilter } from './event-filter.js';
import { FIND_EVENT, HORIZON, READ_LOG, READ_NEWS } from './event-log.queries.js';
import { isBefore, LOG_BEGINNING, readCursor, type LogPosition } from './log-position.js';

/** An event and its place in the log. */
export interface LoggedEvent extends LogPosition {
  id: string;
  tenantId: string;
  sessionId: string | null;
  type: string;
  traits: string[];
  /** The envelope. */
  json: string;
}

export interface LogPage {
  events: LoggedEvent[];
  /** Up to where the log was read: the next page is after it. */
  end: LogPosition;
  /** There was nothing more when it was read. */
  isLast: boolean;
}

type Row = Omit<LoggedEvent, 'json'> & Parameters<typeof toHead>[0] & { data: string };

/** The log of events as it is stored. What is committed later comes later in it, and nothing comes in between. */
@Injectable()
export class EventLogService {
  constructor(@InjectRepository(EventLogStart) private readonly starts: Repository<EventLogStart>) {}

  /** Behind everything that is there now. */
  async newest(): Promise<LogPosition> {
    return { transaction: await this.horizon(), position: 0 };
  }

  /** What a caller calls a place: a cursor, the id of an event, `now`, or nothing for the beginning. */
  async placeOf(tenantId: string, after: string | undefined): Promise<LogPosition> {
    if (after === undefined) return LOG_BEGINNING;
    if (after === 'now') return this.newest();
    if (after.startsWith('evt_')) return this.find(tenantId, after);
    const place = readCursor(tenantId, after);
    await this.assertKept(tenantId, place);
    return place;
  }

  async find(tenantId: string, id: string): Promise<LoggedEvent> {
    const [row] = await runPrepared<Row>(this.starts.manager.connection, FIND_EVENT, [tenantId, id]);
    if (!row) throw notFound('event', id);
    return toEvent(row);
  }

  async read(tenantId: string, filter: EventFilter, after: LogPosition, limit: number): Promise<LogPage> {
    const horizon = await this.horizon();
    const { types, sessionIds, only, skips } = filter;
    const wanted = [types, sessionIds, only, skips];
    const place = [after.transaction, after.position, horizon];
    const values = [tenantId, ...place, ...wanted, limit];
    const rows = await runPrepared<Row>(this.starts.manager.connection, READ_LOG, values);
    const events = rows.map(toEvent);
    const isLast = events.length < limit;
    const seen = { transaction: horizon, position: 0 };
    return { events, end: isLast ? latest(after, seen) : (events.at(-1) ?? after), isLast };
  }

  /** What came after these places, at most so many events of each tenant; and up to where it is everything. */
  async news(
    places: Map<string, LogPosition>,
    limit: number,
  ): Promise<{ events: Map<string, LoggedEvent[]>; seen: LogPosition }> {
    const seen = await this.newest();
    const after = [...places.values()];
    const rows = await runPrepared<Row>(this.starts.manager.connection, READ_NEWS, [
      [...places.keys()],
      after.map(({ transaction }) => transaction),
      after.map(({ position }) => position),
      seen.transaction,
      limit,
    ]);
    const events = new Map<string, LoggedEvent[]>();
    for (const row of rows) {
      const known = events.get(row.tenantId);
      if (known) known.push(toEvent(row));
      else events.set(row.tenantId, [toEvent(row)]);
    }
    return { events, seen };
  }

  private async horizon(): Promise<number> {
    const [row] = await runPrepared<{ horizon: number }>(this.starts.manager.connection, HORIZON, []);
    return row?.horizon ?? 0;
  }

  private async assertKept(tenantId: string, place: LogPosition): Promise<void> {
    const start = await this.starts.findOneBy({ tenantId });
    if (!start) return;
    const kept = { transaction: Number(start.transactionId), position: Number(start.position) };
    if (isBefore(place, kept))
      throw new AppError(
        'gone',
        'events.cursor-expired',
        'Events after this cursor are kept no longer. Leave `after` out to start with the oldest, or start with `now`.',
      );
  }
}

const latest = (a: LogPosition, b: LogPosition): LogPosition => (isBefore(a, b) ? b : a);

const toEvent = (row: Row): LoggedEvent => ({
  id: row.id,
  tenantId: row.tenantId,
  sessionId: row.sessionId,
  type: row.type,
  traits: row.traits,
  transaction: row.transaction,
  position: row.position,
  json: toEnvelopeJson(toHead(row), row.data),
});
