import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That all groups of an account have been read: from then on notifications keep them up to date. */
@Entity('group_syncs')
export class GroupSync {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'group_syncs_pkey' }) sessionId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** The account: another one may be linked later. */
  @Column({ type: 'text' }) waId: string;
  @Column({ type: 'timestamptz' }) syncedAt: Date;
  /** Groups that were forgotten on request since: they are no news when they are read again. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) forgottenIds: string[];
}
