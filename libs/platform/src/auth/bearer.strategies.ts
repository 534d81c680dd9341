import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-http-bearer';
import { Config } from '../config/config.js';
import type { Principal, UserPrincipal } from './principal.js';
import { TokenLookup } from './token-lookup.js';
import { hashToken } from './token.js';

/** The operator's ADMIN_TOKEN. */
@Injectable()
export class OperatorStrategy extends PassportStrategy(Strategy, 'operator') {
  private readonly expected: Buffer;

  constructor({ adminToken }: Config) {
    super();
    if (!adminToken) throw new Error('ADMIN_TOKEN is neither set nor generated');
    this.expected = hashToken(adminToken);
  }

  validate(token: string): Principal | null {
    return timingSafeEqual(hashToken(token), this.expected) ? { kind: 'operator' } : null;
  }
}

/** API tokens of tenants' users. */
@Injectable()
export class UserStrategy extends PassportStrategy(Strategy, 'user') {
  constructor(private readonly tokens: TokenLookup) {
    super();
  }

  validate(token: string): Promise<UserPrincipal | null> {
    return this.tokens.find(token);
  }
}
