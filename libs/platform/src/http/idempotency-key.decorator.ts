import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { invalid } from '../errors/app-error.js';

/** The `Idempotency-Key` header: 1 to 255 visible ASCII characters, undefined when absent. Throws `idempotency.key-invalid`. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw invalid('idempotency.key-invalid', '/Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
});
