import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** `dead`: used up its attempts. */
export const deliveryStatuses = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** An attempt that failed. */
export interface FailedAttempt {
  /** RFC 3339. */
  at: string;
  latencyMs: number;
  responseStatus: number | null;
  error: string | null;
}

/** One event on its way to one destination; made in the transaction that made the event. */
@Entity('deliveries')
@Index('deliveries_pending', ['laneId', 'id'], { where: "status = 'pending'" })
@Index('deliveries_by_destination', ['destinationId', 'id'])
@Index('deliveries_dead', ['destinationId', 'id'], { where: "status = 'dead'" })
@Index('deliveries_by_event', ['eventId'])
@Index('deliveries_by_age', ['createdAt'])
@Index('deliveries_replays', ['replayOf'], { where: 'replay_of IS NOT NULL' })
export class Delivery {
  @PrimaryColumn({ type: 'bigint', generated: 'increment', primaryKeyConstraintName: 'deliveries_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'bigint' }) laneId: string;
  @Column({ type: 'text' }) destinationId: string;
  @Column({ type: 'text' }) eventId: string;
  /** Of the event. */
  @Column({ type: 'text', default: '' }) type: string;
  @Column({ type: 'text', default: 'pending' }) status: DeliveryStatus;
  @Column({ type: 'int', default: 0 }) attempts: number;
  /** Of the last attempt, like the four below. */
  @Column({ type: 'int', nullable: true }) responseStatus: number | null;
  @Column({ type: 'text', nullable: true }) lastError: string | null;
  @Column({ type: 'int', nullable: true }) latencyMs: number | null;
  /** The first kilobyte of the answer. */
  @Column({ type: 'text', nullable: true }) responseExcerpt: string | null;
  /** In order. */
  @Column({ type: 'jsonb', default: () => "'[]'" }) failures: FailedAttempt[];
  /** The delivery that it repeats. */
  @Column({ type: 'bigint', nullable: true }) replayOf: string | null;
  /** How often it was replayed, and when last. */
  @Column({ type: 'int', default: 0 }) replays: number;
  @Column({ type: 'timestamptz', nullable: true }) lastReplayAt: Date | null;
  /** Rises with the id: lists by time rest on that. */
  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' }) createdAt: Date;
  @Column({ type: 'timestamptz', nullable: true }) finishedAt: Date | null;
}
