import { EventEmitter } from 'node:events';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Pacing } from '@app/database/entities/session-settings.js';
import { Clock } from '@app/platform/clock/clock.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { SESSION_SETTINGS_CHANGED } from '@app/platform/events/channels.js';
import { LimitsService } from '../../limits/limits.service.js';
import { SessionSettingsService } from '../../sessions/session-settings.service.js';
import { SessionTrafficService } from '../../sessions/session-traffic.service.js';
import { Pace } from './pace.js';

/** The rules by which a session sends. */
export interface Regime {
  pacing: Pacing;
  pace: Pace;
}

/** Knows which sessions of this process send by rules. The question costs nothing, for it is asked with every message. */
@Injectable()
export class RegimesService implements OnModuleInit {
  private readonly regimes = new Map<string, Regime>();
  private readonly changes = new EventEmitter();

  constructor(
    private readonly settings: SessionSettingsService,
    private readonly limits: LimitsService,
    private readonly traffic: SessionTrafficService,
    private readonly presence: ProcessPresence,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.limits.onChange((sessionId) => this.changes.emit('change', sessionId));
    await this.presence.listen(SESSION_SETTINGS_CHANGED, (sessionId) => {
      for (const session of this.traffic.named(sessionId)) this.changes.emit('change', session.sessionId);
    });
  }

  /** Calls `handler` when a session must be loaded again, because its settings or the limits of its account changed. */
  onChange(handler: (sessionId: string) => void): void {
    this.changes.on('change', handler);
  }

  /** Whether the session sends by rules; it must have been loaded. */
  isRegulated(sessionId: string): boolean {
    return this.regimes.has(sessionId) || this.limits.holds(sessionId).length > 0;
  }

  of(sessionId: string): Regime | null {
    return this.regimes.get(sessionId) ?? null;
  }

  /** Reads the rules of a session; a pace that did not change goes on where it was. */
  async load(sessionId: string): Promise<void> {
    const [{ pacing }] = await Promise.all([this.settings.load(sessionId), this.limits.load(sessionId)]);
    if (!pacing) return void this.regimes.delete(sessionId);
    const known = this.regimes.get(sessionId);
    if (known && JSON.stringify(known.pacing) === JSON.stringify(pacing)) return;
    this.regimes.set(sessionId, { pacing, pace: new Pace(pacing, this.clock.now()) });
  }
}
