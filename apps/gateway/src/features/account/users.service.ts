import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThan, Not, type EntityManager, type Repository } from 'typeorm';
import { Tenant } from '@app/database/entities/tenant.entity.js';
import { User } from '@app/database/entities/user.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { TokenLookup } from '@app/platform/auth/token-lookup.js';
import { conflict, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, toPage, type Page } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { tablesWith } from './tables-with.js';
import { TokensService } from './tokens.service.js';

export interface Profile {
  user: User;
  tenant: Tenant;
}

/** What is left out stays as it is. */
export type UserChange = Partial<Pick<User, 'name' | 'role'>>;

export interface UserWithToken {
  user: User;
  token: string;
}

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly tokens: TokensService,
    private readonly lookup: TokenLookup,
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

  /** Gives the caller another name. */
  async rename(actor: Actor, name: string): Promise<Profile> {
    const { tenantId, userId } = actor;
    await this.users.manager.transaction(async (tx) => {
      const { affected } = await tx.update(User, { id: userId, tenantId }, { name });
      if (!affected) throw notFound('user', userId);
      await this.audit.record(tx, { actor, tenantId, action: 'user.update', target: userId });
    });
    return this.profile(actor);
  }

  /** For the operator. */
  async get(id: string): Promise<User> {
    const user = await this.users.findOneBy({ id });
    if (!user) throw notFound('user', id);
    return user;
  }

  /** Throws `user.not-found` unless it is a user of the actor's tenant. */
  async getColleague({ tenantId }: Actor, id: string): Promise<User> {
    const user = await this.users.findOneBy({ id, tenantId });
    if (!user) throw notFound('user', id);
    return user;
  }

  /** What users of the actor's tenant are called. */
  async namesOf({ tenantId }: Actor, ids: string[]): Promise<Map<string, string>> {
    const users = await this.users.findBy({ tenantId, id: In(ids) });
    return new Map(users.map(({ id, name }) => [id, name]));
  }

  /** The users of one tenant, or, for the operator, of all. */
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

  /** For the operator: another name or role, which counts at once. Throws `user.last-owner`. */
  async update(id: string, { name, role }: UserChange): Promise<User> {
    const user = await this.users.manager.transaction(async (tx) => {
      const found = await this.alone(tx, id);
      if (role === 'staff') await keepAnOwner(tx, found);
      const saved = await tx.save(Object.assign(found, { name: name ?? found.name, role: role ?? found.role }));
      await this.audit.record(tx, { actor: 'admin', tenantId: found.tenantId, action: 'user.update', target: id });
      return saved;
    });
    this.lookup.forget(({ actor }) => actor.userId === id);
    return user;
  }

  /** For the operator: removes a user with whatever belongs to them alone, such as tokens. Throws `user.last-owner`. */
  async remove(id: string): Promise<void> {
    await this.users.manager.transaction(async (tx) => {
      const user = await this.alone(tx, id);
      const { tenantId } = user;
      await keepAnOwner(tx, user);
      for (const { target } of tablesWith(tx, 'userId')) await tx.delete(target, { tenantId, userId: id });
      await tx.delete(User, { id });
      await this.audit.record(tx, { actor: 'admin', tenantId, action: 'user.delete', target: id });
    });
    this.lookup.forget(({ actor }) => actor.userId === id);
  }

  async add(
    tx: EntityManager,
    { tenantId, name, role }: Pick<User, 'tenantId' | 'name' | 'role'>,
  ): Promise<UserWithToken> {
    const user = await tx.save(tx.create(User, { id: newId('user'), tenantId, name, role }));
    const { token } = await this.tokens.issue(tx, { tenantId, userId: user.id }, { name: 'First token' });
    return { user, token };
  }

  /** The user, while nobody else changes the users of the tenant. */
  private async alone(tx: EntityManager, id: string): Promise<User> {
    const { tenantId } = await this.get(id);
    await tx.findOne(Tenant, { where: { id: tenantId }, lock: { mode: 'pessimistic_write' } });
    const user = await tx.findOneBy(User, { id });
    if (!user) throw notFound('user', id);
    return user;
  }
}

/** Somebody has to be left who may do everything. */
async function keepAnOwner(tx: EntityManager, { id, tenantId, role }: User): Promise<void> {
  if (role !== 'owner' || (await tx.existsBy(User, { tenantId, role: 'owner', id: Not(id) }))) return;
  throw conflict('user.last-owner', 'The tenant has no other owner; make somebody else one first.');
}
