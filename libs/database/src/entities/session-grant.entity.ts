import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A user of the tenant who may work with a private session. */
@Entity('session_grants')
export class SessionGrant {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'session_grants_pkey' }) sessionId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'session_grants_pkey' }) userId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** Owners also decide who else may. */
  @Column({ type: 'text' }) role: 'owner' | 'staff';
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
