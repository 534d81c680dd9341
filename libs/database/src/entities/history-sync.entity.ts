import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** What the phone shares after linking, of one chat, or everything once more. */
export const historyKinds = ['initial', 'recent', 'full', 'chat'] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** `requested` from the phone, `running` while parts come in, `done` after the last one, `failed` when the phone refused. */
export const historyStates = ['requested', 'running', 'done', 'failed'] as const;
export type HistoryState = (typeof historyStates)[number];

/** One transfer of history from the account's phone. */
@Entity('history_syncs')
@Index('history_syncs_by_session', ['sessionId', 'id'])
@Index('history_syncs_by_request', ['sessionId', 'requestId'], { unique: true, where: 'request_id IS NOT NULL' })
export class HistorySync {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'history_syncs_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) sessionId: string;
  @Column({ type: 'text' }) kind: HistoryKind;
  @Column({ type: 'text' }) state: HistoryState;
  /** waId of the chat that was asked for. */
  @Column({ type: 'text', nullable: true }) chatId: string | null;
  /** What the phone repeats in its answer. */
  @Column({ type: 'text', nullable: true }) requestId: string | null;
  /** How much was asked for; null: everything. More than that is not stored, whatever the phone sends. */
  @Column({ type: 'jsonb', nullable: true }) wanted: {
    days?: number;
    maxMegabytes?: number;
    includeGroups?: boolean;
  } | null;
  /** Percent, as the phone tells. */
  @Column({ type: 'integer', default: 0 }) progress: number;
  @Column({ type: 'integer', default: 0 }) chats: number;
  /** Messages that were new. */
  @Column({ type: 'integer', default: 0 }) messages: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
