import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many messages a tenant with a quota had accepted on a day (UTC). */
@Entity('message_usage')
export class MessageUsage {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_usage_pkey' }) tenantId: string;
  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'message_usage_pkey' }) day: string;
  @Column({ type: 'integer' }) count: number;
}
