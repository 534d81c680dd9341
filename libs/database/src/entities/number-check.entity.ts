import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Whether a phone number is on WhatsApp, as a tenant was told; asking too often gets accounts banned. */
@Entity('number_checks')
@Index('number_checks_by_age', ['checkedAt'])
export class NumberCheck {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'number_checks_pkey' }) tenantId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'number_checks_pkey' }) phone: string;
  @Column({ type: 'boolean' }) isOnWhatsApp: boolean;
  @Column({ type: 'timestamptz' }) checkedAt: Date;
}
