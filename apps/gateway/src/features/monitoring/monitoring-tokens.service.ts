import { Clock } from '@app/platform/clock/clock.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { Injectable } from '@nestjs/common';

const PURPOSE = 'monitoring-stream';
const LIFE_MS = 300_000;

/** Tokens that open the live stream and nothing else, for browsers, which can send no header with it. */
@Injectable()
export class MonitoringTokensService {
  constructor(
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** With a tenant, the stream shows that tenant alone. */
  issue(tenantId: string | null): { token: string; expiresAt: Date } {
    const expiresAt = new Date(this.clock.now().getTime() + LIFE_MS);
    const claim = `${expiresAt.getTime()}.${tenantId ?? ''}`;
    return { token: `${claim}.${this.keys.sign(claim, PURPOSE).toString('base64url')}`, expiresAt };
  }

  /** The tenant that it is for; null: all. */
  read(token: string): { tenantId: string | null } {
    const [expires = '', tenantId = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    if (!this.keys.isSigned(`${expires}.${tenantId}`, PURPOSE, given))
      throw new AppError('unauthenticated', 'token.invalid', 'The token is not valid here.');
    if (Number(expires) < this.clock.now().getTime())
      throw new AppError('unauthenticated', 'token.expired', 'The token has expired; ask for another.');
    return { tenantId: tenantId || null };
  }
}
