import { SessionGrant } from '@app/database/entities/session-grant.entity.js';
import { Session } from '@app/database/entities/session.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { conflict, invalid, notFound } from '@app/platform/errors/app-error.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, MoreThan, Repository } from 'typeorm';
import { UsersService } from '../account/users.service.js';
import { SessionsService } from './sessions.service.js';

/** A grant, and what the user who has it is called. */
export interface NamedGrant extends SessionGrant {
  name: string;
}

/** Which members of staff may use a session. The guard asks for the grants; here owners give them and take them back. */
@Injectable()
export class SessionAccessService {
  constructor(
    @InjectRepository(SessionGrant) private readonly grants: Repository<SessionGrant>,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly audit: AuditLog,
  ) {}

  /** The longest known user first. */
  async list(actor: Actor, sessionId: string, { limit, cursor }: PageQuery): Promise<Page<NamedGrant>> {
    const { tenantId } = actor;
    await this.sessions.get(actor, sessionId);
    const [after] = decodeCursor(cursor) ?? [];
    const where = { sessionId, tenantId, ...(after !== undefined && { userId: MoreThan(after) }) };
    const rows = await this.grants.find({ where, order: { userId: 'ASC' }, take: limit + 1 });
    const names = await this.users.namesOf(
      actor,
      rows.map(({ userId }) => userId),
    );
    const named = rows.map((row) => ({ ...row, name: names.get(row.userId) ?? '' }));
    return toPage(named, limit, ({ userId }) => userId);
  }

  /** Shares the session with a member of staff, from the next request on. */
  async grant(actor: Actor, sessionId: string, userId: string): Promise<NamedGrant> {
    const { tenantId } = actor;
    const { name, role } = await this.users.getColleague(actor, userId);
    if (role === 'owner')
      throw invalid('access.not-for-owners', '/userId', 'is an owner, who sees every session of the tenant already');
    return this.grants.manager.transaction(async (tx) => {
      await this.lock(tx, actor, sessionId);
      const row = { sessionId, userId, tenantId, grantedBy: actor.userId };
      const insert = tx.createQueryBuilder().insert().into(SessionGrant).values(row).orIgnore();
      const inserted = (await insert.returning('user_id').execute()).raw as object[];
      if (!inserted.length) throw alreadyGranted();
      await this.audit.record(tx, { actor, tenantId, action: 'session.share', target: `${sessionId}/${userId}` });
      return { ...(await tx.findOneByOrFail(SessionGrant, { sessionId, userId })), name };
    });
  }

  /** Takes the session from a user again: the next request is refused, and open streams hear nothing more of it. */
  async revoke(actor: Actor, sessionId: string, userId: string): Promise<void> {
    const { tenantId } = actor;
    await this.sessions.get(actor, sessionId);
    await this.grants.manager.transaction(async (tx) => {
      const { affected } = await tx.delete(SessionGrant, { sessionId, userId, tenantId });
      if (!affected) throw notFound('grant', userId);
      await this.audit.record(tx, { actor, tenantId, action: 'session.unshare', target: `${sessionId}/${userId}` });
    });
  }

  /** Retention, which removes deleted sessions and their grants, waits for this one. */
  private async lock(tx: EntityManager, { tenantId }: Actor, id: string): Promise<void> {
    const lock = { mode: 'pessimistic_read' as const };
    if (!(await tx.findOne(Session, { where: { id, tenantId }, lock }))) throw notFound('session', id);
  }
}

const alreadyGranted = () => conflict('access.already-granted', 'The session was shared with this user before.');
