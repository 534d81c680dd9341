import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AuditLog } from './audit-log.js';
import { Authentication } from './authentication.js';
import { OperatorStrategy, UserStrategy } from './bearer.strategies.js';
import { RateLimiter } from './rate-limiter.js';
import { TokenLookup } from './token-lookup.js';

/** Access to every route, and the audit log for every change. */
@Global()
@Module({
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    Authentication,
    AuditLog,
    OperatorStrategy,
    RateLimiter,
    TokenLookup,
    UserStrategy,
  ],
  exports: [Authentication, AuditLog, RateLimiter, TokenLookup],
})
export class AuthModule {}
