import type { IncomingHttpHeaders } from 'node:http';
import { eventually } from './eventually.js';
import type { EventBody } from './gateway-process.js';
import { LocalReceiver } from './local-receiver.js';

export interface ReceivedWebhook {
  headers: IncomingHttpHeaders;
  raw: string;
  event: EventBody;
}

/** A customer's endpoint for events: a receiver that reads what it gets. */
export class WebhookReceiver {
  private constructor(private readonly receiver: LocalReceiver) {}

  static async start(): Promise<WebhookReceiver> {
    const receiver = new LocalReceiver();
    await receiver.start();
    return new WebhookReceiver(receiver);
  }

  get url(): string {
    return this.receiver.url('/hook');
  }

  get received(): ReceivedWebhook[] {
    return this.receiver.requests.map(({ headers, body }) => ({
      headers,
      raw: body,
      event: JSON.parse(body) as EventBody,
    }));
  }

  /** The first delivery that fits. */
  delivery(what: string, fits: (event: EventBody) => boolean): Promise<ReceivedWebhook> {
    return eventually(`a webhook with ${what}`, () => this.received.find(({ event }) => fits(event)));
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }
}
