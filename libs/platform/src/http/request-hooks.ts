import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runInContext, type RequestContext } from '../logging/request-context.js';
import type { Metrics } from '../metrics/metrics.js';

declare module 'fastify' {
  interface FastifyRequest {
    context?: RequestContext;
  }
}

const logger = new Logger('Http');
/** How much of a refused body is read and thrown away before the connection is closed instead. */
const DRAINED_BYTES = 32 * 1024 * 1024;
const SAFE_ID = /^[\w.:-]{1,64}$/;

/** The caller's `x-request-id` if it is harmless in logs and headers, else a new one. */
export function requestId({ headers }: { headers: NodeJS.Dict<string | string[]> }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
}

/** Request id, log context, safe headers and timing of every request. Call it before any route is registered. */
export function addRequestHooks(instance: FastifyInstance, metrics: Metrics): void {
  instance.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    void reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    request.context = { requestId: request.id };
    runInContext(request.context, done);
  });
  // The body arrives in events of the socket, which know nothing of the context above.
  instance.addHook('preValidation', (request: FastifyRequest, _reply, done) => {
    runInContext(request.context ?? {}, done);
  });
  instance.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, _payload, done) => {
    // Fastify hangs up on a body that is too large, and a client that is still writing never gets to read why.
    const length = Number(request.headers['content-length'] ?? Infinity);
    if (reply.statusCode === 413)
      if (length <= DRAINED_BYTES) reply.removeHeader('connection');
      else void reply.header('connection', 'close');
    done();
  });
  instance.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const route = request.routeOptions.url ?? '(none)';
    logger.debug(`${request.method} ${route} ${reply.statusCode}`, {
      ...request.context,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
    metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}

/** Reads JSON bodies and nothing else; an empty body is no body, since many clients set the type on every request. */
export function readJsonOnly(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}
