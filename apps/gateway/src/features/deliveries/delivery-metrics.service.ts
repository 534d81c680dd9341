import type { DestinationKind } from '@app/database/entities/destination.entity.js';
import { Metrics } from '@app/platform/metrics/metrics.js';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { LOG_LAG, PENDING_BY_DESTINATION } from './log/delivery-log.queries.js';

/** So often the database is asked, however many scrape. */
const FRESH_MS = 15_000;

export interface Backlog {
  destinationId: string;
  tenantId: string | null;
  kind: DestinationKind;
  pending: number;
  oldestSeconds: number;
}

/** Deliveries as Prometheus sees them. What waits is the same whichever process is asked; attempts are its own. */
@Injectable()
export class DeliveryMetrics {
  private readonly attempts: Counter<'kind' | 'outcome'>;
  private asked: Promise<void> = Promise.resolve();
  private askedAt = 0;
  private backlogs: Backlog[] = [];
  private lagSeconds = 0;

  constructor(
    metrics: Metrics,
    private readonly database: DataSource,
  ) {
    const registers = [metrics.registry];
    this.attempts = new Counter({
      name: 'switchboard_delivery_attempts_total',
      help: 'Attempts of this process to deliver an event, by kind of destination and how they went.',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    });
    const gauge = (name: string, help: string, read: (backlog: Backlog) => number) =>
      new Gauge({
        name,
        help,
        labelNames: ['kind', 'destination'] as const,
        registers,
        collect: async () => this.fill(registers[0]?.getSingleMetric(name) as Gauge, read),
      });
    gauge('switchboard_deliveries_pending', 'Deliveries that wait.', ({ pending }) => pending);
    gauge(
      'switchboard_deliveries_oldest_pending_seconds',
      'Age of the delivery that waits longest.',
      ({ oldestSeconds }) => oldestSeconds,
    );
    const lag = new Gauge({
      name: 'switchboard_event_log_lag_seconds',
      help: 'How long readers of the event log are held back by the oldest transaction that still runs.',
      registers,
      collect: async () => {
        await this.refresh();
        lag.set(this.lagSeconds);
      },
    });
  }

  count(kind: DestinationKind, isDelivered: boolean): void {
    this.attempts.inc({ kind, outcome: isDelivered ? 'delivered' : 'failed' });
  }

  /** What waits, by destination; some seconds old. */
  async backlog(): Promise<Backlog[]> {
    await this.refresh();
    return this.backlogs;
  }

  private async fill(gauge: Gauge, read: (backlog: Backlog) => number): Promise<void> {
    await this.refresh();
    gauge.reset();
    for (const backlog of this.backlogs)
      gauge.set({ kind: backlog.kind, destination: backlog.destinationId }, read(backlog));
  }

  private refresh(): Promise<void> {
    if (Date.now() - this.askedAt < FRESH_MS) return this.asked;
    this.askedAt = Date.now();
    this.asked = this.ask().catch((error: unknown) => {
      this.askedAt = 0;
      throw error;
    });
    return this.asked;
  }

  private async ask(): Promise<void> {
    this.backlogs = await this.database.query<Backlog[]>(PENDING_BY_DESTINATION);
    const [lag] = await this.database.query<{ seconds: number }[]>(LOG_LAG);
    this.lagSeconds = lag?.seconds ?? 0;
  }
}
