import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

export const chatKinds = ['person', 'group', 'newsletter', 'status', 'broadcast'] as const;
export type ChatKind = (typeof chatKinds)[number];

/**
 * A chat of a session, kept up to date by messages, by the account's phone and by what is done here. The list is sorted
 * when it is read: an index on what every message changes would cost more than it gains.
 */
@Entity('chats')
export class Chat {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'chats_pkey' }) sessionId: string;
  /** waId. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'chats_pkey' }) chatId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) kind: ChatKind;
  /** Of groups and newsletters; people are named by `wa_contacts`. */
  @Column({ type: 'text', nullable: true }) name: string | null;
  /** Own id of the newest message. */
  @Column({ type: 'text', nullable: true }) lastMessageId: string | null;
  @Column({ type: 'timestamptz', nullable: true }) lastMessageAt: Date | null;
  @Column({ type: 'integer', default: 0 }) unreadCount: number;
  @Column({ type: 'boolean', default: false }) isMarkedUnread: boolean;
  @Column({ type: 'boolean', default: false }) isArchived: boolean;
  @Column({ type: 'timestamptz', nullable: true }) pinnedAt: Date | null;
  @Column({ type: 'boolean', default: false }) isMuted: boolean;
  /** Until when it is muted; null for always. */
  @Column({ type: 'timestamptz', nullable: true }) mutedUntil: Date | null;
  /** After how many seconds messages disappear; 0 for never. */
  @Column({ type: 'integer', default: 0 }) disappearingSeconds: number;
  @Column({ type: 'boolean', default: false }) isReadOnly: boolean;
  @Column({ type: 'boolean', default: false }) isLocked: boolean;
  @Column({ type: 'boolean', default: false }) hasMedia: boolean;
  /** What is older was cleared. */
  @Column({ type: 'timestamptz', nullable: true }) clearedAt: Date | null;
  /** Deleted chats are not listed; the next message brings them back. */
  @Column({ type: 'timestamptz', nullable: true }) deletedAt: Date | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
