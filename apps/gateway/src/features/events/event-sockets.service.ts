import { assertMay } from '@app/platform/auth/admission.js';
import { Authentication } from '@app/platform/auth/authentication.js';
import { networkOf } from '@app/platform/auth/network.js';
import type { Principal, UserPrincipal } from '@app/platform/auth/principal.js';
import { RateLimiter } from '@app/platform/auth/rate-limiter.js';
import { StreamTokens } from '@app/platform/auth/stream-tokens.js';
import { Config } from '@app/platform/config/config.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { toProblem } from '@app/platform/http/problem.js';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { EventFollowersService } from './event-followers.service.js';
import { EventSocket } from './event-socket.js';

const PATH = '/v1/events/ws';
const MOST_BYTES = 65_536;
const GOODBYE_MS = 1000;
/** Browsers name the token as a protocol beside this one: they can't set headers. */
const PROTOCOL = 'switchboard.v1';

/** Takes upgrades to WebSockets. They pass none of Fastify's hooks nor Nest's guards, so the door is here. */
@Injectable()
export class EventSocketsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventSocketsService.name);
  private readonly sockets = new Set<EventSocket>();
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  });

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly authentication: Authentication,
    private readonly streams: StreamTokens,
    private readonly limiter: RateLimiter,
    private readonly followers: EventFollowersService,
  ) {}

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    http?.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      this.admit(request).then(
        (admitted) => this.accept(admitted, request, socket, head),
        (error: unknown) => this.refuse(error, request, socket),
      );
    });
  }

  /** The server waits for every connection; who does not say goodbye in time is cut off. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const socket of this.sockets) socket.close(1001, 'the gateway restarts');
    for (const end = Date.now() + GOODBYE_MS; this.sockets.size && Date.now() < end;) await sleep(20);
    for (const socket of this.sockets) socket.terminate();
  }

  private async admit(request: IncomingMessage): Promise<UserPrincipal> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== PATH || !this.config.roles.includes('api'))
      throw new AppError('not-found', 'route.not-found', 'There is no such route; see /docs.');
    const principal = await this.principalOf(request, searchParams.get('token'));
    const { rateLimitPerMinute } = this.config;
    if (rateLimitPerMinute && principal.kind === 'user') this.limiter.take(principal.tokenId, rateLimitPerMinute);
    assertMay(principal, { level: 'user', area: 'events' }, 'read');
    if (principal.kind !== 'user') throw new AppError('forbidden', 'access.user-only', 'This needs a token of a user.');
    return principal;
  }

  private principalOf({ headers, socket }: IncomingMessage, queried: string | null): Promise<Principal> {
    const [, named] = /(?:^|,)\s*bearer\.([\w.-]+)/.exec(headers['sec-websocket-protocol'] ?? '') ?? [];
    const streamToken = queried ?? (named?.startsWith('sws_') ? named : null);
    if (streamToken !== null) return this.streams.open(streamToken);
    const authorization = named === undefined ? headers.authorization : `Bearer ${named}`;
    return this.authentication.authenticate(authorization, networkOf(socket.remoteAddress ?? ''));
  }

  private accept(principal: UserPrincipal, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    let leave: () => void;
    try {
      leave = this.followers.takePlace(principal.actor);
    } catch (error) {
      return this.refuse(error, request, socket);
    }
    socket.once('close', leave);
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const eventSocket = new EventSocket(webSocket, principal, this.followers);
      this.sockets.add(eventSocket);
      webSocket.once('close', () => this.sockets.delete(eventSocket));
    });
  }

  private refuse(error: unknown, request: IncomingMessage, socket: Duplex): void {
    const { status, code, title, detail, isUnexpected } = toProblem(error, this.config.maxBodyBytes);
    if (isUnexpected) this.logger.error('an upgrade failed', error);
    const instance = (request.url ?? '/').split('?')[0];
    const body = JSON.stringify({ type: `urn:problem:${code}`, title, status, detail, instance, code });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? title}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.once('finish', () => socket.destroy());
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
}
