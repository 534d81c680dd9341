import { Column, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** What an account is in a newsletter; guests do not follow it. */
export const newsletterRoles = ['owner', 'admin', 'subscriber', 'guest'] as const;
export type NewsletterRole = (typeof newsletterRoles)[number];

/** A newsletter that an account follows, or followed; null is what nobody has told yet. */
@Entity('wa_newsletters')
@Index('wa_newsletters_live', ['sessionId'], { where: 'wants_live' })
export class WaNewsletter {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_newsletters_pkey' }) sessionId: string;
  /** waId. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_newsletters_pkey' }) newsletterId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text', nullable: true }) name: string | null;
  @Column({ type: 'text', nullable: true }) description: string | null;
  @Column({ type: 'text', nullable: true }) inviteCode: string | null;
  @Column({ type: 'integer', nullable: true }) subscribers: number | null;
  @Column({ type: 'boolean', nullable: true }) isVerified: boolean | null;
  /** Such as `active`, `suspended`. */
  @Column({ type: 'text', nullable: true }) state: string | null;
  @Column({ type: 'text', default: 'guest' }) role: NewsletterRole;
  @Column({ type: 'boolean', nullable: true }) isMuted: boolean | null;
  /** Which reactions readers may give: `all`, `basic`, `none` … */
  @Column({ type: 'text', nullable: true }) reactions: string | null;
  @Column({ type: 'text', nullable: true }) pictureUrl: string | null;
  @Column({ type: 'timestamptz', nullable: true }) foundedAt: Date | null;
  /** Views and reactions are asked for as long as the account follows it. */
  @Column({ type: 'boolean', default: false }) wantsLive: boolean;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
