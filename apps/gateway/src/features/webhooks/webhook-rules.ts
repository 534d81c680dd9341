import { invalid } from '@app/platform/errors/app-error.js';
import type { WebhookFormat, WebhookMedia } from '@app/platform/events/webhook-settings.js';
import type { OutboundTls } from '@app/platform/outbound/tls-agents.js';

/** Formats whose payloads have a place for the bytes of a file. */
const WITH_BYTES: WebhookFormat[] = ['native', 'digigo'];

export function assertMediaFits(media: WebhookMedia, format: WebhookFormat): void {
  if (media !== 'base64' || WITH_BYTES.includes(format)) return;
  throw invalid('webhook.media-unsupported', '/media', `The format ${format} has no place for base64; take a link.`);
}

export function assertTlsFits(tls: OutboundTls | undefined, url: string): void {
  if (!tls || url.startsWith('https:')) return;
  throw invalid('webhook.tls-without-https', '/tls', 'Certificates need a URL that starts with https://.');
}
