import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** A person or program acting for a tenant. */
@Entity('users')
@Index('users_by_tenant', ['tenantId', 'id'])
export class User {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'users_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', default: 'owner' }) role: 'owner' | 'staff';
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
