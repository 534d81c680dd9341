import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { extendContext } from '../logging/request-context.js';
import { ACCESS, type Access } from './access.decorator.js';
import { assertMay, forbidden } from './admission.js';
import { Authentication } from './authentication.js';
import { networkOf } from './network.js';
import type { Principal } from './principal.js';
import { RateLimiter } from './rate-limiter.js';
import { SessionGrants } from './session-grants.js';
import { StreamTokens } from './stream-tokens.js';

/** The one door: who is asking, may they, and not too often. Routes that do not declare their access stay shut. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger('Access');

  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly streams: StreamTokens,
    private readonly limiter: RateLimiter,
    private readonly grants: SessionGrants,
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
    const principal = await this.principalOf(request, access);
    this.limit(context.switchToHttp().getResponse<FastifyReply>(), keyOf(principal));
    admit(request, access, principal);
    if (principal.kind === 'user') await this.grants.assertMay(principal.actor, access, sessionIn(request));
    return true;
  }

  private principalOf(request: FastifyRequest, { isStream }: Access): Promise<Principal> {
    const { token } = request.query as { token?: unknown };
    if (isStream && typeof token === 'string') return this.streams.open(token);
    return this.authentication.authenticate(request.headers.authorization, networkOf(request.ip));
  }

  private limit(reply: FastifyReply, key: string): void {
    const { rateLimitPerMinute } = this.config;
    if (rateLimitPerMinute === 0) return;
    const { limit, remaining } = this.limiter.take(key, rateLimitPerMinute);
    void reply.headers({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining });
  }
}

function admit(request: FastifyRequest, access: Access, principal: Principal): void {
  request.principal = principal;
  if (principal.kind === 'user') {
    request.actor = principal.actor;
    extendContext({ tenantId: principal.actor.tenantId, ...sessionOf(request) });
  }
  const isReading = access.isReading ?? ['GET', 'HEAD'].includes(request.method);
  assertMay(principal, access, isReading ? 'read' : 'write');
}

/** The session in the path, for the log; whether it is the tenant's is for the services to say. */
function sessionOf(request: FastifyRequest): { sessionId?: string } {
  const sessionId = sessionIn(request);
  return sessionId && /^ses_\w{1,40}$/.test(sessionId) ? { sessionId } : {};
}

const sessionIn = ({ params }: FastifyRequest) => (params as { sessionId?: string } | undefined)?.sessionId;
const keyOf = (principal: Principal) => (principal.kind === 'operator' ? 'operator' : principal.tokenId);
