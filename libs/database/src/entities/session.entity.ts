import { Column, CreateDateColumn, DeleteDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { SessionSettings } from './session-settings.js';

export const sessionStatuses = [
  'stopped',
  'connecting',
  'pairing',
  'connected',
  'degraded',
  'disconnected',
  'logged_out',
  'restricted',
  'banned',
  'failed',
] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

/** One linked WhatsApp account. `desiredState` is what the tenant wants, `status` what is. */
@Entity('sessions')
@Index('sessions_by_tenant', ['tenantId', 'id'])
@Index('sessions_desired', ['desiredState'], { where: 'deleted_at IS NULL' })
export class Session {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'sessions_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', default: 'stopped' }) desiredState: 'started' | 'stopped';
  @Column({ type: 'text', default: 'stopped' }) status: SessionStatus;
  /** Why the status is what it is: a stable word such as `pairing_expired` or `replaced`. */
  @Column({ type: 'text', nullable: true }) reason: string | null;
  /** The linked account in neutral form; all null until paired. */
  @Column({ type: 'text', nullable: true }) waId: string | null;
  @Column({ type: 'text', nullable: true }) phone: string | null;
  @Column({ type: 'text', nullable: true }) lid: string | null;
  @Column({ type: 'text', nullable: true }) pushName: string | null;
  /** The QR text or pairing code on offer, and until when. */
  @Column({ type: 'text', nullable: true }) qr: string | null;
  @Column({ type: 'timestamptz', nullable: true }) qrExpiresAt: Date | null;
  /** Whether to ask for everything the phone remembers when it is linked; null for the installation's default. */
  @Column({ type: 'boolean', nullable: true }) syncFullHistory: boolean | null;
  @Column({ type: 'jsonb', default: () => "'{}'" }) settings: SessionSettings;
  /** The proxy that its connections go through, without name and password; null for none. */
  @Column({ type: 'text', nullable: true }) proxyUrl: string | null;
  /** The same with name and password, sealed. */
  @Column({ type: 'bytea', nullable: true }) sealedProxy: Buffer | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
  /** Deleted sessions are hidden at once; the retention job removes them with their logins later. */
  @DeleteDateColumn({ type: 'timestamptz', nullable: true }) deletedAt: Date | null;
}
