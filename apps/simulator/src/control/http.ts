import { timingSafeEqual, createHash } from 'node:crypto';
import swagger from '@fastify/swagger';
import fastify from 'fastify';
import type { FastifyError, FastifyInstance } from 'fastify';
import { Problem } from '../world/problem.js';
import { failureOf } from './failure.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The HTTP side: JSON in, JSON or problem documents out, a bearer token on everything but GET /health. */
export async function createHttp(token: string): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    // Fastify would silently drop unknown fields; a test that misspells one should learn about it.
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: 'array',
        allErrors: false,
        discriminator: true,
        verbose: true,
      },
    },
  });
  await app.register(swagger, {
    // Only in the document: Fastify would use declared answers to shape what is sent.
    transform: ({ schema, url }) => ({ schema: { ...schema, response: answersOf(schema?.response) }, url }),
    openapi: {
      info: {
        title: 'Switchboard simulator',
        version: '1',
        description: 'Control API of a simulated WhatsApp network.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  const expected = digest(`Bearer ${token}`);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === '/health' || request.routeOptions.url === '/openapi.json') return;
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
      throw new Problem(401, 'auth.required', 'Send the token as "Authorization: Bearer …".');
  });
  readBodies(app);
  app.setNotFoundHandler(() => {
    throw new Problem(404, 'route.unknown', 'There is no such route.');
  });
  app.setErrorHandler<FastifyError | Problem>((error, _request, reply) => {
    const { code, ...failure } = failureOf(error);
    const body = { type: 'about:blank', title: code, code, ...failure };
    return reply.status(failure.status).header('content-type', 'application/problem+json').send(JSON.stringify(body));
  });
  return app;
}

const problemSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457); match `code`, never the text.',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'A stable word like `account.unknown`.' },
    errors: {
      type: 'array',
      description: 'Which fields are wrong, and what would be right.',
      items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
};

/** What a route declares, or that it answers with JSON; and how every route fails. */
function answersOf(declared: unknown) {
  const failed = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problemSchema } },
  });
  return {
    ...(declared ?? {
      '2xx': { description: 'It is done, or under way.', type: 'object', additionalProperties: true },
    }),
    400: failed('The request makes no sense: a field is missing, unknown or out of range.'),
    401: failed('The token is missing or wrong.'),
    default: failed('It could not be done; `code` says why.'),
  };
}

/** Clients that announce JSON and send none mean no body; a route that takes fields sees none of them then. */
function readBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body, done);
  });
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.schema?.body) request.body ??= {};
  });
}
