import { Catch, Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import type { ProblemDto } from './problem.dto.js';
import { tooLargeForBase64, toProblem, type Problem } from './problem.js';

/** The one place that turns failures into answers, those of unknown routes and unreadable bodies included. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly config: Config) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.problemOf(error, request);
    if (problem.isUnexpected)
      this.logger.error(`${request.method} ${request.routeOptions.url ?? '(no route)'} failed`, {
        requestId: request.id,
        err: error,
      });
    if (reply.sent || reply.raw.headersSent) return;
    if (problem.status === 401) void reply.header('www-authenticate', challenge(problem));
    if (problem.retryAfterSeconds !== undefined) void reply.header('retry-after', problem.retryAfterSeconds);
    void reply
      .code(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(render(problem, request)));
  }

  private problemOf(error: unknown, request: FastifyRequest): Problem {
    const { code } = Object(error) as { code?: string };
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' && request.routeOptions.config?.takesLargeBody)
      return tooLargeForBase64(this.config.mediaJsonMaxBytes);
    return toProblem(error, this.config.maxBodyBytes);
  }
}

const challenge = ({ code }: Problem) =>
  code === 'token.missing' ? 'Bearer realm="switchboard"' : 'Bearer realm="switchboard", error="invalid_token"';

const render = ({ status, code, title, detail, errors }: Problem, request: FastifyRequest): ProblemDto => ({
  type: `urn:problem:${code}`,
  title,
  status,
  detail,
  // Without the query: it may hold what should not be repeated.
  instance: request.url.split('?')[0] ?? '/',
  code,
  requestId: request.id,
  ...(errors?.length ? { errors } : {}),
});
