import { Column, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** What WhatsApp holds the account of a session back from, as far as it told. */
@Entity('account_limits')
export class AccountLimits {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'account_limits_pkey' }) sessionId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** Until then the account may not write to people who never wrote to it. */
  @Column({ type: 'timestamptz', nullable: true }) restrictedUntil: Date | null;
  /** Why, in WhatsApp's own word, such as `BIZ_QUALITY`. */
  @Column({ type: 'text', nullable: true }) restriction: string | null;
  /** New chats that the account may begin in the running period, and has begun; null: not limited. */
  @Column({ type: 'integer', nullable: true }) newChatsTotal: number | null;
  @Column({ type: 'integer', nullable: true }) newChatsUsed: number | null;
  /** When the period ends. */
  @Column({ type: 'timestamptz', nullable: true }) newChatsResetAt: Date | null;
  @Column({ type: 'boolean', default: false }) isCapped: boolean;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
