import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who changed what; written in the transaction of the change. */
@Entity('audit_entries')
@Index('audit_entries_by_tenant', ['tenantId', 'id'])
export class AuditEntry {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'audit_entries_pkey' }) id: string;
  /** The tenant that the change belongs to; null for the installation's own settings. */
  @Column({ type: 'text', nullable: true }) tenantId: string | null;
  /** User id, or `admin` for the operator. */
  @Column({ type: 'text' }) actor: string;
  /** `thing.verb`, as in `session.create`. */
  @Column({ type: 'text' }) action: string;
  @Column({ type: 'text', nullable: true }) target: string | null;
  @Column({ type: 'text', nullable: true }) requestId: string | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
