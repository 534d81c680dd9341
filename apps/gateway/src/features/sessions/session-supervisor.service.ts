import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Session } from '@app/database/entities/session.entity.js';
import { ProcessPresence } from '@app/platform/cluster/process-presence.js';
import { Config } from '@app/platform/config/config.js';
import { SESSIONS_CHANGED } from '@app/platform/events/channels.js';
import type { Fence } from '@app/whatsapp/auth/state-writer.js';
import { Repository } from 'typeorm';
import { SessionLeasesService } from './session-leases.service.js';
import type { SessionRunner } from './session-runner.js';
import { SessionRunnersService } from './session-runners.service.js';

/**
 * Makes what runs in this process match what is wanted: takes free leases of sessions that should run, stops those that
 * should not, and lets go of those that another process has taken.
 */
@Injectable()
export class SessionSupervisorService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SessionSupervisorService.name);
  private readonly runners = new Map<string, SessionRunner>();
  /** Each resolves when a runner has ended and its lease is handed back. */
  private readonly endings = new Set<Promise<void>>();
  private readonly isEnabled: boolean;
  private timer: NodeJS.Timeout | undefined;
  private pass: Promise<void> | null = null;
  private isDirty = false;
  private isClosing = false;

  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly leases: SessionLeasesService,
    private readonly presence: ProcessPresence,
    private readonly config: Config,
    private readonly factory: SessionRunnersService,
  ) {
    this.isEnabled = config.roles.includes('sessions');
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isEnabled) return;
    await this.presence.announce();
    await this.presence.listen(SESSIONS_CHANGED, () => void this.reconcile());
    this.timer = setInterval(() => void this.reconcile(), this.config.leaseMs / 3);
    await this.reconcile();
  }

  /** Closes all sockets and hands the leases over, so that another process can go on at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.timer);
    await this.pass;
    await Promise.all([...this.runners.values()].map((runner) => this.end(runner, null)));
    await Promise.all(this.endings);
  }

  /** The runner of a session that this process holds. */
  find(sessionId: string): SessionRunner | null {
    return this.runners.get(sessionId) ?? null;
  }

  /** Whether another process holds the session. */
  isHeldElsewhere(sessionId: string): Promise<boolean> {
    return this.runners.has(sessionId) ? Promise.resolve(false) : this.leases.isHeldByOther(sessionId);
  }

  /** Brings this process in line with the database; calls that come meanwhile share one further pass. */
  async reconcile(): Promise<void> {
    if (!this.isEnabled || this.isClosing) return;
    this.isDirty = true;
    this.pass ??= this.reconcileWhileDirty().finally(() => (this.pass = null));
    await this.pass;
  }

  private async reconcileWhileDirty(): Promise<void> {
    while (this.isDirty) {
      this.isDirty = false;
      await this.reconcileOnce().catch((error: unknown) =>
        this.logger.error('sessions could not be reconciled', error instanceof Error ? error.stack : undefined),
      );
    }
  }

  private async reconcileOnce(): Promise<void> {
    const held = await this.leases.renew();
    for (const runner of this.runners.values())
      if (held.get(runner.sessionId) !== runner.fence.epoch) void this.end(runner, null);
    const wanted = await this.wanted();
    const wantedIds = new Set(wanted.map(({ id }) => id));
    for (const runner of this.runners.values())
      if (!wantedIds.has(runner.sessionId)) void this.end(runner, 'requested');
    const missing = wanted.filter(({ id }) => !this.runners.has(id));
    if (!missing.length) return;
    const taken = await this.leases.acquire(missing.map(({ id }) => id));
    for (const { id: sessionId, tenantId } of missing) {
      const epoch = taken.get(sessionId);
      if (epoch) this.begin({ sessionId, tenantId, epoch });
    }
  }

  /** Sessions that should run; those of suspended and of deleted tenants should not. */
  private wanted(): Promise<Pick<Session, 'id' | 'tenantId'>[]> {
    return this.sessions.query(
      `SELECT s.id, s.tenant_id AS "tenantId" FROM sessions s JOIN tenants t ON t.id = s.tenant_id AND t.status = 'active'
       WHERE s.desired_state = 'started' AND s.deleted_at IS NULL`,
    );
  }

  private begin(fence: Fence): void {
    const runner = this.factory.create(fence);
    this.runners.set(fence.sessionId, runner);
    const ending = runner.ended
      .then(() => this.leases.release(fence.sessionId, fence.epoch))
      .catch(() => this.logger.warn('a lease could not be released; it runs out by itself'))
      .finally(() => {
        this.runners.delete(fence.sessionId);
        this.endings.delete(ending);
        // It may have been started again while it was ending.
        void this.reconcile();
      });
    this.endings.add(ending);
  }

  private async end(runner: SessionRunner, reason: string | null): Promise<void> {
    await runner.stop(reason).catch(() => this.logger.warn('a connection did not close cleanly'));
  }
}
