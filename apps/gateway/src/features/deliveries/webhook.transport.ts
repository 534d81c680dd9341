import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import type { WebhookTarget } from '../webhooks/webhook-targets.service.js';

export interface Answer {
  isDelivered: boolean;
  responseStatus: number | null;
  error: string | null;
}

/** Posts events as Standard Webhooks has it (https://www.standardwebhooks.com). */
@Injectable()
export class WebhookTransport {
  constructor(
    private readonly outbound: OutboundClient,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Never throws: whatever goes wrong is a failed attempt. */
  async send({ url, key }: WebhookTarget, eventId: string, body: string): Promise<Answer> {
    const timestamp = Math.floor(this.clock.now().getTime() / 1000);
    const signature = createHmac('sha256', key).update(`${eventId}.${timestamp}.`).update(body).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Switchboard',
      'webhook-id': eventId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    };
    try {
      const timeoutMs = this.config.webhookTimeoutMs;
      const { status } = await this.outbound.request(url, { method: 'POST', headers, body, timeoutMs });
      const isDelivered = status >= 200 && status < 300;
      return { isDelivered, responseStatus: status, error: isDelivered ? null : `The answer was ${status}.` };
    } catch (error) {
      const detail = error instanceof AppError ? error.detail : 'The request failed.';
      return { isDelivered: false, responseStatus: null, error: detail };
    }
  }
}
