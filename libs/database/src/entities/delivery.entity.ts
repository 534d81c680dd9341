import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** `dead`: used up its attempts. */
export const deliveryStatuses = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** One event on its way to one destination; made in the transaction that made the event. */
@Entity('deliveries')
@Index('deliveries_pending', ['laneId', 'id'], { where: "status = 'pending'" })
@Index('deliveries_by_destination', ['destinationId', 'id'])
@Index('deliveries_dead', ['destinationId', 'id'], { where: "status = 'dead'" })
@Index('deliveries_by_event', ['eventId'])
@Index('deliveries_by_age', ['createdAt'])
export class Delivery {
  @PrimaryColumn({ type: 'bigint', generated: 'increment', primaryKeyConstraintName: 'deliveries_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'bigint' }) laneId: string;
  @Column({ type: 'text' }) destinationId: string;
  @Column({ type: 'text' }) eventId: string;
  @Column({ type: 'text', default: 'pending' }) status: DeliveryStatus;
  @Column({ type: 'int', default: 0 }) attempts: number;
  @Column({ type: 'int', nullable: true }) responseStatus: number | null;
  @Column({ type: 'text', nullable: true }) lastError: string | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'timestamptz', nullable: true }) finishedAt: Date | null;
}
