import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something a session is asked to do by a process that does not hold it, and the answer. Gone once it is read. */
@Entity('session_commands')
@Index('session_commands_by_age', ['expiresAt'])
export class SessionCommand {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'session_commands_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) sessionId: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'jsonb', nullable: true }) input: unknown;
  @Column({ type: 'text', default: 'waiting' }) state: 'waiting' | 'running' | 'done';
  /** `{ output }` or `{ problem }`, once it is done. */
  @Column({ type: 'jsonb', nullable: true }) answer: object | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  /** Nobody waits for the answer any more. */
  @Column({ type: 'timestamptz' }) expiresAt: Date;
}
