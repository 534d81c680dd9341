import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Session, type SessionStatus } from '@app/database/entities/session.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { SessionGrants } from '@app/platform/auth/session-grants.js';
import { conflict, invalid, notFound, unavailable } from '@app/platform/errors/app-error.js';
import { SESSIONS_CHANGED } from '@app/platform/events/channels.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '@app/platform/http/page.js';
import { newId } from '@app/platform/ids/id.js';
import { parsePhone } from '@app/platform/ids/wa-id.js';
import QRCode from 'qrcode';
import { And, type EntityManager, In, LessThan, Repository } from 'typeorm';
import { command, SessionCommandsService } from './session-commands.service.js';
import { SessionSupervisorService } from './session-supervisor.service.js';

interface SessionsOfAll extends PageQuery {
  tenantId?: string;
  ids?: string[];
  statuses?: SessionStatus[];
}

export interface QrCode {
  text: string;
  png: Buffer;
  expiresAt: Date;
}

const logOut = command<null>('sessions.logout');
const connectAnew = command<null>('sessions.reconnect');
const askForCode = command<string, string>('sessions.pairing-code');

/** The sessions of a tenant and what is wanted of them. The supervisor makes it so. */
@Injectable()
export class SessionsService implements OnModuleInit {
  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly supervisor: SessionSupervisorService,
    private readonly commands: SessionCommandsService,
    private readonly grants: SessionGrants,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.commands.onHeld(logOut, (session) => session.logout());
    this.commands.onHeld(connectAnew, (session) => session.reconnect());
    this.commands.onHeld(askForCode, (session, digits) => session.requestPairingCode(digits));
  }

  async create(actor: Actor, name: string): Promise<Session> {
    return this.sessions.manager.transaction(async (tx) => {
      const session = await tx.save(tx.create(Session, { id: newId('session'), tenantId: actor.tenantId, name }));
      await this.record(tx, actor, 'session.create', session.id);
      return tx.findOneByOrFail(Session, { id: session.id });
    });
  }

  /** Throws `session.not-found` unless the actor's tenant owns it. */
  async get({ tenantId }: Actor, id: string): Promise<Session> {
    const session = await this.sessions.findOneBy({ id, tenantId });
    if (!session) throw notFound('session', id);
    return session;
  }

  /** Whether the phone shall share everything when the session is linked; null for the installation's default. */
  async setFullHistory(actor: Actor, id: string, syncFullHistory: boolean | null): Promise<Session> {
    await this.get(actor, id);
    await this.sessions.update({ id, tenantId: actor.tenantId }, { syncFullHistory });
    return this.get(actor, id);
  }

  /** The newest first; for staff those that were shared with them. */
  async list(actor: Actor, { limit, cursor }: PageQuery): Promise<Page<Session>> {
    const [before] = decodeCursor(cursor) ?? [];
    const shared = await this.grants.sharedWith(actor);
    const ids = [...(before === undefined ? [] : [LessThan(before)]), ...(shared ? [In(shared)] : [])];
    const where = { tenantId: actor.tenantId, ...(ids.length > 0 && { id: And(...ids) }) };
    const rows = await this.sessions.find({ where, order: { id: 'DESC' }, take: limit + 1 });
    return toPage(rows, limit, ({ id }) => id);
  }

  /** For the operator: those of one tenant, or of all; the newest first. */
  async listAll({ tenantId, ids, statuses, limit, cursor }: SessionsOfAll): Promise<Page<Session>> {
    const [before] = decodeCursor(cursor) ?? [];
    const id = [...(ids ? [In(ids)] : []), ...(before === undefined ? [] : [LessThan(before)])];
    const where = {
      ...(tenantId !== undefined && { tenantId }),
      ...(statuses && { status: In(statuses) }),
      ...(id.length > 0 && { id: And(...id) }),
    };
    const rows = await this.sessions.find({ where, order: { id: 'DESC' }, take: limit + 1 });
    return toPage(rows, limit, (row) => row.id);
  }

  /** What a session is called and which account it is linked to, whosever it is; null when it is gone. */
  describe(id: string): Promise<Pick<Session, 'id' | 'name' | 'waId'> | null> {
    return this.sessions.findOne({ select: { id: true, name: true, waId: true }, where: { id }, withDeleted: true });
  }

  /** Those of the ids that are sessions of the tenant. */
  async owned({ tenantId }: Actor, ids: string[]): Promise<Set<string>> {
    const rows = await this.sessions.find({ select: { id: true }, where: ids.map((id) => ({ id, tenantId })) });
    return new Set(rows.map(({ id }) => id));
  }

  async start(actor: Actor, id: string): Promise<Session> {
    return this.want(actor, id, 'started', 'session.start');
  }

  async stop(actor: Actor, id: string): Promise<Session> {
    await this.want(actor, id, 'stopped', 'session.stop');
    await this.supervisor.find(id)?.ended;
    await this.settle(actor, id);
    return this.get(actor, id);
  }

  async restart(actor: Actor, id: string): Promise<Session> {
    await this.stop(actor, id);
    return this.start(actor, id);
  }

  /** Replaces the connection of a session that is started, wherever it is held; resolves when it can be used again. */
  async reconnect(actor: Actor, id: string): Promise<void> {
    await this.commands.run(actor, id, connectAnew, null);
    await this.sessions.manager.transaction((tx) => this.record(tx, actor, 'session.reconnect', id));
  }

  /** Unlinks the device from the WhatsApp account; the session stays and can be paired again. */
  async logout(actor: Actor, id: string): Promise<Session> {
    await this.commands.run(actor, id, logOut, null);
    await this.sessions.manager.transaction((tx) => this.record(tx, actor, 'session.logout', id));
    return this.get(actor, id);
  }

  /** Stops the session and hides it; its login is kept until the retention job removes it. */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.want(actor, id, 'stopped', 'session.delete');
    await this.supervisor.find(id)?.ended;
    await this.sessions.softDelete({ id, tenantId: actor.tenantId });
  }

  async qr(actor: Actor, id: string): Promise<QrCode> {
    const { waId, qr, qrExpiresAt } = await this.get(actor, id);
    if (waId !== null) throw conflict('session.already-linked', 'The session is linked to an account.');
    if (!qr || !qrExpiresAt || qrExpiresAt < new Date())
      throw unavailable('session.no-qr', 'There is no QR code right now; start the session and ask again.');
    return { text: qr, expiresAt: qrExpiresAt, png: await QRCode.toBuffer(qr, { width: 512, margin: 2 }) };
  }

  /** `ABCD-EFGH`, to be typed on the phone instead of scanning a QR code. */
  async requestPairingCode(actor: Actor, id: string, phone: string): Promise<string> {
    const digits = parsePhone(phone);
    if (!digits) throw invalid('request.invalid', '/phone', 'must be a phone number with country code');
    await this.get(actor, id);
    const code = (await this.commands.run(actor, id, askForCode, digits)).replace(/^(.{4})/, '$1-');
    const { tenantId } = actor;
    await this.sessions.manager.transaction((tx) =>
      this.outbox.add(tx, [{ tenantId, sessionId: id, type: 'session.pairing_code', data: { code, expiresAt: null } }]),
    );
    return code;
  }

  private async want(
    actor: Actor,
    id: string,
    desiredState: Session['desiredState'],
    action: string,
  ): Promise<Session> {
    await this.get(actor, id);
    await this.sessions.manager.transaction(async (tx) => {
      await tx.update(Session, { id, tenantId: actor.tenantId }, { desiredState });
      await this.record(tx, actor, action, id);
      await tx.query('SELECT pg_notify($1, $2)', [SESSIONS_CHANGED, id]);
    });
    await this.supervisor.reconcile();
    return this.get(actor, id);
  }

  /** A session that had given up has no runner that could say that it is stopped now. */
  private async settle({ tenantId }: Actor, id: string): Promise<void> {
    await this.sessions.manager.transaction(async (tx) => {
      const [, count]: [unknown, number] = await tx.query(
        `UPDATE sessions s SET status = 'stopped', reason = 'requested', updated_at = now()
         WHERE id = $1 AND tenant_id = $2 AND status IN ('disconnected', 'failed', 'restricted')
           AND NOT EXISTS (SELECT 1 FROM session_leases l WHERE l.session_id = s.id AND l.owner IS NOT NULL)`,
        [id, tenantId],
      );
      if (!count) return;
      const { waId, phone, lid, pushName } = await tx.findOneByOrFail(Session, { id });
      const me = waId === null ? null : { waId, phone, lid, name: pushName };
      const data = { status: 'stopped', reason: 'requested', me } as const;
      await this.outbox.add(tx, [{ tenantId, sessionId: id, type: 'session.status', data }]);
    });
  }

  private record(tx: EntityManager, actor: Actor, action: string, id: string): Promise<void> {
    return this.audit.record(tx, { actor, tenantId: actor.tenantId, action, target: id });
  }
}
