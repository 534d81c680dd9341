import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** In rising order; a later step never takes a call backwards, and the last three end it. */
export const callStates = ['ringing', 'accepted', 'rejected', 'missed', 'ended'] as const;
export type CallState = (typeof callStates)[number];

/** A call that an account was told of. Only its first sign says what kind of call it is. */
@Entity('calls')
@Index('calls_by_time', ['sessionId', 'startedAt', 'callId'])
@Index('calls_to_reject', ['sessionId'], { where: "rejection = 'due'" })
export class Call {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'calls_pkey' }) sessionId: string;
  /** WhatsApp's id. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'calls_pkey' }) callId: string;
  @Column({ type: 'text' }) tenantId: string;
  /** waId of the caller. */
  @Column({ type: 'text' }) callerId: string;
  /** Of a call in a group. */
  @Column({ type: 'text', nullable: true }) groupId: string | null;
  @Column({ type: 'boolean' }) isVideo: boolean;
  @Column({ type: 'text' }) state: CallState;
  /** The device that calls, as WhatsApp spells it: a rejection must name it. */
  @Column({ type: 'text', nullable: true }) callerDevice: string | null;
  /** Of a call that is to be rejected, or was: whether that is still to be done. */
  @Column({ type: 'text', nullable: true }) rejection: 'due' | 'done' | null;
  /** What the caller is written then. */
  @Column({ type: 'text', nullable: true }) rejectionText: string | null;
  @Column({ type: 'timestamptz' }) startedAt: Date;
  @Column({ type: 'timestamptz', nullable: true }) endedAt: Date | null;
}
