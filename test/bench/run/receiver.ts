import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Delivery {
  data?: { message?: { messageId?: string } };
  message?: { key?: { id?: string } };
}

/** Where webhooks arrive: answers 204 and keeps the ids of the messages, whoever tells of them. */
export class Receiver {
  /** When each came first. */
  readonly seen = new Map<string, number>();
  repeats = 0;
  private lastAt = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.take(request, response));
  }

  static async start(): Promise<Receiver> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  /** When the last message came that had not been told of before. */
  get finishedAt(): number {
    return this.lastAt;
  }

  forget(): void {
    this.seen.clear();
    this.repeats = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { data, message } = JSON.parse(Buffer.concat(chunks).toString()) as Delivery;
      this.count(data?.message?.messageId ?? message?.key?.id ?? '');
      response.writeHead(204).end();
    });
  }

  private count(id: string): void {
    if (this.seen.has(id)) {
      this.repeats++;
      return;
    }
    this.lastAt = performance.now();
    this.seen.set(id, this.lastAt);
  }
}
