import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A file that a session has uploaded to WhatsApp, to be used again for other messages while WhatsApp keeps it. */
@Entity('file_uploads')
@Index('file_uploads_by_age', ['uploadedAt'])
export class FileUpload {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'file_uploads_pkey' }) sessionId: string;
  /** Of the content, in hex. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'file_uploads_pkey' }) sha256: string;
  /** What it was sealed as, such as `image`; with `plain:` before it when it was not. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'file_uploads_pkey' }) kind: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) url: string;
  @Column({ type: 'text' }) directPath: string;
  /** Null when it is not sealed, like `fileEncSha256`. */
  @Column({ type: 'bytea', nullable: true }) mediaKey: Buffer | null;
  @Column({ type: 'bytea', nullable: true }) fileEncSha256: Buffer | null;
  @Column({ type: 'timestamptz' }) uploadedAt: Date;
}
