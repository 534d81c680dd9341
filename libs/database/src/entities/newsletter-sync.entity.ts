import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When WhatsApp last listed all newsletters of an account. */
@Entity('newsletter_syncs')
export class NewsletterSync {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'newsletter_syncs_pkey' }) sessionId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** The account: a session may be linked to another one. */
  @Column({ type: 'text' }) accountId: string;
  @Column({ type: 'timestamptz' }) syncedAt: Date;
}
