import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The login of a session (identity, noise key, account signature), sealed by the key ring. */
@Entity('session_credentials')
export class SessionCredentials {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'session_credentials_pkey' }) sessionId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'bytea' }) sealed: Buffer;
}
