import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whether a label is on a chat or a message. Kept when it was taken off, to know that this was the last word. */
@Entity('label_assignments')
export class LabelAssignment {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'label_assignments_pkey' }) sessionId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'label_assignments_pkey' }) labelId: string;
  /** waId. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'label_assignments_pkey' }) chatId: string;
  /** WhatsApp's id of the message; empty when the label is on the chat. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'label_assignments_pkey' }) messageId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'boolean' }) isAssigned: boolean;
  @Column({ type: 'timestamptz' }) changedAt: Date;
}
