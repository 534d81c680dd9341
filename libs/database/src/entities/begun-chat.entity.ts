import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody whom a session with a limit of new chats wrote to for the first time; counts for a day. */
@Entity('begun_chats')
export class BegunChat {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'begun_chats_pkey' }) sessionId: string;
  /** waId of the chat. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'begun_chats_pkey' }) chatId: string;
  @Column({ type: 'timestamptz' }) begunAt: Date;
}
