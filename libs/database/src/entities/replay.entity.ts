import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** Events of the log, or deliveries that are finished, on their way into lanes again; worked in batches. */
@Entity('replays')
@Index('replays_by_tenant', ['tenantId', 'id'])
@Index('replays_unfinished', ['id'], { where: 'finished_at IS NULL' })
export class Replay {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'replays_pkey' }) id: string;
  /** Empty: the operator's. */
  @Column({ type: 'text' }) tenantId: string;
  /** What is replayed, as whoever asked has put it. */
  @Column({ type: 'jsonb' }) source: object;
  /** Null: where each was sent before. */
  @Column({ type: 'text', nullable: true }) destinationId: string | null;
  /** Whether the deliveries that it repeats are deleted. */
  @Column({ type: 'boolean', default: false }) removeAfter: boolean;
  /** How many deliveries there were to make when it was asked for. */
  @Column({ type: 'int' }) total: number;
  /** How many are made. */
  @Column({ type: 'int', default: 0 }) queued: number;
  /** How far it has come; null before the first batch. */
  @Column({ type: 'jsonb', nullable: true }) position: string[] | null;
  @Column({ type: 'boolean', default: false }) isCancelled: boolean;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'timestamptz', nullable: true }) finishedAt: Date | null;
}
