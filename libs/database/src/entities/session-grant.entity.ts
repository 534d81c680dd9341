import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** A member of staff may use a session. Owners need no grant: they see every session of their tenant. */
@Entity('session_grants')
@Index('session_grants_by_user', ['tenantId', 'userId'])
export class SessionGrant {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'session_grants_pkey' }) sessionId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'session_grants_pkey' }) userId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** The owner who shared the session. */
  @Column({ type: 'text' }) grantedBy: string;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
