import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { Injectable } from '@nestjs/common';

const PURPOSE = 'media-link';

/** Links that open one file without a token, for a while. */
@Injectable()
export class MediaLinksService {
  constructor(
    private readonly keys: KeyRing,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  linkTo(id: string): string {
    const expires = Math.floor(this.clock.now().getTime() / 1000) + this.config.mediaLinkSeconds;
    const signature = this.keys.sign(`${id}.${expires}`, PURPOSE).toString('base64url');
    const base = this.config.publicUrl?.replace(/\/+$/, '') ?? '';
    return `${base}/files/${id}?expires=${expires}&signature=${signature}`;
  }

  isValid(id: string, expires: string, signature: string): boolean {
    if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1000 < this.clock.now().getTime()) return false;
    return this.keys.isSigned(`${id}.${expires}`, PURPOSE, Buffer.from(signature, 'base64url'));
  }
}
