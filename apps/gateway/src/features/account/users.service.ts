import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type EntityManager, type Repository } from 'typeorm';
import { Tenant } from '@app/database/entities/tenant.entity.js';
import { User } from '@app/database/entities/user.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, toPage, type Page } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { TokensService } from './tokens.service.js';

export interface Profile {
  user: User;
  tenant: Tenant;
}

export interface UserWithToken {
  user: User;
  token: string;
}

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly tokens: TokensService,
    private readonly audit: AuditLog,
  ) {}

  async profile({ tenantId, userId }: Actor): Promise<Profile> {
    const [user, tenant] = await Promise.all([
      this.users.findOneBy({ id: userId, tenantId }),
      this.users.manager.findOneBy(Tenant, { id: tenantId }),
    ]);
    if (!user || !tenant) throw notFound('user', userId);
    return { user, tenant };
  }

  /** For the operator: the users of one tenant, or of all. */
  async list(query: { tenantId?: string; limit: number; cursor?: string }): Promise<Page<User>> {
    const { tenantId, limit, cursor } = query;
    const [after] = decodeCursor(cursor) ?? [];
    const rows = await this.users.find({
      where: { ...(tenantId ? { tenantId } : {}), ...(after ? { id: MoreThan(after) } : {}) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, ({ id }) => id);
  }

  /** For the operator: another user of a tenant, with its first token. */
  async create({ tenantId, name, role }: Pick<User, 'tenantId' | 'name' | 'role'>): Promise<UserWithToken> {
    return this.users.manager.transaction(async (tx) => {
      const tenant = await tx.findOne(Tenant, { where: { id: tenantId }, lock: { mode: 'pessimistic_read' } });
      if (!tenant) throw notFound('tenant', tenantId);
      const created = await this.add(tx, { tenantId, name, role });
      await this.audit.record(tx, { actor: 'admin', tenantId, action: 'user.create', target: created.user.id });
      return created;
    });
  }

  async add(
    tx: EntityManager,
    { tenantId, name, role }: Pick<User, 'tenantId' | 'name' | 'role'>,
  ): Promise<UserWithToken> {
    const user = await tx.save(tx.create(User, { id: newId('user'), tenantId, name, role }));
    const { token } = await this.tokens.issue(tx, { tenantId, userId: user.id }, { name: 'First token' });
    return { user, token };
  }
}
