import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import type { Actor } from './actor.js';
import type { UserPrincipal } from './principal.js';

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>();
const nobody = () => new AppError('unauthenticated', 'token.missing', 'This needs a token of a user.');

/** The `Actor` of a user route. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = requestOf(context);
  if (!actor) throw nobody();
  return actor;
});

/** The actor together with the token it used, for what depends on the token's scopes. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): UserPrincipal => {
  const { principal } = requestOf(context);
  if (principal?.kind !== 'user') throw nobody();
  return principal;
});
