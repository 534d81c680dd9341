import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/**
 * A bucket of a tenant's own for its media. `storageKey` of a file there begins with the id. One that is no longer
 * current stays until the last of its files is gone.
 */
@Entity('tenant_storages')
@Index('tenant_storages_current', ['tenantId'], { unique: true, where: 'is_current' })
export class TenantStorage {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'tenant_storages_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  /** New files go here. */
  @Column({ type: 'boolean', default: true }) isCurrent: boolean;
  @Column({ type: 'text' }) bucket: string;
  @Column({ type: 'text' }) region: string;
  /** Of a server other than Amazon's. */
  @Column({ type: 'text', nullable: true }) endpoint: string | null;
  /** Before every key. */
  @Column({ type: 'text', default: '' }) prefix: string;
  @Column({ type: 'boolean', default: false }) isPathStyle: boolean;
  /** Where the bucket is open to the public, so that signed links lead there. */
  @Column({ type: 'text', nullable: true }) publicUrl: string | null;
  /** After the last use; null: as long as the installation keeps files. */
  @Column({ type: 'integer', nullable: true }) retentionDays: number | null;
  @Column({ type: 'text' }) accessKey: string;
  @Column({ type: 'bytea', select: false }) sealedSecretKey: Buffer;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
