import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import type { DestinationSecrets } from '../../destinations/destination-secrets.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { delivered, failed, type Answer, type Shipment, type Transport } from './transport.js';

const EXCERPT_BYTES = 1024;

/** Posts events as Standard Webhooks has it (https://www.standardwebhooks.com). */
@Injectable()
export class WebhookTransport implements Transport {
  readonly kind = 'webhook';

  constructor(
    private readonly outbound: OutboundClient,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async send({ url, secrets }: DeliveryTarget, { event, json }: Shipment): Promise<Answer> {
    const timestamp = Math.floor(this.clock.now().getTime() / 1000);
    const headers = {
      ...secrets.headers,
      'content-type': 'application/json',
      'user-agent': 'Switchboard',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': this.signatures(secrets, `${event.id}.${timestamp}.${json}`).join(' '),
    };
    try {
      const timeoutMs = this.config.webhookTimeoutMs;
      const { status, body } = await this.outbound.request(url, {
        method: 'POST',
        headers,
        body: json,
        tls: secrets.tls,
        timeoutMs,
        firstBytes: EXCERPT_BYTES,
      });
      const answer = { responseStatus: status, excerpt: excerptOf(body) };
      return status >= 200 && status < 300 ? delivered(answer) : failed(`The answer was ${status}.`, answer);
    } catch (error) {
      return failed(error instanceof AppError ? error.detail : 'The request failed.');
    }
  }

  /** Two while a new secret takes over from an old one. */
  private signatures({ signing, previous }: DestinationSecrets, content: string): string[] {
    const isBoth = previous && this.clock.now() < new Date(previous.until);
    const secrets = [signing, isBoth ? previous.secret : undefined].filter((secret) => secret !== undefined);
    return secrets.map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
    });
  }
}

/** As text; what is no text or not allowed in a database is left out. */
const excerptOf = (body: Buffer): string | null => body.toString('utf8').replace(/[\0\ufffd]/g, '') || null;
