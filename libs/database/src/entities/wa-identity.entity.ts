import { Column, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** LID ↔ phone number as one session learnt it. */
@Entity('wa_identities')
@Index('wa_identities_by_phone', ['sessionId', 'phone'])
export class WaIdentity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_identities_pkey' }) sessionId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_identities_pkey' }) lid: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) phone: string;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
