import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

export const brokerKinds = ['rabbitmq', 'sqs', 'redis', 'nats', 'kafka'] as const;
export type BrokerKind = (typeof brokerKinds)[number];
export const destinationKinds = ['webhook', ...brokerKinds] as const;
export type DestinationKind = (typeof destinationKinds)[number];

/**
 * Where events are sent: those of a tenant, or, when it is the operator's, those of all tenants. Every kind shares
 * filters, lanes and deliveries.
 */
@Entity('destinations')
@Index('destinations_by_tenant', ['tenantId', 'id'])
export class Destination {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'destinations_pkey' }) id: string;
  /** Null: the operator's. */
  @Column({ type: 'text', nullable: true }) tenantId: string | null;
  @Column({ type: 'text' }) kind: DestinationKind;
  /** Without the password. */
  @Column({ type: 'text' }) url: string;
  /** What else its kind needs to know and everybody may see. */
  @Column({ type: 'jsonb', default: () => "'{}'" }) settings: object;
  /** Event types it wants, `message.*` allowed; empty means all. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) types: string[];
  /** Sessions it listens to; empty means all of the tenant. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) sessionIds: string[];
  /** Traits that an event must have, all of them. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) only: string[];
  /** Traits that an event must not have, none of them. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) skips: string[];
  @Column({ type: 'boolean', default: true }) isEnabled: boolean;
  /** Since when every attempt fails; null after a success. */
  @Column({ type: 'timestamptz', nullable: true }) failingSince: Date | null;
  /** Failed attempts since the last success. */
  @Column({ type: 'int', default: 0 }) failures: number;
  /** Nothing is tried before; it failed too often in a row. */
  @Column({ type: 'timestamptz', nullable: true }) pausedUntil: Date | null;
  /** `DestinationSecrets` as JSON, sealed by the key ring. */
  @Column({ type: 'bytea', select: false }) sealedSecrets: Buffer;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}
