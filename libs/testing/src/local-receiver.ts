import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { soon } from './expect-soon.js';

export interface ReceivedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** As it came, for the signature. */
  body: string;
}

type Responder = (response: ServerResponse, request: ReceivedRequest) => void;

const ok: Responder = (response) => void response.writeHead(204).end();

/** A webhook's receiver on this machine: keeps what comes and answers as told. */
export class LocalReceiver {
  readonly requests: ReceivedRequest[] = [];
  private respond = ok;
  private server: Server | undefined;
  private port = 0;
  /** Begins the path of every URL. What comes to another one is a late delivery of an earlier test. */
  private prefix = '';

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url = '', headers } = request;
        const received = { path: url.slice(this.prefix.length), headers, body: Buffer.concat(chunks).toString() };
        if (!url.startsWith(this.prefix)) return ok(response, received);
        this.requests.push(received);
        this.respond(response, received);
      });
    });
    // The same port after a stop: the URL is known already.
    await new Promise<void>((done) => this.server?.listen(this.port, '127.0.0.1', done));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    if (server) await new Promise((done) => server.close(done));
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${this.prefix}${path}`;
  }

  /** Forgets what came, and takes everything that comes to URLs given from now on. */
  reset(): void {
    this.respond = ok;
    this.requests.length = 0;
    this.prefix = `/${randomUUID()}`;
  }

  answer(responder: number | Responder = ok): void {
    this.respond = typeof responder === 'number' ? (response) => void response.writeHead(responder).end() : responder;
  }

  /** The requests to a path, once there are as many. */
  async received(count: number, path = '/'): Promise<ReceivedRequest[]> {
    return soon(() => {
      const requests = this.requests.filter((request) => request.path === path);
      if (requests.length < count) throw new Error(`${requests.length} of ${count} requests came to ${path}`);
      return requests;
    });
  }
}

/** One for the tests of a `describe`: at the beginning of each it takes everything, and nothing has come yet. */
export function useLocalReceiver(): LocalReceiver {
  const receiver = new LocalReceiver();
  beforeAll(() => receiver.start());
  afterAll(() => receiver.stop());
  beforeEach(() => receiver.reset());
  return receiver;
}
