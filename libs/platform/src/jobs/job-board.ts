import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Authentication } from '../auth/authentication.js';
import { networkOf } from '../auth/network.js';
import { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { JobLifecycle } from './job-lifecycle.js';

const PATH = '/admin/queues';
/** Makes a browser ask for the password. */
const CHALLENGE = 'Basic realm="Switchboard", charset="UTF-8"';

/** Serves the job board to the operator: with ADMIN_TOKEN as bearer token, or as password when a browser asks for one. */
export function serveJobBoard(app: NestFastifyApplication): void {
  const [authentication, { queues }] = [app.get(Authentication), app.get(JobLifecycle, { strict: false })];
  const problems = new ProblemFilter(app.get(Config));
  const board = new FastifyAdapter().setBasePath(PATH);
  // Of the adapter's own copy of the api package, hence another type to the compiler.
  const serverAdapter = board as unknown as Parameters<typeof createBullBoard>[0]['serverAdapter'];
  createBullBoard({ queues: queues.map((queue) => new BullMQAdapter(queue)), serverAdapter });
  const fastify = app.getHttpAdapter().getInstance();
  void fastify.register((scope, _options, done) => {
    // The board's own handler of errors would make each a 500.
    scope.addHook('onRequest', async (request, reply) => {
      await admit(authentication, request).catch((error: unknown) => problems.answer(error, request, reply));
    });
    scope.addHook('onSend', (_request, reply, _payload, next) => {
      if (reply.statusCode === 401) void reply.header('www-authenticate', CHALLENGE);
      next();
    });
    void scope.register(board.registerPlugin(), { prefix: PATH });
    done();
  });
}

async function admit(authentication: Authentication, request: FastifyRequest): Promise<void> {
  // Browsers send a password that they know with requests of other sites, too.
  if (!['same-origin', 'none', undefined].includes(request.headers['sec-fetch-site']))
    throw new AppError('forbidden', 'access.cross-site', 'The job board answers no other sites.');
  try {
    const bearer = asBearer(request.headers.authorization);
    const principal = await authentication.authenticate(bearer, networkOf(request.ip));
    if (principal.kind === 'operator') return;
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'unauthenticated') throw error;
  }
  throw new AppError('unauthenticated', 'token.invalid', 'This needs the ADMIN_TOKEN.');
}

/** A password of HTTP Basic as the bearer token that it is. */
function asBearer(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return authorization;
  const credentials = Buffer.from(encoded, 'base64').toString();
  return `Bearer ${credentials.slice(credentials.indexOf(':') + 1)}`;
}
