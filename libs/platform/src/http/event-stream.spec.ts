import { fastify } from 'fastify';
import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../errors/app-error.js';
import { sendEventStream, type ServerSentEvent } from './event-stream.js';

type Source = (signal: AbortSignal) => AsyncIterable<ServerSentEvent[]>;

const untilGone = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve));

describe('sendEventStream', () => {
  const servers: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  const ask = async (
    source: Source,
    heartbeatMs?: number,
  ): Promise<{ request: ClientRequest; answer: IncomingMessage }> => {
    const server = fastify({ forceCloseConnections: true });
    server.get('/', (_request, reply) => sendEventStream(reply, source, heartbeatMs));
    await server.listen({ port: 0, host: '127.0.0.1' });
    servers.push(server);
    const request = get({ port: (server.server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
    request.on('error', () => undefined);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8').on('error', () => undefined);
    return { request, answer };
  };

  const whole = async (source: Source, heartbeatMs?: number) => {
    const { answer } = await ask(source, heartbeatMs);
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return { text, headers: answer.headers };
  };

  it('writes events as browsers read them', async () => {
    const { text, headers } = await whole(async function* () {
      yield [
        { id: '1', data: '{"a":1}' },
        { event: 'x', data: 'b' },
      ];
    });
    expect(text).toBe('retry: 2000\n\nid: 1\ndata: {"a":1}\n\nevent: x\ndata: b\n\n');
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  });

  it('says that it is there while nothing happens', async () => {
    let end: () => void = () => undefined;
    const silence = new Promise<void>((resolve) => (end = resolve));
    const { answer } = await ask(async function* () {
      await silence;
      yield [];
    }, 5);
    let text = '';
    for await (const chunk of answer) if ((text += String(chunk)).includes(': still here\n\n: still here')) end();
    expect(text).toMatch(/^retry: 2000\n\n(: still here\n\n)+$/);
  });

  it('tells why it ends', async () => {
    const { text } = await whole(async function* () {
      yield [{ data: 'one' }];
      throw new AppError('forbidden', 'tenant.suspended', 'The tenant is suspended.');
    });
    expect(text).toMatch(/data: one\n\nevent: end\ndata: {"code":"tenant.suspended","detail":".*"}\n\n$/);
  });

  it('stops the source when the caller goes away', async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const { request } = await ask(async function* (signal) {
      try {
        yield [{ data: 'one' }];
        await untilGone(signal);
      } finally {
        ended();
      }
    });
    request.destroy();
    await expect(end).resolves.toBeUndefined();
  });

  it('reads no further ahead than a caller that reads nothing', async () => {
    let batches = 0;
    const { request, answer } = await ask(async function* (signal) {
      while (!signal.aborted && batches < 100_000) {
        batches += 1;
        yield [{ data: 'x'.repeat(100_000) }];
      }
    });
    answer.pause();
    // What fits into the buffers between here and there is taken; then it stands still.
    for (let before = -1; before !== batches;) {
      before = batches;
      for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(batches).toBeLessThan(500);
    request.destroy();
  });
});
