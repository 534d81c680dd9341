import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Actor } from './actor.js';

export const ACCESS = Symbol('access');
export type AccessLevel = 'public' | 'user' | 'admin';

/** What a token may touch; `read` scopes cover GET, `write` scopes the rest. `*` covers all. */
export const scopeAreas = [
  'account',
  'sessions',
  'messages',
  'groups',
  'contacts',
  'webhooks',
  'events',
  'media',
] as const;
export type ScopeArea = (typeof scopeAreas)[number];

/** Every scope a token can be given. */
export const scopes = ['*', ...scopeAreas.flatMap((area) => [`${area}:read`, `${area}:write`])];

interface AccessOptions {
  /** Takes stream tokens in the query, too: browsers can't set headers of streams. */
  isStream?: boolean;
  /** Changes nothing, whatever its method. */
  isReading?: boolean;
  /**
   * The lowest role that may. Unless told otherwise staff may call what is below a session, if that was shared with
   * them, and nothing else.
   */
  role?: Actor['role'];
}

/** In the document: the role that a route declares, or that it depends on the path. */
export const ROLE_EXTENSION = 'x-role';

export interface Access extends AccessOptions {
  level: AccessLevel;
  area: ScopeArea | null;
}

/** Who may call a route. Every controller or route must say so; the guard refuses what says nothing. */
export function Access(level: 'public' | 'admin'): ClassDecorator & MethodDecorator;
export function Access(level: 'user', area: ScopeArea, options?: AccessOptions): ClassDecorator & MethodDecorator;
export function Access(
  level: AccessLevel,
  area: ScopeArea | null = null,
  options: AccessOptions = {},
): ClassDecorator & MethodDecorator {
  const declared = SetMetadata(ACCESS, { level, area, ...options } satisfies Access);
  if (level === 'public') return declared;
  if (level === 'admin') return applyDecorators(declared, ApiBearerAuth(level));
  return applyDecorators(declared, ApiBearerAuth(level), ApiExtension(ROLE_EXTENSION, options.role ?? 'by-path'));
}
