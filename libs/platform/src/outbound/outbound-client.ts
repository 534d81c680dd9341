import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { pipeline, Transform, type Readable } from 'node:stream';
import { Agent, buildConnector, request, type Dispatcher } from 'undici';
import { Config } from '../config/config.js';
import { AppError, unavailable } from '../errors/app-error.js';
import { AddressPolicy } from './address-policy.js';
import { connectionTrouble } from './connection-troubles.js';
import { bareHost, pinnedLookup, refusedUrl } from './pinned-lookup.js';
import { type OutboundTls, TlsAgents } from './tls-agents.js';

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  headers?: Record<string, string>;
  /** A stream needs a `content-length` among the headers. */
  body?: string | Uint8Array | Readable;
  /** Where the server has an authority of its own, or wants to know who calls. */
  tls?: OutboundTls;
  /** For the whole exchange, from the lookup of the name to the last byte. */
  timeoutMs: number;
  /** Longest answer to read; without it the body of the answer is thrown away. */
  maxBytes?: number;
  /** Instead: read so much of the answer, however long it is, and throw the rest away. */
  firstBytes?: number;
}

export interface OutboundResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Download {
  /** Where the redirects led. */
  url: string;
  status: number;
  headers: OutboundResponse['headers'];
  /** Ends with `outbound.too-large` or `outbound.failed` when it must. Whoever asks must read or destroy it. */
  body: Readable;
}

const MOST_REDIRECTS = 3;
const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS_PER_ORIGIN = 64;
const MOST_IGNORED_BYTES = 64 * 1024;

/**
 * The one way to call an address that a caller chose. A name is looked up once and the connection goes to the address
 * that was checked, so it cannot change in between; connections are kept and reused. Redirects are followed by downloads alone.
 */
@Injectable()
export class OutboundClient implements OnApplicationShutdown {
  private readonly policy: AddressPolicy;
  private readonly agent: Agent;
  private readonly tlsAgents = new TlsAgents((tls) => this.makeAgent(tls));

  constructor(config: Config) {
    this.policy = new AddressPolicy(config.outboundAllow);
    this.agent = this.makeAgent();
  }

  /**
   * Refuses what can be seen to be wrong without a lookup; the rest shows when the URL is called. `pointer` names the
   * field that the URL came in.
   */
  assertAllowed(url: string, pointer?: string): void {
    const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
    const host = bareHost(hostname);
    if (protocol !== 'http:' && protocol !== 'https:') throw refusedUrl(pointer);
    if (isIP(host) && !this.policy.allows(host, host)) throw refusedUrl(pointer);
    if (/(^|\.)localhost\.?$/i.test(host) && !this.policy.allows('127.0.0.1', host)) throw refusedUrl(pointer);
  }

  /** Throws `outbound.refused` for an address we may not call, `outbound.failed` when there is no answer in time. */
  async request(
    url: string,
    { timeoutMs, maxBytes, firstBytes = 0, tls, ...options }: OutboundRequest,
  ): Promise<OutboundResponse> {
    this.assertAllowed(url);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const dispatcher = tls ? this.tlsAgents.of(tls) : this.agent;
      const { statusCode, headers, body } = await request(url, { ...options, dispatcher, signal });
      if (maxBytes !== undefined) return { status: statusCode, headers, body: await readAtMost(body, maxBytes) };
      return { status: statusCode, headers, body: await readFirst(body, firstBytes) };
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw unavailable('outbound.failed', reason(error, timeoutMs), error);
    }
  }

  /**
   * Opens a file of any size for reading. Each redirect, three at most, is checked like the URL itself. An answer that
   * says it is longer than `maxBytes` is refused unread; one that does not say so is cut off there.
   */
  async download(
    url: string,
    { timeoutMs, maxBytes }: { timeoutMs: number; maxBytes: number },
    redirects = 0,
  ): Promise<Download> {
    this.assertAllowed(url);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const headers = { 'accept-encoding': 'identity', 'user-agent': 'Switchboard' };
      const answer = await request(url, { method: 'GET', headers, dispatcher: this.agent, signal });
      // Whoever hangs up early must not bring the process down with it.
      answer.body.on('error', () => undefined);
      const next = redirectOf(url, answer.statusCode, answer.headers.location);
      if (next === undefined) return readable(url, answer, maxBytes);
      answer.body.destroy();
      if (redirects === MOST_REDIRECTS) throw unavailable('outbound.failed', 'There were too many redirects.');
      return await this.download(next, { timeoutMs, maxBytes }, redirects + 1);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw unavailable('outbound.failed', reason(error, timeoutMs), error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.agent.destroy(), this.tlsAgents.destroy()]);
  }

  private makeAgent({ ca, certificate: cert, key }: OutboundTls = {}): Agent {
    const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: this.lookup, ca, cert, key });
    return new Agent({
      connections: CONNECTIONS_PER_ORIGIN,
      keepAliveTimeout: 15_000,
      connect: (options, callback) => {
        // A literal address never reaches the lookup.
        const host = bareHost(options.hostname);
        if (isIP(host) && !this.policy.allows(host, host)) return callback(refusedUrl(), null);
        connect(options, callback);
      },
    });
  }

  /** The system's resolver; a test has names of its own. */
  protected resolve: typeof lookup = lookup;

  private readonly lookup = pinnedLookup(
    () => this.policy,
    () => this.resolve,
  );
}

const tooLarge = (maxBytes: number) =>
  new AppError('too-large', 'outbound.too-large', `The answer has over ${maxBytes} bytes.`);

/** Where an answer sends us; undefined when it is the answer. */
function redirectOf(url: string, status: number, location: string | string[] | undefined): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  return URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

function readable(url: string, { statusCode, headers, body }: Dispatcher.ResponseData, maxBytes: number): Download {
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    body.destroy();
    throw tooLarge(maxBytes);
  }
  let size = 0;
  const capped = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  pipeline(body, capped, () => undefined);
  return { url, status: statusCode, headers, body: capped };
}

/** A short body is read to its end, which keeps the connection; a long one costs the connection. */
async function readFirst(body: AsyncIterable<Buffer>, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      if (size < bytes) chunks.push(chunk.subarray(0, bytes - size));
      size += chunk.length;
      if (size > MOST_IGNORED_BYTES) break;
    }
  } catch {
    // The answer counts by its status; whether it came to its end does not matter.
  }
  return Buffer.concat(chunks);
}

async function readAtMost(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reason(error: unknown, timeoutMs: number): string {
  const { name, code = '' } = error as { name?: string; code?: string };
  if (name === 'TimeoutError') return `There was no answer within ${timeoutMs / 1000} s.`;
  return connectionTrouble(code) ?? 'The request failed.';
}
