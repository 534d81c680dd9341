import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type EntityManager, type Repository } from 'typeorm';
import { Session } from '@app/database/entities/session.entity.js';
import { Tenant } from '@app/database/entities/tenant.entity.js';
import type { User } from '@app/database/entities/user.entity.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { TokenLookup } from '@app/platform/auth/token-lookup.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { SESSIONS_CHANGED } from '@app/platform/events/channels.js';
import { decodeCursor, toPage, type Page } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { UsersService } from './users.service.js';
import { tablesWith } from './tables-with.js';

export interface NewTenant {
  tenant: Tenant;
  user: User;
  token: string;
}

/** What is left out stays as it is. */
export type TenantChange = Partial<Pick<Tenant, 'name' | 'status' | 'messagesPerDay' | 'messagesPerMonth'>>;

/** Tenants, for the operator alone: no method takes an actor. */
@Injectable()
export class TenantsService {
  constructor(
    @InjectRepository(Tenant) private readonly tenants: Repository<Tenant>,
    private readonly users: UsersService,
    private readonly lookup: TokenLookup,
    private readonly audit: AuditLog,
  ) {}

  async list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<Tenant>> {
    const [after] = decodeCursor(cursor) ?? [];
    const where = after ? { id: MoreThan(after) } : {};
    const rows = await this.tenants.find({ where, order: { id: 'ASC' }, take: limit + 1 });
    return toPage(rows, limit, ({ id }) => id);
  }

  async get(id: string): Promise<Tenant> {
    const tenant = await this.tenants.findOneBy({ id });
    if (!tenant) throw notFound('tenant', id);
    return tenant;
  }

  /** A tenant with its owner and the owner's first token. */
  async create(name: string): Promise<NewTenant> {
    return this.tenants.manager.transaction(async (tx) => {
      const tenant = await tx.save(tx.create(Tenant, { id: newId('tenant'), name, status: 'active' }));
      const { user, token } = await this.users.add(tx, { tenantId: tenant.id, name: 'Owner', role: 'owner' });
      await this.audit.record(tx, { actor: 'admin', tenantId: tenant.id, action: 'tenant.create', target: tenant.id });
      return { tenant, user, token };
    });
  }

  async update(id: string, change: TenantChange): Promise<Tenant> {
    const tenant = await this.tenants.manager.transaction(async (tx) => {
      const found = await tx.findOne(Tenant, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!found) throw notFound('tenant', id);
      const { status } = change;
      const action = status && status !== found.status ? statusAction[status] : 'tenant.update';
      const saved = await tx.save(Object.assign(found, withoutUndefined(change)));
      await this.audit.record(tx, { actor: 'admin', tenantId: id, action, target: id });
      await tx.query('SELECT pg_notify($1, $2)', [SESSIONS_CHANGED, '']);
      return saved;
    });
    this.lookup.forget(({ actor }) => actor.tenantId === id);
    return tenant;
  }

  /** Removes the tenant and every row of it; only the record that it was removed stays. */
  async remove(id: string): Promise<void> {
    await this.tenants.manager.transaction(async (tx) => {
      const tenant = await tx.findOne(Tenant, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!tenant) throw notFound('tenant', id);
      await removeRows(tx, id);
      await tx.delete(Tenant, { id });
      await this.audit.record(tx, { actor: 'admin', tenantId: null, action: 'tenant.delete', target: id });
      await tx.query('SELECT pg_notify($1, $2)', [SESSIONS_CHANGED, '']);
    });
    this.lookup.forget(({ actor }) => actor.tenantId === id);
  }
}

const withoutUndefined = (change: TenantChange): TenantChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

const statusAction = { active: 'tenant.resume', suspended: 'tenant.suspend' } as const;

/** By tenant, or by the tenant's sessions. */
async function removeRows(tx: EntityManager, tenantId: string): Promise<void> {
  const ofTenants = tablesWith(tx, 'tenantId');
  const ofSessions = tablesWith(tx, 'sessionId').filter((table) => !ofTenants.includes(table));
  const sessions = tx.createQueryBuilder(Session, 'session').withDeleted().select('session.id');
  for (const { target } of ofSessions)
    await tx
      .createQueryBuilder()
      .delete()
      .from(target)
      .where(`sessionId IN (${sessions.where('session.tenantId = :tenantId').getQuery()})`, { tenantId })
      .execute();
  for (const { target } of ofTenants) await tx.delete(target, { tenantId });
}
