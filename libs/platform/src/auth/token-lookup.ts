import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { ApiToken } from '@app/database/entities/api-token.entity.js';
import { Tenant } from '@app/database/entities/tenant.entity.js';
import { User } from '@app/database/entities/user.entity.js';
import { Clock } from '../clock/clock.js';
import { AppError } from '../errors/app-error.js';
import type { UserPrincipal } from './principal.js';
import { hashToken } from './token.js';

/** How long another process may go on accepting a token that was revoked here. */
const CACHE_MS = 5000;
const TOUCH_EVERY_MS = 60_000;
const SHAPE = /^swb_[A-Za-z0-9_-]{43}$/;

type Known = UserPrincipal & { lastUsedAt: Date | null };

interface Row {
  id: string;
  tenantId: string;
  userId: string;
  role: 'owner' | 'staff';
  status: Tenant['status'];
  scopes: string[];
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** Finds whom an API token belongs to. */
@Injectable()
export class TokenLookup implements OnModuleDestroy {
  private readonly logger = new Logger('Tokens');
  private readonly cache = new LRUCache<string, Known>({ max: 10_000, ttl: CACHE_MS });
  private readonly touches = new Set<Promise<void>>();
  /** Grows with every revocation, so that a look-up which began before it is not cached after it. */
  private generation = 0;

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Null for a token nobody has; throws `token.expired`. */
  async find(token: string): Promise<UserPrincipal | null> {
    if (!SHAPE.test(token)) return null;
    const hash = hashToken(token);
    return this.current(hash.toString('base64'), { hash });
  }

  /** The same for a token that was shown before and is known by its id. */
  findById(id: string): Promise<UserPrincipal | null> {
    return this.current(id, { id });
  }

  private async current(key: string, by: Partial<Pick<ApiToken, 'id' | 'hash'>>): Promise<UserPrincipal | null> {
    const known = this.cache.get(key) ?? (await this.load(by, key));
    if (!known) return null;
    if (known.expiresAt && known.expiresAt <= this.clock.now())
      throw new AppError('unauthenticated', 'token.expired', `The token expired at ${known.expiresAt.toISOString()}.`);
    this.touch(known);
    return known;
  }

  /** To be called after a token, a user or a tenant was changed or removed. */
  forget(isMeant: (principal: UserPrincipal) => boolean): void {
    this.generation += 1;
    for (const [key, known] of this.cache.entries()) if (isMeant(known)) this.cache.delete(key);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.touches);
  }

  private async load(by: Partial<Pick<ApiToken, 'id' | 'hash'>>, key: string): Promise<Known | null> {
    const { generation } = this;
    const row = await this.database
      .createQueryBuilder(ApiToken, 'token')
      .innerJoin(User, 'owner', 'owner.id = token.userId AND owner.tenantId = token.tenantId')
      .innerJoin(Tenant, 'tenant', 'tenant.id = token.tenantId')
      .where(by.id ? 'token.id = :id' : 'token.hash = :hash', by)
      .select(['id', 'tenantId', 'userId', 'scopes', 'expiresAt', 'lastUsedAt'].map((name) => column('token', name)))
      .addSelect([column('owner', 'role'), column('tenant', 'status')])
      .getRawOne<Record<string, unknown>>();
    if (!row) return null;
    const known = toKnown(row as unknown as Row);
    if (generation === this.generation) this.cache.set(key, known);
    return known;
  }

  private touch(known: Known): void {
    const now = this.clock.now();
    if (known.lastUsedAt && now.getTime() - known.lastUsedAt.getTime() < TOUCH_EVERY_MS) return;
    known.lastUsedAt = now;
    const touch = this.database
      .getRepository(ApiToken)
      .update({ id: known.tokenId }, { lastUsedAt: now })
      .then(() => undefined)
      .catch((error: unknown) => this.logger.error('could not note the use of a token', error))
      .finally(() => this.touches.delete(touch));
    this.touches.add(touch);
  }
}

const column = (alias: string, name: string) => `${alias}.${name} AS "${name}"`;

const toKnown = ({ id, tenantId, userId, role, status, scopes, expiresAt, lastUsedAt }: Row): Known => ({
  kind: 'user',
  actor: { tenantId, userId, role },
  tokenId: id,
  scopes,
  expiresAt,
  isTenantSuspended: status === 'suspended',
  lastUsedAt,
});
