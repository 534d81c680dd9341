import type { EventEnvelope } from '@app/platform/events/envelope.js';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './eventually.js';

export interface ReceivedDelivery {
  headers: IncomingHttpHeaders;
  /** The body as it came, for the signature. */
  raw: string;
  event: EventEnvelope;
}

/** A customer's end of a webhook: keeps what comes and says thank you. */
export class WebhookReceiver {
  readonly received: ReceivedDelivery[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        receiver.received.push({ headers: request.headers, raw, event: JSON.parse(raw) as EventEnvelope });
        response.writeHead(204).end();
      });
    });
    const receiver = new WebhookReceiver(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The first delivery that fits, once it has come. */
  delivery(what: string, fits: (event: EventEnvelope) => boolean): Promise<ReceivedDelivery> {
    return eventually(what, () => this.received.find(({ event }) => fits(event)));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
