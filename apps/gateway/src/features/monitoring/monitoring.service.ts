import { AppError, invalid } from '@app/platform/errors/app-error.js';
import { isEventFilter } from '@app/platform/events/event-map.js';
import type { ServerSentEvent } from '@app/platform/http/event-stream.js';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeliveryMetrics, type Backlog } from '../deliveries/delivery-metrics.service.js';
import { DeliveryWatchService, type Happening } from '../deliveries/delivery-watch.service.js';
import { HOUR_BY_DESTINATION, HOUR_BY_TYPE } from './monitoring.queries.js';

export interface StreamFilter {
  tenantId?: string;
  sessionId?: string;
  type?: string;
  /** Deliveries that went like that, and no events. */
  status?: 'delivered' | 'failed' | 'dead';
}

export interface HourOfDestination {
  destinationId: string;
  delivered: number;
  dead: number;
  failedAttempts: number;
  /** The 50th, 95th and 99th percentile, in milliseconds; null without an attempt. */
  latency: [number, number, number] | null;
}

export interface MonitoringFigures {
  backlogs: Backlog[];
  hours: HourOfDestination[];
  types: { type: string; count: number }[];
}

const MOST_STREAMS = 20;
/** What a slow reader has not taken yet; what is older is left out, and the reader told how much. */
const MOST_WAITING = 1000;

/** What operators look at. */
@Injectable()
export class MonitoringService {
  private streams = 0;

  constructor(
    private readonly database: DataSource,
    private readonly metrics: DeliveryMetrics,
    private readonly watch: DeliveryWatchService,
  ) {}

  /** Throws for what the stream would be refused for, before it begins. */
  assertPossible({ type }: StreamFilter): void {
    if (type !== undefined && !isEventFilter(type))
      throw invalid('event.unknown-type', '/type', `${type} is no event type`);
    if (this.streams >= MOST_STREAMS)
      throw new AppError('rate-limited', 'monitoring.too-many-streams', `At most ${MOST_STREAMS} at once.`, {
        retryAfterSeconds: 30,
      });
  }

  /** Events and outcomes of deliveries as they come. */
  async *stream(filter: StreamFilter, signal: AbortSignal): AsyncGenerator<ServerSentEvent[]> {
    let waiting: Happening[] = [];
    let skipped = 0;
    let wake: () => void = () => undefined;
    let isOver = signal.aborted;
    const stop = () => {
      isOver = true;
      wake();
    };
    signal.addEventListener('abort', stop, { once: true });
    this.streams += 1;
    const see = (happenings: Happening[]) => {
      waiting.push(...happenings.filter((happening) => fits(filter, happening)));
      skipped += waiting.splice(0, waiting.length - MOST_WAITING).length;
      wake();
    };
    const unwatch = await this.watch.watch({ see, end: stop });
    try {
      while (!isOver) {
        const batch = waiting.map(toServerSent);
        if (skipped) batch.unshift({ event: 'skipped', data: JSON.stringify({ count: skipped }) });
        [waiting, skipped] = [[], 0];
        if (batch.length) yield batch;
        // Nothing comes between this look and the promise: both are in one turn.
        if (waiting.length === 0 && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      unwatch();
      this.streams -= 1;
    }
  }

  /** What waits, how the last hour was, and what was recorded in it. */
  async statistics(tenantId: string | undefined): Promise<MonitoringFigures> {
    const [backlogs, hours, types] = await Promise.all([
      this.metrics.backlog(),
      this.database.query<HourOfDestination[]>(HOUR_BY_DESTINATION, [tenantId ?? null]),
      this.database.query<{ type: string; count: number }[]>(HOUR_BY_TYPE, [tenantId ?? null]),
    ]);
    const own = tenantId === undefined ? backlogs : backlogs.filter((backlog) => backlog.tenantId === tenantId);
    return { backlogs: own, hours, types };
  }
}

function fits({ tenantId, sessionId, type, status }: StreamFilter, happening: Happening): boolean {
  const about = happening.kind === 'event' ? happening.event : happening.delivery;
  const group = `${about.type.split('.')[0]}.*`;
  return (
    (tenantId === undefined || about.tenantId === tenantId) &&
    (sessionId === undefined || about.sessionId === sessionId) &&
    (type === undefined || [about.type, group, '*'].includes(type)) &&
    (status === undefined || (happening.kind === 'delivery' && happening.outcome === status))
  );
}

function toServerSent(happening: Happening): ServerSentEvent {
  if (happening.kind === 'event') {
    const { sequence, ...event } = happening.event;
    return {
      event: 'event',
      data: JSON.stringify({ ...event, sequence: sequence === null ? null : Number(sequence) }),
    };
  }
  const { outcome, delivery } = happening;
  const { id, tenantId, sessionId, destinationId, kind, eventId, type } = delivery;
  const { attempts, latencyMs, responseStatus, lastError } = delivery;
  const attempt = { attempts, latencyMs, responseStatus, lastError };
  const about = { id, status: outcome, tenantId, sessionId, destinationId, kind, eventId, type };
  return { event: 'delivery', data: JSON.stringify({ ...about, ...attempt }) };
}
