import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An immutable fact in a tenant's event log. */
@Entity('events')
@Index('events_sequence_key', ['sessionId', 'sequence'], { unique: true, where: 'session_id IS NOT NULL' })
@Index('events_by_tenant', ['tenantId', 'transactionId', 'position'])
@Index('events_by_age', ['timestamp'])
export class Event {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'events_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text', nullable: true }) sessionId: string | null;
  /** Per session, from 1, without gaps; null for events of no session. */
  @Column({ type: 'bigint', nullable: true }) sequence: string | null;
  @Column({ type: 'text' }) type: string;
  @Column({ type: 'jsonb' }) data: object;
  /** What it can be filtered by beside its type: `EventTrait`s. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) traits: string[];
  @Column({ type: 'timestamptz' }) timestamp: Date;
  /**
   * Cursor order is (transactionId, position), read only below the oldest running transaction: a plain serial number
   * becomes visible out of order, and a reader that follows it would skip events. It is the transaction that wrote the
   * event, or a later one if that wrote an earlier event of the session, so that cursor order keeps `sequence` order.
   */
  @Column({ type: 'bigint' }) transactionId: string;
  @Column({ type: 'bigint', generated: 'increment' }) position: string;
}
