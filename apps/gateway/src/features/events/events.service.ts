import { Event } from '@app/database/entities/event.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid, notFound } from '@app/platform/errors/app-error.js';
import { isEventFilter } from '@app/platform/events/event-map.js';
import { decodeCursor, encodeCursor, type Page } from '@app/platform/http/page.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, Repository } from 'typeorm';

export interface EventFilter {
  after?: string;
  types?: string[];
  sessionId?: string;
  limit: number;
}

@Injectable()
export class EventsService {
  constructor(@InjectRepository(Event) private readonly events: Repository<Event>) {}

  /** Unlike that of other lists, `nextCursor` is null only when the page is empty, since the log goes on growing. */
  async list(actor: Actor, { after, types = [], sessionId, limit }: EventFilter): Promise<Page<Event>> {
    const unknown = types.find((type) => !isEventFilter(type));
    if (unknown !== undefined) throw invalid('event.unknown-type', '/types', `${unknown} is no event type`);
    const query = this.events
      .createQueryBuilder('event')
      .where('event.tenantId = :tenantId', { tenantId: actor.tenantId })
      .andWhere('event.transactionId < :horizon', { horizon: await this.horizon() })
      .orderBy('event.transactionId')
      .addOrderBy('event.position')
      .limit(limit);
    const cursor = await this.cursor(actor, after);
    if (cursor)
      query.andWhere('(event.transactionId, event.position) > (:transaction::bigint, :position::bigint)', cursor);
    if (sessionId !== undefined) query.andWhere('event.sessionId = :sessionId', { sessionId });
    if (types.length && !types.includes('*')) query.andWhere(ofTypes(types));
    const items = await query.getMany();
    const last = items.at(-1);
    return { items, nextCursor: last ? encodeCursor(last.transactionId, last.position) : null };
  }

  async get(actor: Actor, id: string): Promise<Event> {
    const event = await this.events.findOneBy({ id, tenantId: actor.tenantId });
    if (!event) throw notFound('event', id);
    return event;
  }

  /**
   * No transaction of this database below it is still running. Asked before the rows are read, and not by
   * pg_snapshot_xmin: that is held back by every long transaction of the server, those of other databases included.
   */
  private async horizon(): Promise<string> {
    const rows: { horizon: string }[] = await this.events.query(
      `SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint - coalesce(max(age(backend_xid)), 0) AS horizon
       FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL`,
    );
    return rows[0]?.horizon ?? '0';
  }

  private async cursor(actor: Actor, after?: string): Promise<{ transaction: string; position: string } | null> {
    if (after?.startsWith('evt_')) {
      const { transactionId, position } = await this.get(actor, after);
      return { transaction: transactionId, position };
    }
    const [transaction, position] = decodeCursor(after, 2) ?? [];
    if (transaction === undefined || position === undefined) return null;
    if (![transaction, position].every((part) => /^\d{1,18}$/.test(part)))
      throw invalid('cursor.invalid', '/after', 'must be the nextCursor of an earlier answer');
    return { transaction, position };
  }
}

function ofTypes(types: string[]): Brackets {
  const groups = types.filter((type) => type.endsWith('.*')).map((type) => type.slice(0, -2));
  return new Brackets((either) =>
    either
      .where('event.type = ANY (:types)', { types })
      .orWhere(`split_part(event.type, '.', 1) = ANY (:groups)`, { groups }),
  );
}
