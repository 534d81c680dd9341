import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Pacing, SessionSettings } from '@app/database/entities/session-settings.js';
import { Session } from '@app/database/entities/session.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { SESSION_SETTINGS_CHANGED } from '@app/platform/events/channels.js';
import { Repository } from 'typeorm';

type Nullable<T> = { [K in keyof T]?: T[K] | null };

/** What is left out stays as it is; null takes a setting away. */
export interface SettingsPatch {
  pacing?: Nullable<Pacing> | null;
}

/** What a tenant sets for a session. */
@Injectable()
export class SessionSettingsService {
  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly audit: AuditLog,
  ) {}

  async get({ tenantId }: Actor, id: string): Promise<SessionSettings> {
    const session = await this.sessions.findOne({ select: { settings: true }, where: { id, tenantId } });
    if (!session) throw notFound('session', id);
    return session.settings;
  }

  /** For whoever holds the session; empty for one that is gone. */
  async load(id: string): Promise<SessionSettings> {
    return (await this.sessions.findOne({ select: { settings: true }, where: { id } }))?.settings ?? {};
  }

  async update(actor: Actor, id: string, patch: SettingsPatch): Promise<SessionSettings> {
    const { tenantId } = actor;
    return this.sessions.manager.transaction(async (tx) => {
      const where = { id, tenantId };
      const session = await tx.findOne(Session, { where, lock: { mode: 'pessimistic_write' } });
      if (!session) throw notFound('session', id);
      const settings = merged(session.settings, patch);
      await tx.update(Session, where, { settings });
      await this.audit.record(tx, { actor, tenantId, action: 'session.settings', target: id });
      await tx.query('SELECT pg_notify($1, $2)', [SESSION_SETTINGS_CHANGED, id]);
      return settings;
    });
  }
}

/** Settings with a patch applied; the quiet hours are one setting. */
export function merged(settings: SessionSettings, { pacing }: SettingsPatch): SessionSettings {
  if (pacing === undefined) return settings;
  const { pacing: current, ...others } = settings;
  const entries = Object.entries({ ...current, ...pacing }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  if (pacing === null || !entries.length) return others;
  return { ...others, pacing: Object.fromEntries(entries) };
}
