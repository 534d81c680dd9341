import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type EntityManager, type Repository } from 'typeorm';
import { ApiToken } from '@app/database/entities/api-token.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { hasScope, type UserPrincipal } from '@app/platform/auth/principal.js';
import { TokenLookup } from '@app/platform/auth/token-lookup.js';
import { newToken } from '@app/platform/auth/token.js';
import { Clock } from '@app/platform/clock/clock.js';
import { AppError, invalid, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, toPage, type Page } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';

export interface TokenInput {
  name: string;
  scopes?: string[];
  expiresAt?: Date | null;
}

export interface IssuedToken {
  row: ApiToken;
  /** Known only now. */
  token: string;
}

@Injectable()
export class TokensService {
  constructor(
    @InjectRepository(ApiToken) private readonly tokens: Repository<ApiToken>,
    private readonly lookup: TokenLookup,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async list(
    { tenantId, userId }: Actor,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<ApiToken>> {
    const [after] = decodeCursor(cursor) ?? [];
    const rows = await this.tokens.find({
      where: { tenantId, userId, ...(after ? { id: MoreThan(after) } : {}) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, ({ id }) => id);
  }

  /** A further token of the caller's own, with no more scopes and no later expiry than the token it is made with. */
  async create(principal: UserPrincipal, input: TokenInput): Promise<IssuedToken> {
    const { actor } = principal;
    const { scopes = principal.scopes, expiresAt = principal.expiresAt } = input;
    assertCovers(principal, scopes);
    if (expiresAt && expiresAt <= this.clock.now())
      throw invalid('token.expiry-passed', '/expiresAt', 'must be a time in the future');
    assertEndsInTime(principal, expiresAt);
    return this.tokens.manager.transaction(async (tx) => {
      const issued = await this.issue(tx, actor, { ...input, scopes, expiresAt });
      await this.audit.record(tx, { actor, tenantId: actor.tenantId, action: 'token.create', target: issued.row.id });
      return issued;
    });
  }

  /** Makes a token for a user; `*` unless told otherwise. The caller records who did it. */
  async issue(
    tx: EntityManager,
    { tenantId, userId }: Pick<Actor, 'tenantId' | 'userId'>,
    { name, scopes = ['*'], expiresAt = null }: TokenInput,
  ): Promise<IssuedToken> {
    const { token, hash, hint } = newToken();
    const row = await tx.save(
      tx.create(ApiToken, {
        id: newId('token'),
        tenantId,
        userId,
        name,
        hash,
        hint,
        scopes,
        expiresAt,
        lastUsedAt: null,
      }),
    );
    return { row, token };
  }

  /** Ends a token of the caller's own that may do no more than the token it is revoked with. */
  async revoke(principal: UserPrincipal, id: string): Promise<void> {
    const { actor } = principal;
    const { tenantId, userId } = actor;
    await this.tokens.manager.transaction(async (tx) => {
      const row = await tx.findOneBy(ApiToken, { id, tenantId, userId });
      if (row) assertCovers(principal, row.scopes);
      const { affected } = await tx.delete(ApiToken, { id, tenantId, userId });
      if (!affected) throw notFound('token', id);
      await this.audit.record(tx, { actor, tenantId, action: 'token.revoke', target: id });
    });
    this.lookup.forget(({ tokenId }) => tokenId === id);
  }
}

function assertCovers(principal: UserPrincipal, scopes: string[]): void {
  const exceeded = scopes.find((scope) => !hasScope(principal.scopes, scope));
  if (exceeded)
    throw new AppError('forbidden', 'token.scope-exceeded', `The calling token lacks the scope ${exceeded} itself.`);
}

function assertEndsInTime({ expiresAt: end }: UserPrincipal, expiresAt: Date | null): void {
  if (!end || (expiresAt && expiresAt <= end)) return;
  throw new AppError('forbidden', 'token.expiry-exceeded', `The calling token itself expires at ${end.toISOString()}.`);
}
