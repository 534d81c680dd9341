import { Column, Entity, PrimaryColumn } from 'typeorm';

export const answerKinds = ['reaction', 'poll-vote', 'event-response'] as const;
export type AnswerKind = (typeof answerKinds)[number];

/** The last word of one person about a message: a reaction, a vote, the answer to an event. */
@Entity('message_answers')
export class MessageAnswer {
  /** Own id of the message. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_answers_pkey' }) messageId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_answers_pkey' }) kind: AnswerKind;
  /** waId of whoever answered, as it was known then. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_answers_pkey' }) personId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) sessionId: string;
  /** What it says, by kind; null when it was taken back, so that an earlier one that comes late does not count. */
  @Column({ type: 'jsonb', nullable: true }) value: object | null;
  /** When the person says it was given. */
  @Column({ type: 'timestamptz' }) at: Date;
}
