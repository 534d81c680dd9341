import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** Where a tenant wants events sent. Webhooks are the first kind; every kind shares filters, lanes and deliveries. */
@Entity('destinations')
@Index('destinations_by_tenant', ['tenantId', 'id'])
export class Destination {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'destinations_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) kind: 'webhook';
  @Column({ type: 'text' }) url: string;
  /** Event types it wants, `message.*` allowed; empty means all. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) types: string[];
  /** Sessions it listens to; empty means all of the tenant. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) sessionIds: string[];
  @Column({ type: 'boolean', default: true }) isEnabled: boolean;
  /** Since when every attempt fails; null after a success. */
  @Column({ type: 'timestamptz', nullable: true }) failingSince: Date | null;
  /** The `whsec_…` secret, sealed by the key ring. */
  @Column({ type: 'bytea', select: false }) sealedSecret: Buffer;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
