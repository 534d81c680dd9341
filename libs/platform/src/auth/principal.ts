import type { Actor } from './actor.js';

export interface UserPrincipal {
  kind: 'user';
  actor: Actor;
  tokenId: string;
  scopes: string[];
  expiresAt: Date | null;
  isTenantSuspended: boolean;
}

/** Whose credential it is: the operator's ADMIN_TOKEN, or an API token of a tenant's user. */
export type Principal = { kind: 'operator' } | UserPrincipal;

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
    actor?: Actor;
  }
}

/** Whether scopes (`area:read`, `area:write`, `*`) cover one. */
export const hasScope = (scopes: string[], scope: string): boolean => scopes.includes('*') || scopes.includes(scope);
