import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The queue of one destination for one session: deliveries of a lane go out in order, lanes go out side by side.
 * A worker claims a whole lane; back-off of the first delivery holds back the lane only.
 */
@Entity('delivery_lanes')
@Index('delivery_lanes_key', ['destinationId', 'sessionId'], { unique: true })
@Index('delivery_lanes_by_claim', ['claimedBy'], { where: 'claimed_by IS NOT NULL' })
export class DeliveryLane {
  @PrimaryColumn({ type: 'bigint', generated: 'increment', primaryKeyConstraintName: 'delivery_lanes_pkey' })
  id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) destinationId: string;
  /** Empty string for events of no session. */
  @Column({ type: 'text' }) sessionId: string;
  @Column({ type: 'timestamptz', default: () => 'now()' }) dueAt: Date;
  /** Until when a process holds the lane; a claim that is not renewed runs out. */
  @Column({ type: 'timestamptz', nullable: true }) claimedUntil: Date | null;
  /** Id of the process. A claim of a process that is gone does not count. */
  @Column({ type: 'text', nullable: true }) claimedBy: string | null;
}
