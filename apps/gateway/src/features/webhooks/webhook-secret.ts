import { randomBytes } from 'node:crypto';
import { invalid } from '@app/platform/errors/app-error.js';
import type { WebhookFormat } from '@app/platform/events/webhook-settings.js';

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** Standard Webhooks fixes how a secret looks; the other formats sign with any text. */
export function assertFits(secret: string, format: WebhookFormat, pointer: '/secret' | '/format'): void {
  if (format !== 'native') {
    if (/^[\x21-\x7e]{8,200}$/.test(secret)) return;
    throw invalid('webhook.secret-unfit', pointer, 'must be a secret of 8 to 200 visible ASCII characters');
  }
  const [, key = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const bytes = Buffer.from(key, 'base64').length;
  if (bytes >= 24 && bytes <= 64) return;
  const detail = 'The format native takes a secret of whsec_ and 24 to 64 bytes as base64';
  throw invalid('webhook.secret-unfit', pointer, pointer === '/secret' ? `${detail}.` : `${detail}; rotate it first.`);
}
