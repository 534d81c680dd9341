import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Authentication } from './authentication.js';
import { OperatorStrategy, UserStrategy } from './bearer.strategies.js';
import { RateLimiter } from './rate-limiter.js';
import { SessionGrants } from './session-grants.js';
import { StreamTokens } from './stream-tokens.js';
import { TokenLookup } from './token-lookup.js';

/** Access to every route: who is asking, may they, and not too often. */
@Global()
@Module({
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    Authentication,
    OperatorStrategy,
    RateLimiter,
    SessionGrants,
    StreamTokens,
    TokenLookup,
    UserStrategy,
  ],
  exports: [Authentication, RateLimiter, SessionGrants, StreamTokens, TokenLookup],
})
export class AuthModule {}
