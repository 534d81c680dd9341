import { runPrepared } from '@app/database/prepared.js';
import type { DestinationKind } from '@app/database/entities/destination.entity.js';
import { GroupCommit } from '@app/platform/batching/group-commit.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeliveryMetrics } from './delivery-metrics.service.js';
import { OutcomeNotices } from './outcome-notices.service.js';
import type { Answer } from './transports/transport.js';
import { CLAIM_DUE, CLAIM_NAMED, READ_PAGES, RECORD, RELEASE, RENEW } from './delivery.queries.js';

export interface ClaimedLane {
  id: string;
  destinationId: string;
}

/** A delivery that waits, with its event. */
export interface WaitingDelivery {
  laneId: string;
  deliveryId: string;
  attempts: number;
  id: string;
  tenantId: string;
  sessionId: string | null;
  sequence: string | null;
  type: string;
  timestamp: Date;
  /** JSON. */
  data: string;
}

export interface Outcome extends Omit<Answer, 'isDelivered'> {
  deliveryId: string;
  /** Of the destination. */
  kind: DestinationKind;
  /** `pending`: failed, and will be tried again. */
  status: 'delivered' | 'pending' | 'dead';
  latencyMs: number;
}

/** What there is room for, given the number of lanes that each destination has already. */
export interface Room {
  busy: Map<string, number>;
  perDestination: number;
  inAll: number;
}

const PAGE = 25;
/** No single item can be at fault here, only the database. */
const whole = { isolate: false };

/** What the worker asks of the database. Lanes that ask at the same moment share a round trip. */
@Injectable()
export class DeliveryStore {
  private readonly pages = new GroupCommit<string, WaitingDelivery[]>((lanes) => this.readPages(lanes), whole);
  private readonly outcomes = new GroupCommit<Outcome>((batch) => this.write(batch), whole);
  private readonly releases = new GroupCommit<{ id: string; delayMs: number | null }>(
    (batch) => this.giveBack(batch),
    whole,
  );

  constructor(
    private readonly database: DataSource,
    private readonly presence: ProcessPresence,
    private readonly notices: OutcomeNotices,
    private readonly metrics: DeliveryMetrics,
  ) {}

  claimNamed(lanes: string[], room: Room): Promise<ClaimedLane[]> {
    return runPrepared(this.database, CLAIM_NAMED, [this.presence.id, lanes, ...limits(room)]);
  }

  claimDue(held: string[], room: Room): Promise<ClaimedLane[]> {
    return runPrepared(this.database, CLAIM_DUE, [this.presence.id, held, ...limits(room)]);
  }

  /** Answers the lanes that are still this process's. */
  async renew(lanes: string[]): Promise<Set<string>> {
    const rows = await runPrepared<{ id: string }>(this.database, RENEW, [this.presence.id, lanes]);
    return new Set(rows.map(({ id }) => id));
  }

  /** The next deliveries of a lane, in order. */
  read(laneId: string): Promise<WaitingDelivery[]> {
    return this.pages.add(laneId);
  }

  record(outcome: Outcome): Promise<void> {
    return this.outcomes.add(outcome);
  }

  release(id: string, delayMs: number | null): Promise<void> {
    return this.releases.add({ id, delayMs });
  }

  private async readPages(lanes: string[]): Promise<WaitingDelivery[][]> {
    const rows = await runPrepared<WaitingDelivery>(this.database, READ_PAGES, [lanes, PAGE]);
    const byLane = new Map<string, WaitingDelivery[]>(lanes.map((id) => [id, []]));
    for (const row of rows) byLane.get(row.laneId)?.push(row);
    return lanes.map((id) => byLane.get(id) ?? []);
  }

  private async write(batch: Outcome[]): Promise<undefined[]> {
    await runPrepared(this.database, RECORD, [
      batch.map(({ deliveryId }) => deliveryId),
      batch.map(({ status }) => status),
      batch.map(({ responseStatus }) => responseStatus),
      batch.map(({ error }) => error),
      batch.map(({ latencyMs }) => latencyMs),
      batch.map(({ excerpt }) => excerpt),
    ]);
    this.notices.tell(batch);
    for (const { kind, status } of batch) this.metrics.count(kind, status === 'delivered');
    return batch.map(() => undefined);
  }

  private async giveBack(batch: { id: string; delayMs: number | null }[]): Promise<undefined[]> {
    const [ids, delays] = [batch.map(({ id }) => id), batch.map(({ delayMs }) => delayMs)];
    await runPrepared(this.database, RELEASE, [this.presence.id, ids, delays]);
    return batch.map(() => undefined);
  }
}

const limits = ({ busy, perDestination, inAll }: Room) => [[...busy.keys()], [...busy.values()], perDestination, inAll];
