import { timingSafeEqual, createHash } from 'node:crypto';
import swagger from '@fastify/swagger';
import fastify from 'fastify';
import type { FastifyError, FastifyInstance } from 'fastify';
import { Problem } from '../world/problem.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The HTTP side: JSON in, JSON or problem documents out, a bearer token on everything but GET /health. */
export async function createHttp(token: string): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    // Fastify would silently drop unknown fields; a test that misspells one should learn about it.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false, discriminator: true } },
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
  app.setNotFoundHandler(() => {
    throw new Problem(404, 'route.unknown', 'There is no such route.');
  });
  app.setErrorHandler<FastifyError | Problem>((error, _request, reply) => {
    const { status, code, detail } = describe(error);
    const body = { type: 'about:blank', title: code, status, detail, code };
    return reply.status(status).header('content-type', 'application/problem+json').send(JSON.stringify(body));
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

function describe(error: FastifyError | Problem): { status: number; code: string; detail: string } {
  if (error instanceof Problem) return { status: error.status, code: error.code, detail: error.message };
  const status = error.validation ? 400 : (error.statusCode ?? 500);
  return { status, code: status < 500 ? 'request.invalid' : 'simulator.bug', detail: error.message };
}

/** A JSON schema for an object that refuses unknown fields. */
export function strictObject(properties: Record<string, object>, required: string[] = []) {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A phone number: digits with country code. */
export const pnSchema = { type: 'string', pattern: '^[1-9][0-9]{5,17}$' };

/** The number of a person, or the address of any chat. */
export const chatSchema = { type: 'string', pattern: '^([1-9][0-9]{5,17}|[0-9-]+@[a-z.]+)$' };

/** The id of a message, a label or anything else that is chosen freely. */
export const idSchema = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };

/** A text that is not empty. */
export const line = { type: 'string', minLength: 1 };

export const flag = { type: 'boolean' };
