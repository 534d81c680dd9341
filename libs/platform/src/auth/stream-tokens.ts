import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { AppError } from '../errors/app-error.js';
import { KeyRing } from '../secrets/key-ring.js';
import type { UserPrincipal } from './principal.js';
import { TokenLookup } from './token-lookup.js';

const PURPOSE = 'stream-token';
const LIFE_MS = 5 * 60_000;
const SHAPE = /^sws_(tok_\w{1,40})\.(\d{1,12})\.([\w-]{43})$/;

/**
 * Short-lived credentials that open streams of events and nothing else, for places that get written down, such as URLs.
 * Each stands for an API token and is worth nothing without it.
 */
@Injectable()
export class StreamTokens {
  constructor(
    private readonly keys: KeyRing,
    private readonly tokens: TokenLookup,
    private readonly clock: Clock,
  ) {}

  issue({ tokenId }: UserPrincipal): { token: string; expiresAt: Date } {
    const expires = Math.floor((this.clock.now().getTime() + LIFE_MS) / 1000);
    const signed = `${tokenId}.${expires}`;
    const token = `sws_${signed}.${this.keys.sign(signed, PURPOSE).toString('base64url')}`;
    return { token, expiresAt: new Date(expires * 1000) };
  }

  /** Throws `token.invalid` or `token.expired`. */
  async open(token: string): Promise<UserPrincipal> {
    const [, tokenId = '', expires = '', signature = ''] = SHAPE.exec(token) ?? [];
    if (!this.keys.isSigned(`${tokenId}.${expires}`, PURPOSE, Buffer.from(signature, 'base64url'))) throw notValid();
    if (Number(expires) * 1000 <= this.clock.now().getTime())
      throw new AppError('unauthenticated', 'token.expired', 'The stream token has expired; ask for another one.');
    const principal = await this.tokens.findById(tokenId);
    if (!principal) throw notValid();
    return principal;
  }
}

const notValid = () => new AppError('unauthenticated', 'token.invalid', 'The stream token is not valid here.');
