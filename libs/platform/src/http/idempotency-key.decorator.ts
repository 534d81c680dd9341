import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalid } from '../errors/app-error.js';

const header = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'Of your own choice; a request with the same key again is answered with what the first one made.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
});

/** ApiHeader is for methods: it wants the descriptor of the one that the parameter is of. */
const documentHeader: ParameterDecorator = (target, key) => {
  const method = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  if (key !== undefined && method) header(target, key, method);
};

/** The `Idempotency-Key` header: 1 to 255 visible ASCII characters, undefined when absent. Throws `idempotency.key-invalid`. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
    if (key === undefined) return undefined;
    if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
    throw invalid('idempotency.key-invalid', '/Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
  },
  [documentHeader],
);
