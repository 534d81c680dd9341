import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** The file of a message that is still to be downloaded; the row goes when that is done, or given up. */
@Entity('file_downloads')
@Index('file_downloads_by_due', ['dueAt'])
export class FileDownload {
  /** Own id of the message. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'file_downloads_pkey' }) messageId: string;
  /** Which card of the message shows it, from 0; -1 for the file of the message itself. */
  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'file_downloads_pkey', default: -1 }) card: number;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) sessionId: string;
  /** Where the file is since the phone has uploaded it again. */
  @Column({ type: 'text', nullable: true }) path: string | null;
  @Column({ type: 'int', default: 0 }) attempts: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) dueAt: Date;
  /** Process that is at it. */
  @Column({ type: 'text', nullable: true }) owner: string | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
