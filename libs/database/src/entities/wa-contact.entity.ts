import { Column, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** Somebody on WhatsApp as one session knows them. */
@Entity('wa_contacts')
export class WaContact {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_contacts_pkey' }) sessionId: string;
  /** waId. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_contacts_pkey' }) contactId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** In the address book of the account's phone. */
  @Column({ type: 'text', nullable: true }) name: string | null;
  /** What they call themselves. */
  @Column({ type: 'text', nullable: true }) pushName: string | null;
  /** Of a business, as WhatsApp certifies it. */
  @Column({ type: 'text', nullable: true }) verifiedName: string | null;
  /** Whether the account blocks them; null as long as nothing was said about that. */
  @Column({ type: 'boolean', nullable: true }) isBlocked: boolean | null;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
