import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** WhatsApp's key of a message, with its addresses as the stanza had them. */
export interface PlaceholderKey {
  remoteJid: string;
  id: string;
  participant?: string;
}

/** A message that came in and could not be read; the phone is asked for it until it comes or 14 days are over. */
@Entity('message_placeholders')
@Index('message_placeholders_due', ['nextAt'], { where: 'resolved_at IS NULL' })
@Index('message_placeholders_by_age', ['createdAt'])
export class MessagePlaceholder {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_placeholders_pkey' }) sessionId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_placeholders_pkey' }) messageId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** waId of the chat. */
  @Column({ type: 'text' }) chatId: string;
  /** waId of whoever wrote it. */
  @Column({ type: 'text' }) senderId: string;
  @Column({ type: 'jsonb' }) key: PlaceholderKey;
  @Column({ type: 'text' }) reason: string;
  /** How often the phone was asked. */
  @Column({ type: 'integer', default: 0 }) requests: number;
  @Column({ type: 'timestamptz' }) nextAt: Date;
  @Column({ type: 'timestamptz', nullable: true }) resolvedAt: Date | null;
  /** When WhatsApp says it was written. */
  @Column({ type: 'timestamptz' }) timestamp: Date;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
