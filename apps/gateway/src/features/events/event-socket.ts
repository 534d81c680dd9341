import type { UserPrincipal } from '@app/platform/auth/principal.js';
import { AppError } from '@app/platform/errors/app-error.js';
import { InputPipe } from '@app/platform/http/input.pipe.js';
import type { RawData, WebSocket } from 'ws';
import type { EventFollowersService, EventStream } from './event-followers.service.js';
import { cursorOf } from './log-position.js';
import { SocketOrderDto } from './streams.dto.js';

const PING_MS = 30_000;
const closeCodes: Partial<Record<AppError['kind'], number>> = { unauthenticated: 4401, forbidden: 4403 };
const input = new InputPipe();

/** Somebody who follows the log over a WebSocket, with one subscription at a time; a new one takes its place. */
export class EventSocket {
  private readonly gone = new AbortController();
  private readonly tenantId: string;
  private subscription = new AbortController();
  private orders: Promise<void> = Promise.resolve();
  private isAlive = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly principal: UserPrincipal,
    private readonly followers: EventFollowersService,
  ) {
    this.tenantId = principal.actor.tenantId;
    const lost = followers.watch(principal, this.gone.signal);
    lost.addEventListener('abort', () => this.closeFor(lost.reason));
    // Who reads nothing answers no ping either.
    const pings = setInterval(() => this.ping(), PING_MS);
    socket.on('pong', () => (this.isAlive = true));
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      clearInterval(pings);
      this.gone.abort();
    });
    socket.on('message', (data, isBinary) => {
      // One after the other: the answers come in the order of the orders.
      this.orders = this.orders.then(() => this.obey(isBinary ? null : data));
      // Nothing more is read while there is something to do.
      socket.pause();
      void this.orders.then(() => socket.resume());
    });
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  private closeFor(error: unknown): void {
    if (error instanceof AppError) this.close(closeCodes[error.kind] ?? 1011, error.code);
    else this.close(1011, 'internal');
  }

  private ping(): void {
    if (!this.isAlive) return this.socket.terminate();
    this.isAlive = false;
    this.socket.ping();
  }

  private async obey(data: RawData | null): Promise<void> {
    const order = parse(data);
    if (order === undefined) return this.close(4400, 'request.malformed');
    try {
      const checked = (await input.transform(order, { type: 'body', metatype: SocketOrderDto })) as SocketOrderDto;
      await (checked.type === 'subscribe' ? this.subscribe(checked) : this.unsubscribe());
    } catch (error) {
      if (!(error instanceof AppError)) return this.closeFor(error);
      const { code, detail, extra } = error;
      await this.send({ type: 'error', error: { code, detail, ...(extra.errors && { errors: extra.errors }) } });
    }
  }

  private async subscribe({ after, types, sessionIds, only, skips }: SocketOrderDto): Promise<void> {
    const stream = await this.followers.follow(this.principal.actor, { after, types, sessionIds, only, skips });
    this.subscription.abort();
    this.subscription = new AbortController();
    await this.send({ type: 'subscribed', cursor: stream.cursor });
    void this.pass(stream, AbortSignal.any([this.gone.signal, this.subscription.signal]));
  }

  private async unsubscribe(): Promise<void> {
    this.subscription.abort();
    await this.send({ type: 'unsubscribed' });
  }

  /** The next events are taken when these have left. */
  private async pass(stream: EventStream, signal: AbortSignal): Promise<void> {
    try {
      for await (const { events } of stream.open(signal)) {
        if (signal.aborted) return;
        const sent = events.map((event) =>
          this.sendText(`{"type":"event","cursor":"${cursorOf(this.tenantId, event)}","event":${event.json}}`),
        );
        await Promise.all(sent);
      }
    } catch (error) {
      this.closeFor(error);
    }
  }

  private send(message: object): Promise<void> {
    return this.sendText(JSON.stringify(message));
  }

  /** Resolves when the text has left for the network, or cannot leave any more. */
  private sendText(text: string): Promise<void> {
    return new Promise((resolve) => this.socket.send(text, () => resolve()));
  }
}

/** Undefined for what is no JSON. */
function parse(data: RawData | null): unknown {
  try {
    return data === null ? undefined : JSON.parse((data as Buffer).toString());
  } catch {
    return undefined;
  }
}
