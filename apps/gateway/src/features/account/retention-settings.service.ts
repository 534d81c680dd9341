import { Tenant } from '@app/database/entities/tenant.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { Config } from '@app/platform/config/config.js';
import { invalid, notFound } from '@app/platform/errors/app-error.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

/** Days; null: as long as the installation keeps it. */
export type Retention = Pick<Tenant, 'eventDays' | 'deliveryDays' | 'deadLetterDays'>;

/** How long a tenant has its events and their deliveries kept. */
@Injectable()
export class RetentionSettingsService {
  constructor(
    @InjectRepository(Tenant) private readonly tenants: Repository<Tenant>,
    private readonly config: Config,
    private readonly audit: AuditLog,
  ) {}

  async get({ tenantId }: Pick<Actor, 'tenantId'>): Promise<Retention> {
    const tenant = await this.tenants.findOneBy({ id: tenantId });
    if (!tenant) throw notFound('tenant', tenantId);
    return tenant;
  }

  /** Merges; `null` goes back to what the installation does. */
  async update(actor: Actor, change: Partial<Retention>): Promise<Retention> {
    const { tenantId } = actor;
    return this.tenants.manager.transaction(async (tx) => {
      const tenant = await tx.findOneOrFail(Tenant, { where: { id: tenantId }, lock: { mode: 'pessimistic_write' } });
      const given = Object.fromEntries(Object.entries(change).filter(([, days]) => days !== undefined));
      Object.assign(tenant, given);
      this.check(tenant);
      await tx.save(tenant);
      await this.audit.record(tx, { actor, tenantId, action: 'retention.update', target: tenantId });
      return tenant;
    });
  }

  private check({ eventDays, deliveryDays, deadLetterDays }: Retention): void {
    const most = this.config.eventRetentionDays;
    for (const [name, days] of Object.entries({ eventDays, deliveryDays, deadLetterDays }))
      if ((days ?? 0) > most) throw invalid('retention.too-long', `/${name}`, `must be ${most} or less here`);
    // Without its event nothing can be sent again.
    for (const [name, days] of Object.entries({ deliveryDays, deadLetterDays }))
      if ((days ?? 0) > (eventDays ?? most))
        throw invalid('retention.too-long', `/${name}`, `must be eventDays (${eventDays ?? most}) or less`);
  }
}
