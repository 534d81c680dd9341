import { AppError } from '../errors/app-error.js';
import type { Access } from './access.decorator.js';
import { hasScope, type Principal, type UserPrincipal } from './principal.js';

/** Throws unless somebody may do what has this access. */
export function assertMay(principal: Principal, { level, area }: Access, verb: 'read' | 'write'): void {
  if (principal.kind === 'operator') {
    if (level === 'user') throw forbidden('access.user-only', 'The admin token has no tenant; use a token of a user.');
    return;
  }
  if (level === 'admin') throw forbidden('access.admin-only', 'Only the operator may do this.');
  assertUserMay(principal, `${area}:${verb}`);
}

/** Throws unless the tenant is active and the token has the scope. */
export function assertUserMay({ isTenantSuspended, scopes }: UserPrincipal, scope: string): void {
  if (isTenantSuspended) throw forbidden('tenant.suspended', 'The tenant is suspended.');
  if (!hasScope(scopes, scope)) throw forbidden('token.scope-missing', `The token lacks the scope ${scope}.`);
}

export const forbidden = (code: string, detail: string) => new AppError('forbidden', code, detail);
