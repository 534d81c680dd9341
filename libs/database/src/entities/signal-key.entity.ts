import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of a session's Signal store (ratchets, pre-keys, sender keys …), sealed by the key ring. */
@Entity('signal_keys')
export class SignalKey {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signal_keys_pkey' }) sessionId: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signal_keys_pkey' }) type: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signal_keys_pkey' }) id: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'bytea' }) sealed: Buffer;
}
