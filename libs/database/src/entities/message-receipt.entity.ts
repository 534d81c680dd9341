import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far an own message got with one of several recipients: in groups and with statuses. */
@Entity('message_receipts')
export class MessageReceipt {
  /** Own id of the message. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_receipts_pkey' }) messageId: string;
  /** waId of the recipient, as it was known then. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_receipts_pkey' }) recipientId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) sessionId: string;
  @Column({ type: 'timestamptz', nullable: true }) deliveredAt: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) readAt: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) playedAt: Date | null;
}
