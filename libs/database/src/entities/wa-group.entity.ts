import { Column, Entity, PrimaryColumn } from 'typeorm';

export const groupAddressings = ['pn', 'lid'] as const;
export type GroupAddressing = (typeof groupAddressings)[number];

/** Somebody in a group, under the address by which the group knows them and those that it gave beside. */
export interface StoredMember {
  id: string;
  phone: string | null;
  lid: string | null;
  role: 'member' | 'admin' | 'superadmin';
}

/**
 * What a reading found and events have told, before WhatsApp tells it itself: the values of features by their names, what
 * became of people, and whether the account is in the group now.
 */
export interface ToldAhead {
  features: Record<string, unknown>;
  people: (Omit<StoredMember, 'role'> & { change: 'added' | 'removed' | 'promoted' | 'demoted' })[];
  isIn: boolean | null;
}

/** A group or community as one session knows it: read once from WhatsApp, then kept up to date by what it tells. */
@Entity('wa_groups')
export class WaGroup {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_groups_pkey' }) sessionId: string;
  /** waId. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wa_groups_pkey' }) groupId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) subject: string;
  @Column({ type: 'timestamptz', nullable: true }) subjectAt: Date | null;
  @Column({ type: 'text', nullable: true }) subjectById: string | null;
  @Column({ type: 'text', nullable: true }) description: string | null;
  /** WhatsApp's; null when it was not told. */
  @Column({ type: 'text', nullable: true }) descriptionId: string | null;
  @Column({ type: 'timestamptz', nullable: true }) descriptionAt: Date | null;
  @Column({ type: 'text', nullable: true }) descriptionById: string | null;
  @Column({ type: 'text', nullable: true }) ownerId: string | null;
  @Column({ type: 'timestamptz', nullable: true }) foundedAt: Date | null;
  @Column({ type: 'text' }) addressing: GroupAddressing;
  @Column({ type: 'boolean' }) isAnnouncement: boolean;
  @Column({ type: 'boolean' }) isLocked: boolean;
  @Column({ type: 'integer' }) disappearingSeconds: number;
  @Column({ type: 'boolean' }) membersMayAdd: boolean;
  @Column({ type: 'boolean' }) needsApproval: boolean;
  @Column({ type: 'boolean' }) isCommunity: boolean;
  @Column({ type: 'boolean' }) isAnnouncementGroup: boolean;
  @Column({ type: 'boolean' }) isGeneralChat: boolean;
  @Column({ type: 'text', nullable: true }) communityId: string | null;
  @Column({ type: 'integer' }) size: number;
  @Column({ type: 'jsonb' }) members: StoredMember[];
  /** Of this account; null when it is not in the group any more. */
  @Column({ type: 'text', nullable: true }) ownRole: StoredMember['role'] | null;
  /** What was told could not be applied to the row: it is read from WhatsApp again when it is needed. */
  @Column({ type: 'boolean', default: false }) isStale: boolean;
  @Column({ type: 'jsonb', nullable: true }) toldAhead: ToldAhead | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) changedAt: Date;
}
