import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { Clock } from '../world/clock.js';
import { readRange } from './byte-range.js';
import type { ByteRange } from './byte-range.js';
import type { MediaFaultAction } from './media-faults.js';
import type { Blob, MediaSite, MediaStore } from './media-store.js';
import { paced } from './pace.js';
import { createTlsIdentity } from './tls-authority.js';
import { UploadRefusal, readTarget, receiveUpload } from './uploads.js';
import type { UploadTarget } from './uploads.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const GIB = 1024 ** 3;
const HOSTS = ['localhost', '127.0.0.1', '::1', 'mmg.whatsapp.net', '*.whatsapp.net'];

/** How to start the media server; everything has a default. */
export interface MediaOptions {
  /** 0 takes any free port. */
  mediaPort?: number;
  host?: string;
  /** The name clients reach this machine by, when it is not the address listened on; goes into the certificate. */
  publicHost?: string | undefined;
  /** Where the certificate and the files are kept; a folder of its own among the temporary ones when absent. */
  dataDir?: string;
  mediaTtlMs?: number;
  maxMediaBytes?: number;
}

/** What the media server serves: the files of the network in force. */
export interface MediaWorld {
  media: MediaStore;
  clock: Clock;
}

/** A running media server; it outlives the networks that put files on it. */
export interface MediaServer {
  site: MediaSite;
  /** The certificate a client must trust. */
  caFile: string;
  close(): Promise<void>;
}

/** The name that clients are told: the public one, or the address listened on. */
export function nameOf({ host = '127.0.0.1', publicHost }: MediaOptions): string {
  return publicHost ?? (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);
}

/** Starts an HTTPS server for uploads and downloads, with a certificate of a fresh authority. */
export async function openMediaServer(
  options: MediaOptions,
  logger: Logger,
  world: () => MediaWorld,
): Promise<MediaServer> {
  const { mediaPort = 0, host = '127.0.0.1', dataDir } = options;
  const home = dataDir ?? mkdtempSync(join(tmpdir(), 'simulator-'));
  const folder = join(home, 'media');
  // Files of a process that was killed are of no use to this one.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const reachable = nameOf(options);
  const { key, cert, authority } = await createTlsIdentity([...new Set([...HOSTS, reachable])]);
  const caFile = join(home, 'ca.pem');
  writeFileSync(caFile, authority);

  const server = createServer({ key, cert }, (request, response) => {
    new Exchange(request, response, world()).run().catch((error: unknown) => {
      // A client may hang up at any time; everything else is a bug.
      if (!request.destroyed && !response.destroyed) logger.error({ err: error }, 'a transfer failed');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(mediaPort, host, resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ ca: authority, keepAlive: true, maxSockets: 64 });
  const site: MediaSite = {
    host: hostAndPort(reachable, port),
    inside: { host: nameOf({ host }), port, servername: 'localhost', agent },
    folder,
    ttlMs: options.mediaTtlMs ?? 30 * DAY_MS,
    maxBytes: options.maxMediaBytes ?? 2 * GIB,
    maxTotalBytes: 16 * GIB,
  };
  const close = async (): Promise<void> => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(dataDir === undefined ? home : folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { site, caFile, close };
}

/** `name:port`, with the brackets that IPv6 wants. */
export function hostAndPort(name: string, port: number): string {
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** One request to the media server and its answer. */
class Exchange {
  private readonly path: string;
  private readonly query: URLSearchParams;
  private fault: MediaFaultAction | undefined;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly world: MediaWorld,
  ) {
    const [path = '', query] = (request.url ?? '').split('?');
    this.path = path;
    this.query = new URLSearchParams(query);
  }

  async run(): Promise<void> {
    const { method } = this.request;
    if (method === 'GET' || method === 'HEAD') return this.download();
    const target = method === 'POST' ? readTarget(this.path) : undefined;
    if (!target) return this.refuse(method === 'POST' ? 404 : 405, 'there is nothing to do here');
    return this.upload(target);
  }

  private async upload(target: UploadTarget): Promise<void> {
    const { media } = this.world;
    if (!this.passes('upload', target.type)) return;
    if (!media.isGranted(this.query.get('auth') ?? '')) return this.refuse(401, 'auth is missing, wrong or too old');
    try {
      const { url, directPath } = await receiveUpload(media, target, this.request, this.atPace(this.request));
      // Cover photos of businesses are named by an id and a proof instead of a path.
      const id = directPath.split('/').at(-1)?.split('_')[0];
      const proof = { meta_hmac: target.token, fbid: id, ts: String(this.world.clock.seconds()) };
      this.json(200, { url, direct_path: directPath, ...(target.service === 'pps' && proof) });
    } catch (error) {
      if (!(error instanceof UploadRefusal)) throw error;
      this.refuse(error.status, error.message);
    }
  }

  private async download(): Promise<void> {
    const blob = this.world.media.find(this.path);
    if (!this.passes('download', typeof blob === 'object' ? blob.type : '')) return;
    if (blob === 'gone') return this.refuse(410, 'expired');
    if (!blob) return this.refuse(404, 'unknown');
    const part = readRange(this.request.headers.range, blob.sizeBytes);
    if (part === 'none') {
      this.response.setHeader('content-range', `bytes */${blob.sizeBytes}`);
      return this.refuse(416, 'there is no such part');
    }
    await this.send(blob, part);
  }

  private async send({ file, sizeBytes, contentType }: Blob, part: ByteRange | undefined): Promise<void> {
    const { request, response } = this;
    const { start, end } = part ?? { start: 0, end: sizeBytes - 1 };
    response.writeHead(part ? 206 : 200, {
      'content-type': contentType,
      'content-length': end - start + 1,
      'accept-ranges': 'bytes',
      ...(part && { 'content-range': `bytes ${start}-${end}/${sizeBytes}` }),
    });
    if (request.method === 'HEAD' || end < start) return void response.end();
    if (this.fault?.kind !== 'truncated')
      return pipeline(this.atPace(createReadStream(file, { start, end })), response);
    const half = start + Math.floor((end - start) / 2);
    await pipeline(createReadStream(file, { start, end: half }), response, { end: false });
    response.socket?.destroySoon();
  }

  /** Looks for a fault; false when it already decided how this ends. */
  private passes(direction: 'upload' | 'download', type: string): boolean {
    this.fault = this.world.media.faults.strike({ direction, type, path: this.path });
    if (this.fault?.kind === 'status') this.refuse(this.fault.code, 'fault');
    if (this.fault?.kind === 'truncated' && direction === 'upload') this.request.socket.destroy();
    return !this.fault || this.fault.kind === 'slow' || (this.fault.kind === 'truncated' && direction === 'download');
  }

  private atPace(stream: Readable): AsyncIterable<Buffer> {
    return this.fault?.kind === 'slow' ? paced(stream, this.fault.bytesPerSec, this.world.clock) : stream;
  }

  private refuse(status: number, text: string): void {
    this.json(status, { error: { code: status, message: text } });
  }

  private json(status: number, body: object): void {
    // What is left of a refused upload is not read: the connection ends with the answer.
    const isUnread = this.request.method === 'POST' && !this.request.readableEnded;
    this.response.writeHead(status, { 'content-type': 'application/json', ...(isUnread && { connection: 'close' }) });
    this.response.end(JSON.stringify(body));
  }
}
