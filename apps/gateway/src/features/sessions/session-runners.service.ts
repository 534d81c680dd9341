import { Inject, Injectable } from '@nestjs/common';
import type { Fence } from '@app/whatsapp/auth/state-writer.js';
import { WaConnections } from '@app/whatsapp/connections.js';
import type { Session } from '@app/database/entities/session.entity.js';
import type { ConnectionOptions } from '@app/whatsapp/connection-options.js';
import { Config } from '@app/platform/config/config.js';
import { DataSource } from 'typeorm';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { openProxy } from './sealed-proxy.js';
import { SessionRunner } from './session-runner.js';
import { SessionStatusesService } from './session-statuses.service.js';
import { SessionTrafficService } from './session-traffic.service.js';

const CONNECTS_PER_SECOND = 200;

type StoredOptions = Pick<Session, 'syncFullHistory' | 'settings' | 'sealedProxy'>;

/** Makes runners and gives them what they share. */
@Injectable()
export class SessionRunnersService {
  private nextTurnAt = 0;

  constructor(
    readonly connections: WaConnections,
    readonly statuses: SessionStatusesService,
    readonly traffic: SessionTrafficService,
    @Inject(DataSource) private readonly database: DataSource,
    private readonly config: Config,
    private readonly keys: KeyRing,
  ) {}

  create(fence: Fence): SessionRunner {
    return new SessionRunner(fence, this);
  }

  /** How the next connection of a session is to be. */
  async optionsOf(sessionId: string): Promise<ConnectionOptions> {
    const rows: StoredOptions[] = await this.database.query(
      'SELECT sync_full_history AS "syncFullHistory", settings, sealed_proxy AS "sealedProxy" FROM sessions WHERE id = $1',
      [sessionId],
    );
    const { syncFullHistory = null, settings = {}, sealedProxy = null } = rows[0] ?? {};
    const { presence, device = {} } = settings;
    const { name = 'Switchboard', browser = 'chrome' } = device;
    return {
      syncFullHistory: syncFullHistory ?? this.config.syncFullHistory,
      isAvailable: presence === 'available',
      proxyUrl: openProxy(this.keys, sessionId, sealedProxy),
      device: { name, browser: browser.charAt(0).toUpperCase() + browser.slice(1) },
    };
  }

  /** Resolves when the next session may connect: evenly spread, so that a restart with many sessions is no storm. */
  async turn(): Promise<void> {
    const now = Date.now();
    const mine = (this.nextTurnAt = Math.max(now, this.nextTurnAt + 1000 / CONNECTS_PER_SECOND));
    if (mine > now) await new Promise((resolve) => setTimeout(resolve, mine - now));
  }

  /** Forgets a login that is worth nothing any more, unless another process owns the session by now. */
  async wipe({ sessionId, epoch }: Fence): Promise<void> {
    await this.database.transaction(async (tx) => {
      const held: unknown[] = await tx.query(
        'SELECT 1 FROM session_leases WHERE session_id = $1 AND epoch = $2 FOR UPDATE',
        [sessionId, epoch],
      );
      if (!held.length) return;
      await tx.query('DELETE FROM signal_keys WHERE session_id = $1', [sessionId]);
      await tx.query('DELETE FROM session_credentials WHERE session_id = $1', [sessionId]);
      await this.traffic.handler.onForgotten(tx, sessionId);
    });
  }
}
