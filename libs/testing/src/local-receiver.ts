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

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url: path = '', headers } = request;
        const received = { path, headers, body: Buffer.concat(chunks).toString() };
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
    return `http://127.0.0.1:${this.port}${path}`;
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
  beforeEach(() => {
    receiver.answer();
    receiver.requests.length = 0;
  });
  return receiver;
}
