import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Up to where events of a tenant have been removed: whoever followed the log no further has missed some. */
@Entity('event_log_starts')
export class EventLogStart {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'event_log_starts_pkey' }) tenantId: string;
  @Column({ type: 'bigint' }) transactionId: string;
  @Column({ type: 'bigint' }) position: string;
}
