import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** A tenant's HTTP destination for events. */
@Entity('webhooks')
@Index('webhooks_by_tenant', ['tenantId', 'id'])
export class Webhook {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'webhooks_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) url: string;
  /** Event types it wants, `message.*` allowed; empty means all. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) types: string[];
  /** Sessions it listens to; empty means all of the tenant. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) sessionIds: string[];
  @Column({ type: 'boolean', default: true }) isEnabled: boolean;
  /** The `whsec_…` secret, sealed by the key ring. */
  @Column({ type: 'bytea', select: false }) sealedSecret: Buffer;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
