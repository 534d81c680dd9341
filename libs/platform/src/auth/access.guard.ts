import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { extendContext } from '../logging/request-context.js';
import { ACCESS, type Access } from './access.decorator.js';
import { Authentication } from './authentication.js';
import { networkOf } from './network.js';
import { hasScope, type Principal } from './principal.js';
import { RateLimiter } from './rate-limiter.js';

/** The one door: who is asking, may they, and not too often. Routes that do not declare their access stay shut. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger('Access');

  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!access) {
      this.logger.error(`${context.getClass().name}.${context.getHandler().name} declares no access`);
      throw forbidden('access.undeclared', 'This route is not open to anybody.');
    }
    // Health and metrics: a limit would have an orchestrator take a busy process for a dead one.
    if (access.level === 'public') return true;
    const { authorization } = request.headers;
    const principal = await this.authentication.authenticate(authorization, networkOf(request.ip));
    this.limit(context.switchToHttp().getResponse<FastifyReply>(), keyOf(principal));
    admit(request, access, principal);
    return true;
  }

  private limit(reply: FastifyReply, key: string): void {
    const { rateLimitPerMinute } = this.config;
    if (rateLimitPerMinute === 0) return;
    const { limit, remaining } = this.limiter.take(key, rateLimitPerMinute);
    void reply.headers({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining });
  }
}

function admit(request: FastifyRequest, { level, area }: Access, principal: Principal): void {
  request.principal = principal;
  if (principal.kind === 'operator') {
    if (level === 'user') throw forbidden('access.user-only', 'The admin token has no tenant; use a token of a user.');
    return;
  }
  request.actor = principal.actor;
  extendContext({ tenantId: principal.actor.tenantId, ...sessionOf(request) });
  if (level === 'admin') throw forbidden('access.admin-only', 'Only the operator may do this.');
  if (principal.isTenantSuspended) throw forbidden('tenant.suspended', 'The tenant is suspended.');
  const scope = `${area}:${request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write'}`;
  if (!hasScope(principal.scopes, scope)) throw forbidden('token.scope-missing', `The token lacks the scope ${scope}.`);
}

/** The session in the path, for the log; whether it is the tenant's is for the services to say. */
function sessionOf({ params }: FastifyRequest): { sessionId?: string } {
  const { sessionId } = (params ?? {}) as { sessionId?: string };
  return sessionId && /^ses_\w{1,40}$/.test(sessionId) ? { sessionId } : {};
}

const forbidden = (code: string, detail: string) => new AppError('forbidden', code, detail);

const keyOf = (principal: Principal) => (principal.kind === 'operator' ? 'operator' : principal.tokenId);
