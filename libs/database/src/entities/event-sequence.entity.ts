import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last sequence number given to a session's events; its row lock keeps the numbers free of gaps. */
@Entity('event_sequences')
export class EventSequence {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'event_sequences_pkey' }) sessionId: string;
  @Column({ type: 'bigint' }) last: string;
  /** The highest `transactionId` of its events. */
  @Column({ type: 'bigint' }) transactionId: string;
}
