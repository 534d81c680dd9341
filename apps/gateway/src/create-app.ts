import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Config } from '@app/platform/config/config.js';
import { HttpAdapter } from '@app/platform/http/http-adapter.js';
import { InputPipe } from '@app/platform/http/input.pipe.js';
import { ProblemFilter } from '@app/platform/http/problem.filter.js';
import { serveJobBoard } from '@app/platform/jobs/job-board.js';
import { JsonLogger } from '@app/platform/logging/json-logger.js';
import { Metrics } from '@app/platform/metrics/metrics.js';
import { AppModule } from './app.module.js';
import { serveDocs } from './openapi.js';
import { prefixRoutes } from './routes.js';

const ALWAYS_SERVED = /^\/(health\/|metrics$)/;

/** The whole application, wired but not listening yet; tests boot the same thing. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const adapter = new HttpAdapter(config);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config), adapter, {
    logger: new JsonLogger(config),
    abortOnError: false,
    bodyParser: false,
  });
  adapter.prepare(app.get(Metrics));
  prefixRoutes(app);
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ProblemFilter(config));
  if (config.roles.includes('api')) {
    serveDocs(app);
    serveJobBoard(app);
  } else serveHealthOnly(adapter.getInstance());
  return app;
}

/** A process without the role `api` still answers its orchestrator. */
function serveHealthOnly(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.is404 || ALWAYS_SERVED.test(request.routeOptions.url ?? '')) done();
    else reply.callNotFound();
  });
}
