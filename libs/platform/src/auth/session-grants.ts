import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SessionGrant } from '@app/database/entities/session-grant.entity.js';
import { notFound } from '../errors/app-error.js';
import type { Access } from './access.decorator.js';
import type { Actor } from './actor.js';
import { forbidden } from './admission.js';

/**
 * Which sessions were shared with staff. Asked of the database every time, so that what an owner takes back is closed at
 * once in every process; owners cost no query.
 */
@Injectable()
export class SessionGrants {
  constructor(private readonly database: DataSource) {}

  /** Throws `session.not-found` for a session that was not shared with them, and `access.owner-only`. */
  async assertMay(actor: Actor, { role }: Pick<Access, 'role'>, sessionId: string | undefined): Promise<void> {
    if (actor.role === 'owner') return;
    if (sessionId !== undefined && !(await this.isShared(actor, sessionId))) throw notFound('session', sessionId);
    const lowest = role ?? (sessionId === undefined ? 'owner' : 'staff');
    if (lowest === 'owner') throw forbidden('access.owner-only', 'Only owners of the tenant may do this.');
  }

  /** The sessions that were shared with the actor; null for owners, who see all. */
  async sharedWith({ tenantId, userId, role }: Actor): Promise<string[] | null> {
    if (role === 'owner') return null;
    const grants = await this.grants.find({ select: { sessionId: true }, where: { tenantId, userId } });
    return grants.map(({ sessionId }) => sessionId);
  }

  private isShared({ tenantId, userId }: Actor, sessionId: string): Promise<boolean> {
    return this.grants.existsBy({ sessionId, userId, tenantId });
  }

  private get grants() {
    return this.database.getRepository(SessionGrant);
  }
}
