import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A label of an account, as its settings have it. */
@Entity('labels')
export class Label {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'labels_pkey' }) sessionId: string;
  /** WhatsApp's id. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'labels_pkey' }) labelId: string;
  @Column({ type: 'text' }) tenantId: string;
  @Column({ type: 'text' }) name: string;
  /** One of WhatsApp's twenty, from 0. */
  @Column({ type: 'integer' }) color: number;
  @Column({ type: 'boolean' }) isDeleted: boolean;
  /** When its owner did so: the settings are read again after a crash, and from their beginning. */
  @Column({ type: 'timestamptz' }) changedAt: Date;
}
