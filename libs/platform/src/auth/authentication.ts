import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { AppError } from '../errors/app-error.js';
import { OperatorStrategy, UserStrategy } from './bearer.strategies.js';
import type { Principal } from './principal.js';
import { RateLimiter } from './rate-limiter.js';

const FAILURES_PER_MINUTE = 60;

/** Turns an Authorization header into a principal; for the guard, and for upgrades that pass no guard. */
@Injectable()
export class Authentication {
  /** An instance of our own: the package's global one would be shared by all applications of a process. */
  private readonly passport = new passport.Authenticator();
  private readonly failures: RateLimiter;

  constructor(operator: OperatorStrategy, user: UserStrategy, limiter: RateLimiter) {
    this.passport.use('operator', operator).use('user', user);
    this.failures = limiter;
  }

  /** Throws `token.missing`, `token.invalid` or `token.expired`, and `request.rate-limited` after many of them. */
  async authenticate(authorization: string | undefined, ip: string): Promise<Principal> {
    try {
      const principal = await this.run(authorization);
      if (principal) return principal;
      throw /^Bearer\b/i.test(authorization ?? '') ? invalidToken() : missingToken();
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unauthenticated')
        this.failures.take(`failed:${ip}`, FAILURES_PER_MINUTE);
      throw error;
    }
  }

  private run(authorization: string | undefined): Promise<Principal | null> {
    // Only the header is handed over: the strategy would also take tokens from bodies and query strings, which get logged.
    const request = { headers: { authorization } };
    return new Promise((resolve, reject) => {
      const done = (error: unknown, principal?: unknown) =>
        error ? reject(asError(error)) : resolve((principal || null) as Principal | null);
      const handle: unknown = this.passport.authenticate(['operator', 'user'], { session: false }, done);
      (handle as (request: object, response: object, next: (error: unknown) => void) => void)(request, {}, done);
    });
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
const missingToken = () =>
  new AppError('unauthenticated', 'token.missing', 'Send a token as "Authorization: Bearer <token>".');
const invalidToken = () => new AppError('unauthenticated', 'token.invalid', 'The token is not valid here.');
