import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * Something done with a message that cannot be applied yet: the message itself has not come, or the addresses are not
 * known that an answer is sealed with.
 */
@Entity('waiting_actions')
@Index('waiting_actions_by_session', ['sessionId'], { where: "waits_for = 'address'" })
@Index('waiting_actions_by_age', ['createdAt'])
export class WaitingAction {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'waiting_actions_pkey' }) sessionId: string;
  /** WhatsApp's id of the message that it is done with. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'waiting_actions_pkey' }) targetMessageId: string;
  /** WhatsApp's id of the action; for what has none, what it is. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'waiting_actions_pkey' }) messageId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) waitsFor: 'message' | 'address';
  /** Who does what, without the protobuf. */
  @Column({ type: 'jsonb' }) action: object;
  @Column({ type: 'bytea', nullable: true }) proto: Buffer | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
