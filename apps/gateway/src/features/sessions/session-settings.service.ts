import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { DestinationKind } from '@app/database/entities/destination.entity.js';
import type { CallRejection, Pacing, SessionDevice, SessionSettings } from '@app/database/entities/session-settings.js';
import { Session } from '@app/database/entities/session.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { SESSION_SETTINGS_CHANGED } from '@app/platform/events/channels.js';
import type { EventTrait } from '@app/platform/events/event-traits.js';
import { Repository } from 'typeorm';

type Nullable<T> = { [K in keyof T]?: T[K] | null };

/** What is left out stays as it is; null takes a setting away. */
export interface SettingsPatch {
  pacing?: Nullable<Pacing> | null;
  skips?: EventTrait[] | null;
  globalSkips?: DestinationKind[] | null;
  mediaDownload?: string[] | null;
  presence?: 'available' | 'unavailable' | null;
  /** True begins now, unless it has begun already. */
  autoRead?: true | null;
  typing?: number | 'auto' | null;
  callRejection?: CallRejection | null;
  device?: Nullable<SessionDevice> | null;
}

/** What a tenant sets for a session. */
@Injectable()
export class SessionSettingsService {
  private readonly listeners: ((sessionId: string) => void)[] = [];

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

  /** Called before whoever changes settings in this process gets an answer; others hear of SESSION_SETTINGS_CHANGED. */
  onUpdate(listener: (sessionId: string) => void): void {
    this.listeners.push(listener);
  }

  async update(actor: Actor, id: string, patch: SettingsPatch): Promise<SessionSettings> {
    const { tenantId } = actor;
    const updated = await this.sessions.manager.transaction(async (tx) => {
      const where = { id, tenantId };
      const session = await tx.findOne(Session, { where, lock: { mode: 'pessimistic_write' } });
      if (!session) throw notFound('session', id);
      const settings = merged(session.settings, patch);
      await tx.update(Session, where, { settings });
      await this.audit.record(tx, { actor, tenantId, action: 'session.settings', target: id });
      await tx.query('SELECT pg_notify($1, $2)', [SESSION_SETTINGS_CHANGED, id]);
      return settings;
    });
    for (const listener of this.listeners) listener(id);
    return updated;
  }
}

/** Settings with a patch applied; the quiet hours are one setting, and so is each list. */
export function merged(settings: SessionSettings, patched: SettingsPatch): SessionSettings {
  const { pacing, device, autoRead, ...others } = patched;
  const lists = { skips: distinct(others.skips), globalSkips: distinct(others.globalSkips) };
  const patch = {
    ...others,
    ...lists,
    pacing: pacing && merge(settings.pacing, pacing),
    device: device && merge(settings.device, device),
    autoRead: autoRead && (settings.autoRead ?? { since: new Date().toISOString() }),
  };
  return merge(settings, patch) ?? {};
}

/** What a patch leaves undefined stays, what it sets to null goes; null when nothing is left. */
function merge<T extends object>(current: T | undefined, patch: Nullable<T>): T | null {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const entries = Object.entries({ ...current, ...Object.fromEntries(given) }).filter(([, value]) => value !== null);
  return entries.length ? (Object.fromEntries(entries) as T) : null;
}

/** An empty list says nothing. */
const distinct = <T>(list: T[] | null | undefined) => (list?.length === 0 ? null : list && [...new Set(list)]);
