import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a message said before an edit. */
@Entity('message_edits')
export class MessageEdit {
  /** Own id of the message. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_edits_pkey' }) messageId: string;
  /** WhatsApp's id of the edit. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_edits_pkey' }) editId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) sessionId: string;
  @Column({ type: 'text', nullable: true }) text: string | null;
  @Column({ type: 'jsonb', nullable: true }) content: object | null;
  @Column({ type: 'timestamptz' }) replacedAt: Date;
}
