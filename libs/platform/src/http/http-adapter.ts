import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import type { Metrics } from '../metrics/metrics.js';
import { allowLargeBodies } from './large-body.decorator.js';
import { ProblemFilter } from './problem.filter.js';
import { addRequestHooks, readJsonOnly, requestId } from './request-hooks.js';
import { readUploads } from './upload.js';

/** Fastify as Nest's HTTP server, with our limits and problems from the first byte on. */
export class HttpAdapter extends FastifyAdapter {
  constructor(private readonly config: Config) {
    const problems = new ProblemFilter(config);
    super({
      bodyLimit: config.maxBodyBytes,
      genReqId: requestId,
      forceCloseConnections: 'idle',
      routerOptions: { maxParamLength: 500 },
      // Unreadable URLs are refused by the router, before any hook.
      frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
        void reply.header('x-request-id', request.id);
        problems.answer(error, request, reply);
      },
    });
  }

  /** The filter tells Fastify's errors apart by their codes, which Nest's own mapping drops. */
  override mapException(error: unknown): unknown {
    return error;
  }

  /** To be called once, before any route is registered. */
  prepare(metrics: Metrics): void {
    const fastify: FastifyInstance = this.getInstance();
    readJsonOnly(fastify);
    readUploads(fastify);
    allowLargeBodies(fastify, this.config.mediaJsonMaxBytes);
    addRequestHooks(fastify, metrics);
  }
}
