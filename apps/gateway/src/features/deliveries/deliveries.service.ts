import type { DeliveryStatus } from '@app/database/entities/delivery.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { decodeCursor, toPage, type Page } from '@app/platform/http/page.js';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { destinationKinds } from '@app/database/entities/destination.entity.js';
import { DestinationsService } from '../destinations/destinations.service.js';
import { LIST_DELIVERIES } from './delivery.queries.js';

export interface LoggedDelivery {
  id: string;
  webhookId: string;
  eventId: string;
  /** Null, as `sessionId`, when the event is deleted already. */
  type: string | null;
  sessionId: string | null;
  status: DeliveryStatus;
  attempts: number;
  responseStatus: number | null;
  lastError: string | null;
  createdAt: Date;
  dueAt: Date | null;
  finishedAt: Date | null;
}

export interface DeliveryFilter {
  webhookId?: string;
  status?: DeliveryStatus;
  limit: number;
  cursor?: string;
}

/** As long as a cursor may be: every number of 18 digits fits a bigint. */
const ABOVE_ALL = '9'.repeat(18);

/** The delivery log. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: DataSource,
    private readonly destinations: DestinationsService,
  ) {}

  /** The newest first. */
  async list(actor: Actor, { webhookId, status, limit, cursor }: DeliveryFilter): Promise<Page<LoggedDelivery>> {
    if (webhookId !== undefined) await this.destinations.get(actor, destinationKinds, webhookId);
    const [before = ABOVE_ALL] = decodeCursor(cursor) ?? [];
    if (!/^\d{1,18}$/.test(before)) throw invalid('cursor.invalid', '/cursor', 'must be the nextCursor of an answer');
    const values = [actor.tenantId, webhookId ?? null, status ?? null, before, limit + 1];
    const rows = await this.database.query<LoggedDelivery[]>(LIST_DELIVERIES, values);
    return toPage(rows, limit, ({ id }) => id);
  }
}
