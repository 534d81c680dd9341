import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who holds the WhatsApp socket of a session. `epoch` grows with each owner and fences late writes of an earlier one. */
@Entity('session_leases')
@Index('session_leases_by_expiry', ['expiresAt'])
export class SessionLease {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'session_leases_pkey' }) sessionId: string;
  /** Process id of the owner; null when nobody holds the session. */
  @Column({ type: 'text', nullable: true }) owner: string | null;
  @Column({ type: 'bigint' }) epoch: string;
  @Column({ type: 'timestamptz' }) expiresAt: Date;
}
