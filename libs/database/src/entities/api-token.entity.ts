import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** A bearer token, stored as the SHA-256 of `swb_…`; the token itself is shown once, when it is made. */
@Entity('api_tokens')
@Index('api_tokens_hash_key', ['hash'], { unique: true })
@Index('api_tokens_by_user', ['tenantId', 'userId'])
export class ApiToken {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'api_tokens_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) userId: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'bytea' }) hash: Buffer;
  /** The last four characters, so that a person can tell tokens apart. */
  @Column({ type: 'text' }) hint: string;
  @Column({ type: 'text', array: true }) scopes: string[];
  @Column({ type: 'timestamptz', nullable: true }) expiresAt: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) lastUsedAt: Date | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}
