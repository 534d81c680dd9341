import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** `pending` before its object is written, `removed` until the object is gone; the sweeper finishes what a crash left. */
export const mediaStatuses = ['pending', 'ready', 'removed'] as const;
export type MediaStatus = (typeof mediaStatuses)[number];

/** How a file got here. */
export const mediaOrigins = ['upload', 'url', 'inbound', 'derived'] as const;
export type MediaOrigin = (typeof mediaOrigins)[number];

const bytes = {
  to: (value: unknown) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/**
 * A file of a tenant. Rows with equal content share one stored object: a new row takes over the `storageKey` of a
 * ready one, and the object goes when no row with its key is left.
 */
@Entity('media_files')
@Index('media_files_by_tenant', ['tenantId', 'id'])
@Index('media_files_by_source', ['tenantId', 'sourceSha256', 'variant'])
@Index('media_files_by_content', ['tenantId', 'sha256'])
@Index('media_files_by_key', ['storageKey'])
@Index('media_files_by_expiry', ['expiresAt'], { where: "status = 'ready'" })
@Index('media_files_unfinished', ['id'], { where: "status <> 'ready'" })
export class MediaFile {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'media_files_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) status: MediaStatus;
  @Column({ type: 'text' }) origin: MediaOrigin;
  /** Hex. */
  @Column({ type: 'text' }) sha256: string;
  @Column({ type: 'text' }) mimeType: string;
  @Column({ type: 'bigint', transformer: bytes }) sizeBytes: number;
  @Column({ type: 'text', nullable: true }) fileName: string | null;
  @Column({ type: 'text' }) storageKey: string;
  /** The member of staff who put it in, and sees no other files; null when an owner or nobody did. */
  @Column({ type: 'text', nullable: true }) uploadedBy: string | null;
  /** Process that writes the object while the row is pending. */
  @Column({ type: 'text', nullable: true }) owner: string | null;
  /** Hash of the file that this one was made from; its own when nothing was changed. */
  @Column({ type: 'text' }) sourceSha256: string;
  /** What it was made into, with the parameters: `voice`, `sticker:crop`; empty for a file as it came. */
  @Column({ type: 'text', default: '' }) variant: string;
  @Column({ type: 'int', nullable: true }) width: number | null;
  @Column({ type: 'int', nullable: true }) height: number | null;
  @Column({ type: 'real', nullable: true }) seconds: number | null;
  /** Of an animated sticker. */
  @Column({ type: 'boolean', nullable: true }) isAnimated: boolean | null;
  @Column({ type: 'int', nullable: true }) pageCount: number | null;
  /** Loudness of a voice note: 64 bytes from 0 to 100. */
  @Column({ type: 'bytea', nullable: true }) waveform: Buffer | null;
  /** A small JPEG. */
  @Column({ type: 'bytea', nullable: true }) thumbnail: Buffer | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) lastUsedAt: Date;
  @Column({ type: 'timestamptz' }) expiresAt: Date;
}
