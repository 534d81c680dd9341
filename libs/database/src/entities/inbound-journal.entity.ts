import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A decrypted stanza, committed together with the ratchet step that decrypted it and before WhatsApp gets its receipt.
 * Kept for a while after it was processed, because WhatsApp may deliver the same stanza again.
 */
@Entity('inbound_journal')
@Index('inbound_journal_unprocessed', ['sessionId', 'position'], { where: 'processed_at IS NULL' })
@Index('inbound_journal_by_age', ['createdAt'])
export class InboundJournal {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'inbound_journal_pkey' }) sessionId: string;
  /** Stanza identity: sender, participant, message id, index and digest of the `enc`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'inbound_journal_pkey' }) key: string;
  @Column({ type: 'text' }) tenantId: string;
  /** WhatsApp's message id, by which processing marks all rows of one stanza. */
  @Column({ type: 'text' }) messageId: string;
  @Column({ type: 'bigint', generated: 'increment' }) position: string;
  @Column({ type: 'bytea' }) sealed: Buffer;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'timestamptz', nullable: true }) processedAt: Date | null;
}
