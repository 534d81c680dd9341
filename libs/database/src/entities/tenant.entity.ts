import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** An isolated customer. Suspended tenants keep their data; their tokens answer 403 and their sessions stop. */
@Entity('tenants')
export class Tenant {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'tenants_pkey' }) id: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', default: 'active' }) status: 'active' | 'suspended';
  /** How many messages may be accepted for sending on a day and in a month (UTC); null: any number. */
  @Column({ type: 'integer', nullable: true }) messagesPerDay: number | null;
  @Column({ type: 'integer', nullable: true }) messagesPerMonth: number | null;
  /** For how many days its events, finished deliveries and dead letters are kept; null: as long as the installation keeps them. */
  @Column({ type: 'integer', nullable: true }) eventDays: number | null;
  @Column({ type: 'integer', nullable: true }) deliveryDays: number | null;
  @Column({ type: 'integer', nullable: true }) deadLetterDays: number | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
