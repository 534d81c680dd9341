import { Clock } from '@app/platform/clock/clock.js';
import { Config } from '@app/platform/config/config.js';
import { AppError } from '@app/platform/errors/app-error.js';
import type { WebhookSettings } from '@app/platform/events/webhook-settings.js';
import { OutboundClient } from '@app/platform/outbound/outbound-client.js';
import { Injectable } from '@nestjs/common';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import type { EventFormat } from '../formats/event-format.js';
import { eventFormats, WebhookBodiesService } from '../formats/webhook-bodies.service.js';
import type { WebhookBody } from '../formats/webhook-body.js';
import { delivered, failed, type Answer, type Shipment, type Transport } from './transport.js';

type Secrets = DeliveryTarget['secrets'];

const EXCERPT_BYTES = 1024;

/** Posts events as Standard Webhooks has it (https://www.standardwebhooks.com), or as another gateway would. */
@Injectable()
export class WebhookTransport implements Transport {
  readonly kind = 'webhook';

  constructor(
    private readonly outbound: OutboundClient,
    private readonly bodies: WebhookBodiesService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async send(target: DeliveryTarget, { event, json }: Shipment): Promise<Answer> {
    try {
      const body = await this.bodies.write(target.settings, event.type, json);
      // The receiver would not know what to make of it.
      return body ? await this.post(target, event.id, body) : delivered();
    } catch (error) {
      return failed(error instanceof AppError ? error.detail : 'The request failed.');
    }
  }

  private async post({ url, settings, secrets }: DeliveryTarget, id: string, body: WebhookBody): Promise<Answer> {
    const timestamp = String(Math.floor(this.clock.now().getTime() / 1000));
    const format = eventFormats.get((settings as WebhookSettings).format ?? 'native');
    const signature = format
      ? await signAs(format, secrets, body)
      : await this.sign(secrets, body, `${id}.${timestamp}.`);
    const { status, body: said } = await this.outbound.request(url, {
      method: 'POST',
      headers: {
        'user-agent': 'Switchboard',
        ...secrets.headers,
        'content-type': 'application/json',
        'content-length': String(body.sizeBytes),
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        ...signature,
      },
      body: body.content(),
      tls: secrets.tls,
      timeoutMs: this.config.webhookTimeoutMs,
      firstBytes: EXCERPT_BYTES,
    });
    const answer = { responseStatus: status, excerpt: excerptOf(said) };
    return status >= 200 && status < 300 ? delivered(answer) : failed(`The answer was ${status}.`, answer);
  }

  /** Twice while a new secret takes over from an old one. */
  private async sign({ signing, previous }: Secrets, body: WebhookBody, prefix: string) {
    const isBoth = previous && this.clock.now() < new Date(previous.until);
    const secrets = [signing, isBoth ? previous.secret : undefined].filter((secret) => secret !== undefined);
    const keys = secrets.map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
    const signatures = await body.signedBy(keys, prefix);
    return {
      'webhook-signature': signatures.map((signature) => `v1,${signature.toString('base64')}`).join(' '),
    };
  }
}

/** There is room for one signature: that of the newest secret. */
async function signAs({ signature }: EventFormat, { signing = '' }: Secrets, body: WebhookBody) {
  const [hmac] = await body.signedBy([signing]);
  return { [signature.header]: `${signature.prefix}${hmac?.toString('hex')}` };
}

/** As text; what is no text or not allowed in a database is left out. */
const excerptOf = (body: Buffer): string | null => body.toString('utf8').replace(/[\0\ufffd]/g, '') || null;
