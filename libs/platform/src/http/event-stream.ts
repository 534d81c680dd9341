import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { AppError } from '../errors/app-error.js';

/** One message of a stream of server-sent events. `data` is one line, such as JSON; without, there is only the new id. */
export interface ServerSentEvent {
  /** What the caller comes back with as `Last-Event-ID`. */
  id?: string;
  event?: string;
  data?: string;
}

/** Proxies cut a connection that is silent for longer, mostly after 30 or 60 seconds. */
const HEARTBEAT_MS = 15_000;
/** How soon a caller comes back after the connection has ended. */
const RETRY_MS = 2000;

/**
 * Answers with server-sent events until the source ends or the caller goes away (`signal`). The source yields batches and
 * is asked for the next one when the caller has taken the one before, so a slow caller is not buffered for. When the source
 * throws an `AppError`, the caller gets it as an event `end`.
 */
export function sendEventStream(
  reply: FastifyReply,
  open: (signal: AbortSignal) => AsyncIterable<ServerSentEvent[]>,
  heartbeatMs = HEARTBEAT_MS,
): void {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const frames = framesOf(open(gone.signal), heartbeatMs);
  void reply
    // A connection that is kept for more would hold up the end of the process.
    .headers({ 'x-accel-buffering': 'no', connection: 'close' })
    .type('text/event-stream; charset=utf-8')
    .send(Readable.from(frames, { objectMode: false, highWaterMark: 65_536 }));
}

async function* framesOf(source: AsyncIterable<ServerSentEvent[]>, heartbeatMs: number): AsyncGenerator<string> {
  const batches = source[Symbol.asyncIterator]();
  // Sends the headers, too.
  yield `retry: ${RETRY_MS}\n\n`;
  try {
    for (let next = batches.next(); ;) {
      const step = await within(heartbeatMs, next);
      if (step === null) yield ': still here\n\n';
      else if (step.done) return;
      else {
        yield step.value.map(render).join('');
        next = batches.next();
      }
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    yield render({ event: 'end', data: JSON.stringify({ code: error.code, detail: error.detail }) });
  } finally {
    await batches.return?.();
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const render = ({ id, event, data }: ServerSentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}${data === undefined ? '' : `data: ${data}\n`}\n`;
